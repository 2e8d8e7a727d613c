"""The docs name everything that is there, and nothing that is not."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import click
import pytest

from motenashi import cli, docs_maker
from motenashi.flow_engine.check import check_all
from motenashi.flow_engine.flow_reader import read_flows
from motenashi.flow_engine.steps.all_steps import ALL_STEPS
from motenashi.known_names import known_names
from motenashi.settings import load_settings
from plugs.all_plugs import ALL_PLUGS
from tests.test_floors import FLOORS

HOUSE = Path(__file__).parents[1]
TRACKED = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
    cwd=HOUSE,
    capture_output=True,
    text=True,
    check=True,
).stdout.splitlines()
PAGES = [HOUSE / name for name in TRACKED if name.endswith(".md") and (HOUSE / name).exists()]
MAP = (HOUSE / "docs/map.md").read_text(encoding="utf-8")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def read(name: str) -> str:
    return (HOUSE / name).read_text(encoding="utf-8")


def lines_without_comments(name: str) -> list[str]:
    return [line for line in read(name).splitlines() if line and not line.startswith(("#", "-"))]


def test_the_map_names_every_room() -> None:
    assert [room for room in sorted(set().union(*FLOORS)) if f"`{room}`" not in MAP] == []


def test_the_map_names_every_folder_at_the_root() -> None:
    folders = sorted({name.split("/")[0] for name in TRACKED if "/" in name})

    assert [folder for folder in folders if f"`{folder}/`" not in MAP] == []


def test_the_map_names_no_room_that_nobody_guards() -> None:
    told = set(re.findall(r"`(motenashi\.\w+)`", MAP))

    assert told - set().union(*FLOORS) == set()


def test_every_link_from_page_to_page_leads_somewhere() -> None:
    broken = [
        f"{page.relative_to(HOUSE)}: {link}"
        for page in PAGES
        for link in LINK.findall(page.read_text(encoding="utf-8"))
        if not re.match(r"https?:|mailto:|#", link) and not (page.parent / link.split("#")[0]).exists()
    ]

    assert broken == []


def test_every_make_command_that_a_page_tells_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    command = re.compile(r"(?:^|`|=\d+ )make ([a-z]+)(?=`| {2}|$)", re.MULTILINE)
    told = [(page.name, word) for page in PAGES for word in command.findall(page.read_text(encoding="utf-8"))]

    assert told
    assert [(page, word) for page, word in told if word not in targets] == []


def commands_below(group: click.Group, before: str = "") -> list[str]:
    """'user add' and its like, in full."""
    names = []
    for name, command in group.commands.items():
        names += commands_below(command, f"{before}{name} ") if isinstance(command, click.Group) else [before + name]
    return names


def test_every_command_of_the_command_line_is_explained_and_no_other() -> None:
    told = set(re.findall(r"^\| `app\.py ([a-z -]+)` \|", read("docs/command-line.md"), re.MULTILINE))

    assert told == set(commands_below(cli.commands))


@pytest.mark.parametrize("page", sorted(docs_maker.PAGES))
def test_a_page_that_is_made_from_the_code_is_as_the_code_makes_it(page: str) -> None:
    assert read(page) == docs_maker.PAGES[page](), "make docs"


def test_every_plug_is_explained() -> None:
    page = read("docs/plugs.md")

    assert [plug.name for plug in ALL_PLUGS if f"`{plug.name}`" not in page] == []
    assert [plug.name for plug in ALL_PLUGS if not plug.description] == []


def test_every_library_has_its_reason_and_the_version_that_is_locked() -> None:
    reasons = read("docs/decisions/0001-libraries.md")
    # A library may be locked twice, for older and newer Pythons: the first one is the image's.
    locked = dict(reversed(re.findall(r"^([\w-]+)==(\S+)", read("requirements/runtime.lock"), re.MULTILINE)))
    wanted = [re.split(r"[<>=\[]", line)[0] for line in lines_without_comments("requirements/runtime.in")]

    assert [name for name in wanted if f"| {name} | {locked[name]}" not in reasons] == []
    assert set(re.findall(r"^\| ([\w-]+) \| \d", reasons, re.MULTILINE)) - set(wanted) == set()


@pytest.mark.parametrize("page", sorted((HOUSE / "docs/decisions").glob("*.md")), ids=lambda page: page.stem)
def test_a_decision_says_what_we_saw_chose_and_gave_up(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert re.match(rf"# {int(page.stem[:4])}\. ", text)
    assert [part for part in ("What we saw", "What we chose", "What we gave up") if f"\n## {part}\n" not in text] == []


def test_changes_are_named_so_that_they_can_be_gathered() -> None:
    right = re.compile(r"\d+-[a-z0-9-]+\.(added|changed|fixed|removed)\.md|README\.md")

    assert [path.name for path in (HOUSE / "changes").iterdir() if not right.fullmatch(path.name)] == []


def test_the_flows_that_the_designers_page_shows_are_right_and_hold_every_kind_of_step() -> None:
    shown = re.findall(r"```yaml\n((?:#[^\n]*\n)?flow:.*?)```", read("flows/README.md"), re.DOTALL)
    door = "flow: storefront\ntitle: A\ntrigger: {channel: [salesiq]}\nsteps: {a: {call: opening_hours}, b: {go: tour}}"
    every = [*shown, read("flows/shared_parts.yaml"), door]
    flows, problems = read_flows({f"flows/{number}.yaml": text for number, text in enumerate(every)})
    known = replace(known_names(load_settings(str(HOUSE / "config.yaml"), {}), ALL_PLUGS), host_allowed=None)
    told = problems or check_all(flows, known)

    assert len(shown) == 2
    assert [str(problem) for problem in told if problem.file.startswith(("flows/0", "flows/1"))] == []
    used = {step.kind for flow in flows.flows.values() for step in flow.steps}
    assert {kind.name for kind in ALL_STEPS} - used == {"block_visitor"}
