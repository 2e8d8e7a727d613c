"""`make quality`: write docs/reading-quality.md and docs/advice-quality.md.

    python -m bench.quality [--evaluation FOLDER] [--only reading|advice] [--only-print]
                            [--worlds 3] [--large 20000] [--fresh 1000]

`--evaluation` is a folder of evaluation sets, each with its own scorer (see evaluation.py); without it that section
says so. The last three make the advice's page quicker: worlds of each kind, deals of the large ones (0: none), deals to
live through when a suggester is followed.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from bench.quality import advice, evaluation, learnt, own_sets
from nlp.model_folder import MODEL, described

DOCS = Path(__file__).parents[2] / "docs"
HEAD = """# How well mail is read

Made by `make quality`; change the reader, not this page. What each figure can and can't say stands above it.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluation", type=Path, help="A folder of evaluation sets with their scorers.")
    parser.add_argument("--only", choices=("reading", "advice"), help="One of the two pages.")
    parser.add_argument("--only-print", action="store_true")
    parser.add_argument("--worlds", type=int, default=3)
    parser.add_argument("--large", type=int, default=20_000)
    parser.add_argument("--fresh", type=int, default=1000)
    choices = parser.parse_args()
    if choices.only != "advice":
        _publish(_reading(choices.evaluation), DOCS / "reading-quality.md", only_print=choices.only_print)
    if choices.only != "reading":
        text = advice.page(worlds=choices.worlds, large=choices.large, fresh=choices.fresh)
        _publish(text, DOCS / "advice-quality.md", only_print=choices.only_print)


def _reading(sets: Path | None) -> str:
    return "\n".join([HEAD, learnt.section(described(MODEL)), own_sets.section(), evaluation.section(sets)])


def _publish(text: str, page: Path, *, only_print: bool) -> None:
    print(text)
    if not only_print:
        page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
