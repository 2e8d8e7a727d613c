"""The flows now answering: swapped whole or not at all.

A chat turn sees the old set or the new one, never half of each. Before a turn the folder's stamp is looked at (twice
a second at most), so an edit is live within a second in every process; a broken one never replaces what works.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from motenashi.flow_engine.flow import FlowSet
from motenashi.flow_engine.flow_reader import read_flows
from motenashi.problems import Problem, ProblemsFound

log = logging.getLogger(__name__)

LOOK_EVERY = 0.5  # seconds

Check = Callable[[FlowSet], list[Problem]]
Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class State:
    """What answers now, and what is wrong with the newest edit (nothing when the newest edit is what answers)."""

    flows: FlowSet
    problems: tuple[Problem, ...]
    since: float  # time.time() of going live


class LiveFlows:
    def __init__(
        self,
        folder: Path,
        check: Check,
        *,
        archive: Callable[[FlowSet], None] = lambda flows: None,
        restore: Callable[[str], Mapping[str, str] | None] = lambda version: None,
        newest: Callable[[], Mapping[str, str] | None] = lambda: None,
    ) -> None:
        """`archive` keeps a set that went live, `restore` gives the sources of one kept earlier (by any process),
        `newest` those of the one that went live last: a process that begins while an edit is broken answers with it.

        ProblemsFound when there is nothing that could answer: the folder's flows are broken and nothing was kept.
        """
        self._folder = folder
        self._check = check
        self._archive = archive
        self._newest = newest
        self._lock = threading.Lock()
        self._old = lru_cache(maxsize=16)(lambda version: _rebuilt(restore(version)))
        self._stamp: Stamp = ()
        self._looked = 0.0
        self._state: State | None = None
        self._reload(_stamp(folder))
        if self._state is None:  # pragma: no cover - _reload raised
            raise AssertionError

    @property
    def state(self) -> State:
        if self._state is None:
            raise AssertionError("there is a state from the first reload on")
        return self._state

    def current(self) -> FlowSet:
        """The set for a turn that begins now."""
        now = time.monotonic()
        if now - self._looked >= LOOK_EVERY:
            self._looked = now
            stamp = _stamp(self._folder)
            if stamp != self._stamp:
                with self._lock:
                    if stamp != self._stamp:
                        self._reload(stamp)
        return self.state.flows

    def version(self, version: str) -> FlowSet | None:
        """A set that was live once, None when it was not kept."""
        return self.state.flows if version == self.state.flows.version else self._old(version)

    def offer(self, sources: Mapping[str, str]) -> list[Problem]:
        """Go live if nothing is wrong; otherwise keep what works and say why."""
        flows, problems = read_flows(sources)
        if not sources:
            problems = [Problem(self._folder.name, 0, "there is no flow in this folder.", "A flow is a file *.yaml.")]
        problems = problems or self._check(flows)
        errors = [problem for problem in problems if problem.severity == "error"]
        if errors:
            self._keep(tuple(errors))
            return errors
        if self._state and any(problem.severity == "error" for problem in self._state.problems):
            log.warning("the edited flows are in order again; version %s is live", flows.version)
        if self._state is None or flows.version != self._state.flows.version:
            self._archive(flows)
            self._state = State(flows, tuple(problems), time.time())
            log.info("flows %s are live", flows.version)
        else:
            self._state = State(self._state.flows, tuple(problems), self._state.since)
        return []

    def _keep(self, problems: tuple[Problem, ...]) -> None:
        kept = self._state or self._last_that_worked()
        if kept is None:
            raise ProblemsFound(problems)
        self._state = State(kept.flows, problems, kept.since)
        for problem in problems:
            log.warning("the edited flows stay out: %s", problem)

    def _last_that_worked(self) -> State | None:
        """We begin and the folder is broken: what answered before, in this process's life or another's, goes on."""
        flows = _rebuilt(self._newest())
        if flows is None or any(problem.severity == "error" for problem in self._check(flows)):
            return None
        return State(flows, (), time.time())

    def _reload(self, stamp: Stamp) -> None:
        try:
            sources = read_folder(self._folder)
        except OSError as error:
            self._keep((Problem(str(self._folder), 0, f"the flows can't be read: {error.strerror}."),))
            return
        except UnicodeDecodeError as error:
            self._keep((Problem(str(self._folder), 0, f"a flow file is not UTF-8: {error.reason}."),))
            self._stamp = stamp
            return
        self.offer(sources)
        self._stamp = stamp


def read_folder(folder: Path) -> dict[str, str]:
    """File name (as `flows/x.yaml`) -> text, of every flow file right in the folder."""
    return {
        f"{folder.name}/{path.name}": path.read_text(encoding="utf-8-sig")
        for path in sorted(folder.glob("*.yaml"))
        if not path.name.startswith(".")
    }


def _stamp(folder: Path) -> Stamp:
    try:
        with os.scandir(folder) as entries:
            files = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith(".yaml")]
    except OSError:
        return ()
    return tuple(sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in files))


def _rebuilt(sources: Mapping[str, str] | None) -> FlowSet | None:
    """An old set from its sources. It was checked when it went live; what a newer program can't read is not run."""
    if sources is None:
        return None
    flows, problems = read_flows(sources)
    return None if problems else flows
