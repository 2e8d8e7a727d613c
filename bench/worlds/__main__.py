"""Make worlds, and score suggesters on them.

    python -m bench.worlds make --kind like --deals 2000 --seed 1 --out FOLDER [--form jsonl.gz|jsonl|csv|parquet]
    python -m bench.worlds score --kind like,form,null --deals 2000 --seeds 1,2,3 [--only naive|ours] [--fresh 1000]
    python -m bench.worlds hours --kind like,form,null --deals 2000 --seeds 1,2,3 [--only naive|ours]
    python -m bench.worlds score-answers --kind like --deals 2000 --seed 1 --answers FOLDER

`score` asks about 6,000 more deals of the same company that nobody learned from; `--fresh` lives so many deals onwards,
with the suggester followed and without. The truth never leaves this process: `score-answers` makes the world again from
its kind, size and seed, and scores suggestions.jsonl and besttime.jsonl of its open deals and its contacts.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from bench.worlds import measures, tables
from bench.worlds.files import FORMATS, write
from bench.worlds.kinds import KINDS
from bench.worlds.record import history
from bench.worlds.world import make_world


def main() -> None:
    choices, console = _choices(), Console(width=160)
    if choices.command in ("score", "hours"):
        for kind in choices.kind.split(","):
            title = f"{kind}: {choices.deals} deals, seeds {choices.seeds}"
            console.print(tables.of_scores(title, _told(choices, kind)))
        return
    world = make_world(choices.kind, choices.deals, choices.seed)
    if choices.command == "make":
        write(history(world.play), choices.out, form=choices.form, seed=choices.seed)
        console.print(f"{choices.out}: {choices.deals} deals, {len(world.open_deals())} open")
    else:
        console.print(*tables.of_answers(world, choices.answers), sep="\n")


def _told(choices: argparse.Namespace, kind: str) -> measures.Told:
    seeds = [int(seed) for seed in choices.seeds.split(",")]
    if choices.command == "hours":
        return measures.hours(kind, choices.deals, seeds, measures.Wanted(choices.only), _silent)
    return measures.advice(kind, choices.deals, seeds, measures.Wanted(choices.only, choices.fresh), _silent)


def _silent(_: str) -> None: ...


def _choices() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    make, score, hours, given = (commands.add_parser(name) for name in ("make", "score", "hours", "score-answers"))
    make.add_argument("--out", type=Path, required=True)
    make.add_argument("--form", choices=list(FORMATS), default="jsonl.gz")
    score.add_argument("--fresh", type=int, default=0)
    for command in (score, hours):
        command.add_argument("--seeds", default="1,2,3")
        command.add_argument("--only", choices=("naive", "ours"), default="")
    given.add_argument("--answers", type=Path, required=True)
    for command in (make, score, hours, given):
        command.add_argument("--kind", default="like", help=", ".join(KINDS))
        command.add_argument("--deals", type=int, default=2000)
    for command in (make, given):
        command.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
