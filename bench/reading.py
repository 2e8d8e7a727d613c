"""How long a mail takes to be read: `python -m bench.reading`.

English and Japanese mails of about 150 words (300 characters in Japanese) are put together from the training mails,
read one after the other in a process of its own, and as a batch on all cores. Beside each, in the same run, stands what
spaCy's bare tokeniser takes for the same texts: the part that no reader on spaCy can do without.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from nlp.model_folder import MODEL, TRAINING_DATA

WORDS = 150
JAPANESE_CHARACTERS = 300
MAILS = 100
BATCH = 800
AIMS = {"en": 10.0, "ja": 15.0}  # ms CPU a mail
SIGNATURE = {
    "en": "\n\nBest regards,\nAnna Weber\nPurchasing, Fabrikam Ltd\n+44 20 7946 0018\n",
    "ja": "\n\nよろしくお願いいたします。\n株式会社サンプル 購買部 佐藤\n電話 03-1234-5678\n",
}
QUOTE = {
    "en": "\nOn Mon, 16 Nov 2026 at 09:12, Minamo Sales <sales@minamo.example> wrote:\n> Thank you for asking.\n",
    "ja": "\n2026年11月16日(月) 9:12 ミナモ営業 <sales@minamo.example>:\n> お問い合わせありがとうございます。\n",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--part", choices=("load", "en", "ja", "large"), help=argparse.SUPPRESS)
    choices = parser.parse_args()
    if choices.part:
        print(json.dumps(PARTS[choices.part](choices.model)))
        return
    print(page(choices.model))


def page(model: Path) -> str:
    load = _in_own_process("load", model)
    lines = [
        f"Reading mails, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {MAILS} mails a language\n",
        "| | median | worst of ten | aim | bare tokeniser | times |",
        "|---|---|---|---|---|---|",
    ]
    for language in ("en", "ja"):
        told = _in_own_process(language, model)
        lines.append(
            f"| one mail, {language}, ms CPU | {told['median']:.2f} | {told['p90']:.2f} | {AIMS[language]:.0f} | "
            f"{told['bare']:.2f} | {told['median'] / told['bare']:.1f} |"
        )
    large = _in_own_process("large", model)
    lines += [
        "",
        f"* batch on {os.cpu_count()} cores, models loaded: {_batch(model):.0f} mails a second (aim: 100)",
        f"* model load, spaCy's own import included: {load['seconds']:.2f} s (aim: under 2 s)",
        f"* memory of a process that has read mails of both languages: {large['megabytes']:.0f} MB (aim: under 600 MB)",
        *(f"* {name}: {seconds:.2f} s (aim: under 2 s)" for name, seconds in large["seconds"].items()),
    ]
    return "\n".join(lines)


def _in_own_process(part: str, model: Path) -> dict[str, float]:
    """What a part measured; in a process of its own, so that no part pays for another's imports."""
    command = [sys.executable, "-m", "bench.reading", "--part", part, "--model", str(model)]
    told: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return told


def mails(language: str, most: int = MAILS) -> list[str]:
    """Bodies of about the length wanted, each from neighbouring training mails, with a signature and a quote; each is
    another one, since what was read before is read faster."""
    found, body = [], ""
    for text in _texts(language):
        body = f"{body}\n\n{text}" if body else text
        if len(body) >= JAPANESE_CHARACTERS if language == "ja" else len(body.split()) >= WORDS:
            found.append(body + SIGNATURE[language] + QUOTE[language])
            body = ""
            if len(found) == most:
                break
    return found


def _texts(language: str) -> Iterator[str]:
    for path in sorted((TRAINING_DATA / language).glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]


def _load(model: Path) -> dict[str, float]:
    began = time.perf_counter()
    from nlp.pipeline import MailReader

    MailReader.load(model)
    return {"seconds": time.perf_counter() - began}


def _one(language: str) -> Callable[[Path], dict[str, float]]:
    def measure(model: Path) -> dict[str, float]:
        import spacy

        from nlp.pipeline import MailReader
        from nlp.reading import TextToRead

        reader, bare = MailReader.load(model), spacy.blank(language)
        sent_at = datetime(2026, 11, 20, 10, tzinfo=UTC)
        texts = [TextToRead(body, "A question", language, sent_at, "Europe/London") for body in mails(language)]
        reader.read(texts[0])  # the first one pays for tables that are made when they are needed
        times = [_cpu(partial(reader.read, text)) for text in texts]
        bare_times = [_cpu(partial(bare, text.body)) for text in texts]
        return {
            "median": statistics.median(times),
            "p90": statistics.quantiles(times, n=10)[-1],
            "bare": statistics.median(bare_times),
        }

    return measure


def _cpu(work: Callable[[], object]) -> float:
    """Milliseconds of processor time."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def _large(model: Path) -> dict[str, object]:
    from nlp.pipeline import MailReader
    from nlp.reading import TextToRead

    reader = MailReader.load(model)
    sent_at = datetime(2026, 11, 20, 10, tzinfo=UTC)
    for language in ("en", "ja"):
        for body in mails(language):
            reader.read(TextToRead(body, "", language, sent_at))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cases = {
        "1 MB of English": "\n\n".join(mails("en"))[:1000] * 1000,
        "1 MB of Japanese": "\n\n".join(mails("ja"))[:1000] * 350,
        "1 MB in one line": "word " * 200_000,
        "200,000 quoted lines": "> yes\n" * 200_000,
        "1 MB without a space": "a" * 1_000_000,
        "1 MB of dates": "15:00 or 16:00, 1/2/2027 " * 40_000,
    }
    seconds = {}
    for name, body in cases.items():
        began = time.process_time()
        reader.read(TextToRead(body, "", "", sent_at))
        seconds[name] = time.process_time() - began
    return {"megabytes": memory, "seconds": seconds}


def _batch(model: Path) -> float:
    """Mails a second on all cores, from the first answer on: loading the model is told apart."""
    from nlp.mails_batch import read_mails_in_lines

    lines = [
        json.dumps({"id": n, "lang": language, "body": body, "sent_at": "2026-11-20T10:00:00+00:00"})
        for language in ("en", "ja")
        for n, body in enumerate(mails(language, BATCH // 2))
    ]
    answers = read_mails_in_lines(lines, model, processes=os.cpu_count() or 1)
    next(answers)
    began = time.perf_counter()
    count = sum(1 for _ in answers)
    return count / (time.perf_counter() - began)


PARTS: dict[str, Callable[[Path], object]] = {"load": _load, "en": _one("en"), "ja": _one("ja"), "large": _large}

if __name__ == "__main__":
    main()
