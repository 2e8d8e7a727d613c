"""Evaluation sets that lie elsewhere, each with its own scorer: read with our batch commands, scored by theirs.

The folder holds intents/ (dev.jsonl, catalogue.json, score.py), email_replies/ (dev.jsonl, score.py) and dates/
(dev_en.jsonl, dev_ja.jsonl, score.py). Nothing of them is learnt from, and only sums are told here.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

WHAT_IT_SAYS = "Small sets by other authors; larger ones of the same kinds exist and are harder: a smoke test.\n"


def section(folder: Path | None) -> str:
    head = "## On evaluation sets\n"
    if folder is None or not folder.is_dir():
        return f"{head}\nNot measured in this run: no folder was given (`--evaluation`).\n"
    with tempfile.TemporaryDirectory() as scratch:
        parts = [head, WHAT_IT_SAYS]
        for name, told in (
            ("Intents, tone, mentions", _intents(folder / "intents", Path(scratch))),
            ("Newest part", _replies(folder / "email_replies", Path(scratch))),
            ("Dates", _dates(folder / "dates", Path(scratch))),
        ):
            parts.append(f"### {name}\n\n```\n{told.strip()}\n```\n")
    return "\n".join(parts)


def _intents(folder: Path, scratch: Path) -> str:
    gold, out = folder / "dev.jsonl", scratch / "intents.jsonl"
    _app("read-mails", "--in", gold, "--out", out, "--catalogue", folder / "catalogue.json")
    return _python(folder / "score.py", gold, out)


def _replies(folder: Path, scratch: Path) -> str:
    gold, out = folder / "dev.jsonl", scratch / "replies.jsonl"
    _app("newest-part", "--in", gold, "--out", out)
    return _python(folder / "score.py", gold, out)


def _dates(folder: Path, scratch: Path) -> str:
    told = []
    for gold in (folder / "dev_en.jsonl", folder / "dev_ja.jsonl"):
        out = scratch / f"{gold.stem}.out.jsonl"
        _app("find-dates", "--in", gold, "--out", out)
        told.append(f"{gold.stem}\n{_python(folder / 'score.py', '--gold', gold, '--pred', out)}")
    return "\n".join(told)


def _app(*arguments: object) -> None:
    _python("app.py", *arguments)


def _python(*arguments: object) -> str:
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
