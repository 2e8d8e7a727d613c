"""The sample talks, played: what went differently, and how much of the flows they cover."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from motenashi.flow_engine.coverage import FlowCoverage, coverage_of
from motenashi.flow_engine.flow import FlowSet
from motenashi.flow_engine.flow_reader import read_flows
from motenashi.flow_engine.live_flows import read_folder
from motenashi.problems import ProblemsFound
from motenashi.settings import Settings
from motenashi.talk_world import ReadText, play, talks_in

if TYPE_CHECKING:
    from rich.console import Console


def talks_folder(settings: Settings) -> Path:
    return Path(settings.flows.folder) / "sample_talks"


def report(settings: Settings, console: Console, read: ReadText) -> bool:
    """Play every talk and print what was covered. False when a talk went differently.

    ProblemsFound when flows or talks can't be read.
    """
    from motenashi.flow_engine.coverage_table import print_coverage  # draws with rich: 5 MB that no web process needs

    flows, problems = read_flows(read_folder(Path(settings.flows.folder)))
    if problems:
        raise ProblemsFound(problems)
    results = play(talks_in(talks_folder(settings)), flows, settings, read)
    for problem in (problem for result in results for problem in result.problems):
        console.print(str(problem), highlight=False, markup=False)
    print_coverage(coverage_of(flows, (visit for result in results for visit in result.visited)), console)
    failed = sum(bool(result.problems) for result in results)
    console.print(f"{len(results) - failed} talks went as written, {failed} differently.", highlight=False)
    return not failed


class TalkReports:
    """Coverage for the page /flows: played once a version, in the background, so that the page never waits for it."""

    def __init__(self, settings: Settings, read: ReadText) -> None:
        self._settings = settings
        self._read = read
        self._lock = threading.Lock()
        self._version = ""
        self._covered: Mapping[str, FlowCoverage] = {}

    def of(self, flows: FlowSet) -> Mapping[str, FlowCoverage]:
        """Flow id -> coverage; empty while the talks of this version are being played, or when they can't be."""
        with self._lock:
            if flows.version != self._version:
                self._version, self._covered = flows.version, {}
                threading.Thread(target=self._play, args=(flows,), daemon=True, name="sample talks").start()
            return self._covered

    def _play(self, flows: FlowSet) -> None:
        try:
            results = play(talks_in(talks_folder(self._settings)), flows, self._settings, self._read)
        except ProblemsFound:
            return  # `app.py coverage` tells what is wrong with the talks
        visits = (visit for result in results for visit in result.visited)
        covered = {each.flow: each for each in coverage_of(flows, visits)}
        with self._lock:
            if flows.version == self._version:
                self._covered = covered
