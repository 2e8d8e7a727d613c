"""Wrong flows, each beside the exact messages it earns."""

from __future__ import annotations

from pathlib import Path

import pytest

from motenashi.flow_engine.check import check_all
from motenashi.flow_engine.flow_reader import read_flows
from tests.flow_engine.names_for_tests import KNOWN

FOLDER = Path(__file__).parents[1] / "broken_flows"
FILES = sorted(FOLDER.glob("*.yaml"))


def told_of(file: Path) -> str:
    """What a designer reads about this file."""
    flows, problems = read_flows({file.name: file.read_text(encoding="utf-8")})
    return "".join(f"{problem}\n" for problem in problems or check_all(flows, KNOWN))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_broken_flow_earns_exactly_these_messages(file: Path) -> None:
    assert told_of(file) == file.with_suffix(".problems").read_text(encoding="utf-8")


def test_every_list_of_messages_belongs_to_a_broken_flow() -> None:
    lists = {file.stem for file in FOLDER.glob("*.problems")}
    assert lists == {file.stem for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_broken_flow_with_windows_line_ends_earns_the_same(file: Path) -> None:
    text = file.read_text(encoding="utf-8").replace("\n", "\r\n")
    flows, problems = read_flows({file.name: text})
    lines = [problem.line for problem in problems or check_all(flows, KNOWN)]
    flows, problems = read_flows({file.name: text.replace("\r\n", "\n")})
    assert lines == [problem.line for problem in problems or check_all(flows, KNOWN)]
