"""How long voice events take on a big world.

    python -m bench.voice_events --folder FOLDER [--factor 1] [--postgres URL]

The world of bench.voice_world is copied first, for what is found takes the place of the events it was made with. Told
are a first run, which writes everything, one that has nothing to write, and one with a little.
"""

from __future__ import annotations

import argparse
import shutil
import time
from pathlib import Path

from sqlalchemy import func, select, text

from bench import voice_world
from motenashi.database import Database
from motenashi.insights.voice.events.finding import VoiceEvents
from motenashi.insights.voice.tables import voice_event_responses, voice_events, voice_responses
from motenashi.storage.open_database import open_database

OWN_SCHEMA = "voice_events_world"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--factor", type=float, default=1.0)
    parser.add_argument("--postgres", help="measure there instead")
    choices = parser.parse_args()
    if choices.postgres:
        voice_world.POSTGRES_SCHEMA = OWN_SCHEMA
        measure(voice_world.postgres_world(choices.postgres, choices.factor))
        return
    world = voice_world.sqlite_world(choices.folder, choices.factor)
    file = Path(str(world.engine.url.database))
    world.engine.dispose()
    own = file.with_name("voice-events.db")
    shutil.copy(file, own)
    try:
        measure(open_database(f"sqlite:///{own}"))
    finally:
        for left in own.parent.glob(f"{own.name}*"):
            left.unlink()


def measure(database: Database) -> None:
    """A run that writes everything, one after which nothing happened, one after a little happened."""
    print(f"{database.dialect}: {count(database, voice_responses):,} responses")
    events = VoiceEvents(database)
    for name in ("everything anew", "nothing happened"):
        began = time.perf_counter()
        done = events.find(voice_world.UNTIL)
        print(
            f"* {name}: {time.perf_counter() - began:.1f} s "
            f"({done.new:,} new, {done.gone:,} gone, {done.links:,} links)"
        )
    with database.write() as connection:
        connection.execute(text("DELETE FROM voice_events WHERE id % 1000 = 0"))
    began = time.perf_counter()
    done = events.find(voice_world.UNTIL)
    print(f"* one event in a thousand is new: {time.perf_counter() - began:.1f} s ({done.new:,} new)")
    print(f"{count(database, voice_events):,} events, {count(database, voice_event_responses):,} links")


def count(database: Database, table: object) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
