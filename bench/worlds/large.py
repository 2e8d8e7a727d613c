"""A record too large to be held at once: written part by part, of one company."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from bench.worlds.company import draw_deals, draw_people, spread
from bench.worlds.files import write
from bench.worlds.kinds import KINDS
from bench.worlds.play import Play
from bench.worlds.record import history
from bench.worlds.reps import Reps
from bench.worlds.truth import Truth
from bench.worlds.world import RECORD

PART: Final = 50_000


def write_large(kind: str, deals: int, seed: int, folder: Path, *, form: str = "parquet") -> int:
    """How many touchpoints of any kind (activities, mails, other) are in it."""
    truth = Truth(KINDS[kind], seed)
    people = draw_people(truth, deals)
    touched = 0
    for part, first in enumerate(range(0, deals, PART)):
        count = min(PART, deals - first)
        created = spread(truth, count, truth.kind.days, 0, RECORD + 100 * part)
        drawn = draw_deals(truth, people, count, created, RECORD, part=part, first=first)
        play = Play(truth, people, drawn, until=truth.as_of)
        Reps(play).work(np.arange(count))
        record = history(play)
        write(record, folder, form=form, seed=seed, part=part)
        touched += len(record.activities.at) + len(record.emails.at) + len(record.touchpoints.at)
    return touched
