"""How long dates take to be found, beside the Python libraries that do the same: `python -m bench.dates`.

Sentences and whole mails of our own tests (tests/nlp), which are full of dates, and ordinary mails (of our training
data) are read by `find_dates`, by dateparser's `search_dates` and by Recognizers-Text, each in a process of its own,
one after the other in the same run. Recognizers-Text needs an old `emoji` that would disturb our own environment, so it
lives in `var/bench-venv`, which this makes on the first run; when it cannot be installed, the page says so and the
others are measured all the same.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from bench.reading import mails as training_mails
from nlp.dates import find_dates
from tests.nlp.date_mails import MARKED

HOUSE = Path(__file__).parents[1]
CASES = HOUSE / "tests" / "nlp"
OWN_ENVIRONMENT = HOUSE / "var" / "bench-venv"
RECOGNIZERS = ("recognizers-text-suite==1.0.2a2", "emoji<2")
REFERENCE = datetime(2026, 5, 13, 10, tzinfo=UTC)
MOST_SECONDS = 900  # for one finder and one kind of text
LARGE = 1_000_000  # characters


def main() -> None:
    print(page())


def page() -> str:
    pythons, apology = finders()
    lines = [
        f"Finding dates, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores; processor time a text, least of three\n",
        "| texts | finder | median ms | worst of ten | times ours | dates found |",
        "|---|---|---|---|---|---|",
    ]
    for name, language, texts in kinds():
        ours = 0.0
        for finder, python in pythons.items():
            told = measured(finder, python, language, texts)
            if isinstance(told, str):
                lines.append(f"| {name} | {finder} | {told} | | | |")
                continue
            median, worst = statistics.median(told["ms"]), statistics.quantiles(told["ms"], n=10)[-1]
            ours = ours or median
            times = f"{median / ours:.1f}"
            lines.append(f"| {name} | {finder} | {median:.3f} | {worst:.3f} | {times} | {told['found']} |")
    lines += ["", *(f"* {one}" for one in apology), *(f"* {one}" for one in large_texts())]
    return "\n".join(lines)


def kinds() -> Iterator[tuple[str, str, list[str]]]:
    """Sentences and mails full of dates, and ordinary mails of about 150 words (300 characters of Japanese)."""
    for language in ("en", "ja"):
        sentences = [case["text"] for case in _read(CASES / "dates" / f"cases_{language}.yaml")]
        yield f"{len(sentences)} sentences, {language}", language, sentences
        mails = [_plain(case["mail"]) for case in _read(CASES / f"date_mails_{language}.yaml")]
        yield f"{len(mails)} mails, {language}", language, mails
        ordinary = training_mails(language)
        yield f"{len(ordinary)} mails of {'150 words' if language == 'en' else '300 characters'}", language, ordinary


def _read(file: Path) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return told


def _plain(marked: str) -> str:
    """A mail of the tests without its marks."""
    return MARKED.sub(lambda match: match["said"], marked)


def finders() -> tuple[dict[str, str], list[str]]:
    """The finders by name with the Python that runs each, and what is to be said about those that are missing."""
    python, trouble = recognizers_python()
    found = {"ours": sys.executable, "dateparser": sys.executable}
    if python:
        return found | {"recognizers": python}, ["Recognizers-Text's Python edition reads hardly any Japanese."]
    return found, [f"Recognizers-Text was not measured: {trouble}"]


def recognizers_python() -> tuple[str, str]:
    """The Python of its environment, made if need be; or "" and the reason."""
    python = OWN_ENVIRONMENT / "bin" / "python"
    try:
        if not python.exists():
            venv.create(OWN_ENVIRONMENT, with_pip=True)
        look = [str(python), "-W", "ignore", "-c", "import recognizers_date_time"]
        if subprocess.run(look, capture_output=True, check=False, timeout=120).returncode:
            install = [str(python), "-m", "pip", "install", "--quiet", *RECOGNIZERS]
            subprocess.run(install, check=True, capture_output=True, text=True, timeout=600)
            subprocess.run(look, check=True, capture_output=True, text=True, timeout=120)
    except subprocess.CalledProcessError as error:
        said = (error.stderr or "").strip().splitlines()
        return "", said[-1] if said else "it cannot be installed here"
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", str(error)
    return str(python), ""


def measured(finder: str, python: str, language: str, texts: list[str]) -> dict[str, Any] | str:
    """Times and count, or what went wrong."""
    told = json.dumps({"language": language, "reference": REFERENCE.isoformat(), "texts": texts})
    command = [python, "-W", "ignore", str(HOUSE / "bench" / "date_finders.py"), finder]
    try:
        done = subprocess.run(command, input=told, capture_output=True, text=True, check=True, timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        return f"took more than {MOST_SECONDS} s"
    except subprocess.CalledProcessError as error:
        return f"failed: {(error.stderr or '').strip().splitlines()[-1:]}"
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def large_texts() -> Iterator[str]:
    """Texts of a million characters: the test mails over and over, and nothing but numbers and date words."""
    for language in ("en", "ja"):
        mails = "\n".join(_plain(case["mail"]) for case in _read(CASES / f"date_mails_{language}.yaml"))
        soup = "at 3 on 5 may or " if language == "en" else "3日か5日の10時〜"
        for name, piece in (("mails", mails), ("date words only", soup)):
            text = (piece * (LARGE // len(piece) + 1))[:LARGE]
            before = time.process_time()
            count = len(find_dates(text, language, reference=REFERENCE))
            yield f"1 MB of {name}, {language}: {time.process_time() - before:.2f} s, {count} dates (bounded)"


if __name__ == "__main__":
    main()
