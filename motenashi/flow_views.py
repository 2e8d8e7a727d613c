"""What the page /flows shows, gathered from the flows that answer, their archive and the sample talks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from motenashi.flow_engine.flow import Flow, FlowSet, Step
from motenashi.flow_engine.graph import END, RETURN, graph_of
from motenashi.flow_engine.steps.step_kind import parts_of
from motenashi.flow_engine.texts import LANGUAGES, LocalText
from motenashi.house import House
from motenashi.pages.flows_page import FlowEdge, FlowNode, FlowView, Texts
from motenashi.problems import Problem
from motenashi.talk_report import TalkReports

_BLOCK = re.compile(r"\{%.*?%\}")  # a label is no program: what stands between is shown

# Conversations with a turn in this time count as being on a version.
RECENTLY = timedelta(days=1)


class FlowViews:
    def __init__(self, house: House) -> None:
        self._house = house
        self._talks = TalkReports(house.settings, house.reader.read_chat)

    def all(self) -> Sequence[FlowView]:
        """A view of each flow that answers, and one of each file that only has problems."""
        flows = self._house.flows.current()
        state = self._house.flows.state
        live_at = self._house.archive.live_since(flows.version)
        count = self._house.store.count_by_flow_set(datetime.now(UTC) - RECENTLY).get(flows.version, 0)
        shown = [self._view(flow, flows, live_at, count, state.problems) for flow in flows.flows.values()]
        files = {flow.file for flow in flows.flows.values()}
        strange = sorted({problem.file for problem in state.problems} - files)
        return [*shown, *(_only_problems(file, state.problems) for file in strange)]

    def _view(
        self, flow: Flow, flows: FlowSet, live_at: datetime | None, count: int, problems: Sequence[Problem]
    ) -> FlowView:
        covered = self._talks.of(flows).get(flow.id)
        lines = flow.source.splitlines()
        return FlowView(
            id=flow.id,
            title=dict(flow.head.title.by_language),
            file=flow.file,
            version=flow.version,
            went_live_at=live_at,
            conversations_on_it=count,
            steps=len(flow.steps),
            problems=tuple(problem for problem in problems if problem.file == flow.file),
            steps_covered=covered.steps_percent if covered else None,
            branches_covered=covered.branches_percent if covered else None,
            nodes=tuple(
                FlowNode(
                    step.id, step.kind, _label(step), step.line, _source(step, flow, lines), _passed(step, covered)
                )
                for step in flow.steps
            ),
            edges=tuple(_edges(flow, flows)),
        )


def _only_problems(file: str, problems: Sequence[Problem]) -> FlowView:
    return FlowView(file, {"": file}, file, problems=tuple(problem for problem in problems if problem.file == file))


def _label(step: Step) -> Texts:
    """The first thing the step says, in each language."""
    texts = (part for part in parts_of(step.spec) if isinstance(part, LocalText))
    first = next(texts, None)
    return {language: _BLOCK.sub("", first.source(language)) for language in LANGUAGES} if first else {}


def _source(step: Step, flow: Flow, lines: Sequence[str]) -> str:
    return "\n".join(lines[step.line - flow.line : max(step.last_line, step.line) - flow.line + 1]).rstrip()


def _passed(step: Step, covered: object) -> bool | None:
    missing: Mapping[str, object] | None = getattr(covered, "missing_steps", None)
    return None if missing is None else step.id not in missing


def _edges(flow: Flow, flows: FlowSet) -> Iterator[FlowEdge]:
    """The ways from step to step; ends, returns and what may be said anywhere have no line in the picture."""
    for edge in graph_of(flow, flows).edges:
        step = flow.step(edge.source)
        if step is not None and edge.target not in (END, RETURN):
            yield FlowEdge(edge.source, _short(edge.target, flows), _when(step, edge.exit))


def _short(target: str, flows: FlowSet) -> str:
    """`flow.step` as just the flow, where that is the step it begins with."""
    flow = flows.flows.get(target.partition(".")[0])
    return flow.id if flow and target == f"{flow.id}.{flow.steps[0].id}" else target


def _when(step: Step, exit_name: str) -> Texts:
    """What leads this way: a choice's label in each language, else the exit's own name."""
    if step.kind == "choices" and exit_name.startswith("choice "):
        place = int(exit_name.split(":")[0].removeprefix("choice ")) - 1
        return dict(step.spec.choices.fixed[place].label.by_language)
    return {"": "" if exit_name == "then" else exit_name}
