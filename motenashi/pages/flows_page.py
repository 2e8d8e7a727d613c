"""`/flows`: which flows are live, in which version, how they run, what is wrong with them and what tests cover.

The page knows nothing of the flow engine. It is handed a function that gives the flows as they are shown here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from textwrap import dedent

from flask import Blueprint, abort, render_template, url_for

from motenashi.pages.flow_graph import Line, Picture, Step, draw, shorten
from motenashi.pages.guard import require
from motenashi.pages.page_language import page_language
from motenashi.pages.page_language import translate as _
from motenashi.problems import Problem

# A text in each language the flow speaks ({'en': …, 'ja': …}), or one for all ({'': …}).
Texts = Mapping[str, str]


@dataclass(frozen=True)
class FlowNode:
    """A step: `kind` as the designer writes it (say, ask, plug …); `yaml` is its lines in the file, from `line` on.
    `covered`: do the sample talks pass here; None when they have not been run."""

    id: str
    kind: str
    label: Texts = field(default_factory=dict)
    line: int = 0
    yaml: str = ""
    covered: bool | None = None


@dataclass(frozen=True)
class FlowEdge:
    """A way from one step to the next. `target` may be a step of another flow, or the name of one; `label` is when."""

    source: str
    target: str
    label: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class FlowView:
    """`version` is '' and `went_live_at` None for a file that is not live. `steps_covered` and `branches_covered` are
    percent, None when sample talks have not been run. `problems` are those of the file as it is on disk: with some,
    the version shown as live is the last good one; warnings keep nothing back. The first of `nodes` is where the flow
    begins."""

    id: str
    title: Texts
    file: str
    version: str = ""
    went_live_at: datetime | None = None
    conversations_on_it: int = 0
    steps: int = 0
    problems: tuple[Problem, ...] = ()
    steps_covered: float | None = None
    branches_covered: float | None = None
    nodes: tuple[FlowNode, ...] = ()
    edges: tuple[FlowEdge, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "warning")


def build_flows_page(flows: Callable[[], Sequence[FlowView]]) -> Blueprint:
    door = Blueprint("flows", __name__, template_folder="templates", url_prefix="/flows")
    door.add_app_template_global(in_language)
    door.add_app_template_global(kind_name)
    door.add_app_template_filter(shorten)
    door.add_app_template_filter(own_lines)

    @door.get("")
    @require()
    def page() -> str:
        shown = flows()
        # Two flows of one file tell of the same problems; they are counted once.
        errors = len({problem for flow in shown for problem in flow.errors})
        warnings = len({problem for flow in shown for problem in flow.warnings})
        return render_template("staff/flows.html", flows=shown, errors=errors, warnings=warnings)

    @door.get("/<path:flow_id>")  # a file in which no flow could be read goes by its path
    @require()
    def flow(flow_id: str) -> str:
        shown = flows()
        found = next((flow for flow in shown if flow.id == flow_id), None) or abort(404)
        return render_template(
            "staff/flow.html",
            flow=found,
            picture=picture_of(found),
            nodes={node.id: node for node in found.nodes},
            ways=ways_of(found),
            links=links_of(found, shown),
        )

    return door


def in_language(texts: Texts) -> str:
    """The text for the page's reader; the other language rather than nothing."""
    return texts.get(page_language()) or texts.get("") or next((text for text in texts.values() if text), "")


def own_lines(yaml: str) -> str:
    """A step's lines from the left margin on, without the comment that belongs to the next step."""
    lines = dedent(yaml).rstrip().splitlines()
    while lines and (not lines[-1].strip() or lines[-1].startswith("#")):
        lines.pop()
    return "\n".join(lines)


def picture_of(flow: FlowView) -> Picture:
    return draw(
        [Step(node.id, in_language(node.label)) for node in flow.nodes],
        [Line(edge.source, edge.target, in_language(edge.label)) for edge in flow.edges],
    )


def ways_of(flow: FlowView) -> dict[str, list[FlowEdge]]:
    """For each step, where it can go from there."""
    ways: dict[str, list[FlowEdge]] = {node.id: [] for node in flow.nodes}
    for edge in flow.edges:
        ways.setdefault(edge.source, []).append(edge)
    return ways


def links_of(flow: FlowView, flows: Sequence[FlowView]) -> defaultdict[str, str]:
    """Where a name that a way leads to is shown: a step on this page, else a flow's own page, else nowhere ('')."""
    links = defaultdict(str, {other.id: url_for("flows.flow", flow_id=other.id) for other in flows})
    links |= {node.id: f"#step-{node.id}" for node in flow.nodes}
    return links


def kind_name(kind: str) -> str:
    """What a kind of step is called on the page; the designer's own word when we have no better one."""
    names = {
        "say": _("Says"),
        "ask": _("Asks"),
        "choices": _("Offers choices"),
        "criteria_router": _("Decides"),
        "hours_router": _("Looks at the clock"),
        "language_router": _("Looks at the language"),
        "intent_router": _("Understands"),
        "plug": _("Looks up"),
        "http": _("Asks a service"),
        "verify": _("Verifies"),
        "answer_bot": _("Answers questions"),
        "book": _("Books an appointment"),
        "forward_to_operator": _("Hands over"),
        "create_lead": _("Creates a lead"),
        "update_record": _("Updates a record"),
        "set": _("Remembers"),
        "go": _("Goes on"),
        "call": _("Calls a flow"),
        "wait": _("Waits"),
        "experiment": _("Tries variants"),
        "end_chat": _("Ends"),
        "busy_response": _("Says it is busy"),
        "block_visitor": _("Blocks"),
    }
    return names.get(kind, kind)
