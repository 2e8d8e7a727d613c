"""`read-mails`: many mails, JSON lines in, JSON lines out in the same order, on as many processes as wanted.

In: `id`, `body` (plain text; quotes and signature may stand in it) and, where known, `lang` (en, ja), `subject`,
`sent_at` (ISO 8601; without an offset it is UTC, or local where `time_zone` is given), `time_zone`, `sender_name`.
Out: `id`, `intents`, `sentiment`, `products`, `competitors`, `dates` (when there is a `sent_at`), and under `reading`
everything with its places. A line that can't be read gives {"id", "error"} and does not stop the others.
"""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nlp.dates.time_zones import zone_named
from nlp.mentions import Catalogue
from nlp.pipeline import MailReader
from nlp.reading import Reading, TextToRead
from nlp.reading_json import as_json

_CHUNK = 16  # lines handed to a process at a time
_FEW = 64  # lines that one process has read before a second one has loaded its model


def read_mails_in_lines(
    lines: list[str], folder: Path, catalogue: Catalogue | None = None, *, processes: int = 1
) -> Iterator[str]:
    """The answer to each line that isn't empty, in order. `folder` is the model's; ModelMissing without one."""
    wanted = [line for line in lines if line.strip()]
    if processes <= 1 or len(wanted) < _FEW:
        reader = MailReader.load(folder, catalogue)
        yield from (answer_line(line, reader) for line in wanted)
        return
    yield from _in_processes(wanted, folder, catalogue, processes)


def _in_processes(lines: Iterable[str], folder: Path, catalogue: Catalogue | None, processes: int) -> Iterator[str]:
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes, _load, (folder, catalogue)) as pool:
        yield from pool.imap(_answer, lines, _CHUNK)


_readers: list[MailReader] = []  # one a process, loaded when the process begins


def _load(folder: Path, catalogue: Catalogue | None) -> None:
    _readers.append(MailReader.load(folder, catalogue))


def _answer(line: str) -> str:
    return answer_line(line, _readers[0])


def answer_line(line: str, reader: MailReader) -> str:
    """One mail as JSON, what is understood of it as JSON."""
    given: Any = None
    try:
        given = json.loads(line)
        reading = reader.read(text_of(given))
        answer = {"id": given["id"], **told(reading)}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        name = given.get("id") if isinstance(given, dict) else None
        answer = {"id": name, "error": f"{type(error).__name__}: {error}"}
    return json.dumps(answer, ensure_ascii=False)


def text_of(given: dict[str, Any]) -> TextToRead:
    """The text to read of one line. ValueError, KeyError or TypeError for what is none."""
    return TextToRead(
        body=str(given["body"]),
        subject=str(given.get("subject") or ""),
        language=str(given.get("lang") or ""),
        sent_at=_moment(given.get("sent_at"), str(given.get("time_zone") or "")),
        time_zone=str(given.get("time_zone") or ""),
        sender_name=str(given.get("sender_name") or ""),
    )


def _moment(told: str | None, time_zone: str) -> datetime | None:
    if not told:
        return None
    moment = datetime.fromisoformat(told)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone_named(time_zone) or UTC)


def told(reading: Reading) -> dict[str, Any]:
    """The short answer, which the scorers read, and the whole reading."""
    return {
        "language": reading.language,
        "intents": list(reading.labels),
        "sentiment": reading.sentiment.tone,
        "products": _ids(reading, "product"),
        "competitors": _ids(reading, "competitor"),
        "dates": [
            {"start": date.start, "end": date.end, "text": date.text, "role": date.role, "value": date.value.as_json()}
            for date in reading.dates
        ],
        "keywords": [keyword.normal for keyword in reading.keywords],
        "reading": as_json(reading),
    }


def _ids(reading: Reading, kind: str) -> list[str]:
    return list(dict.fromkeys(mention.id for mention in reading.mentions if mention.kind == kind))
