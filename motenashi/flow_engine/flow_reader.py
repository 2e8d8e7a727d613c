"""From YAML documents to flows: every key of every step read and checked, all problems at once, with their lines.

What concerns one step alone is found here; what concerns several (targets, variables, ways through) is check.py's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from motenashi.flow_engine.flow import Flow, FlowHead, FlowSet, Step, version_of
from motenashi.flow_engine.steps.all_steps import ALL_STEPS
from motenashi.flow_engine.steps.shown import Shown
from motenashi.flow_engine.steps.step_kind import StepKind
from motenashi.problems import Problem, did_you_mean
from motenashi.yaml_fields import FieldReader, describe, rows_of
from motenashi.yaml_source import YamlMap, read_documents

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")

# Keys by which a step without a kind of its own is one that shows something.
_SHOWN_KEYS = tuple(row.key for row in rows_of(Shown) if row.key not in ("then", "note"))


def read_flows(sources: Mapping[str, str]) -> tuple[FlowSet, list[Problem]]:
    """All flows of these files (name -> text). With problems, the set holds what could be read."""
    flows: dict[str, Flow] = {}
    problems: list[Problem] = []
    for file, text in sorted(sources.items()):
        documents, found = read_documents(text, file)
        problems += found
        if not documents and not found:
            problems.append(Problem(file, 0, "this file is empty.", "Write a flow into it, or remove it."))
        lines = text.splitlines()
        for number, document in enumerate(documents):
            end = documents[number + 1].line - 1 if number + 1 < len(documents) else len(lines)
            flow, found = _read_flow(document, file, lines, end)
            problems += found
            if flow is not None and flow.id in flows:
                other = flows[flow.id]
                what = f"there are two flows named '{flow.id}' (the other in {other.file}:{other.line})."
                problems.append(Problem(file, flow.line, what, "Rename one."))
            elif flow is not None:
                flows[flow.id] = flow
    version = version_of("\n".join(f"{flow.id} {flow.version}" for flow in sorted(flows.values(), key=lambda f: f.id)))
    return FlowSet(flows, version, dict(sources)), sorted(set(problems))


def _read_flow(document: Any, file: str, lines: list[str], end: int) -> tuple[Flow | None, list[Problem]]:
    reader = FieldReader(file)
    if not isinstance(document, YamlMap):
        reader.problem(
            getattr(document, "line", 1), f"a flow must be a mapping, not {describe(document)}.", "flow: name"
        )
        return None, reader.problems
    steps_raw = document.pop("steps", None)
    head = reader.record(FlowHead, document, document.line, "the flow")
    if head is not None and not NAME.fullmatch(head.flow):
        reader.problem(
            document.line_of("flow"), f"'{head.flow}' can't name a flow.", "Use lower-case words joined by _."
        )
    steps = _read_steps(steps_raw, document, reader, end)
    if head is None:
        return None, reader.problems
    source = "\n".join(lines[document.line - 1 : end])
    flow = Flow(head, steps, file, document.line, version_of(source), source)
    for step in steps:
        kind_of(step).problems(step, flow, reader)
    return flow, reader.problems


def _read_steps(raw: Any, document: YamlMap, reader: FieldReader, end: int) -> tuple[Step, ...]:
    if not isinstance(raw, YamlMap) or not raw:
        reader.problem(document.line, "the flow has no steps.", "steps: {first: {say: …}}")
        return ()
    starts = [*raw.lines.values(), end + 1]
    steps = []
    for place, (step_id, body) in enumerate(raw.items()):
        step = _read_step(step_id, body, raw.line_of(step_id), starts[place + 1] - 1, reader)
        if step:
            steps.append(step)
    return tuple(steps)


def _read_step(step_id: str, body: Any, line: int, last_line: int, reader: FieldReader) -> Step | None:
    if not NAME.fullmatch(step_id):
        reader.problem(line, f"'{step_id}' can't name a step.", "Use lower-case words joined by _.")
    if not isinstance(body, YamlMap):
        reader.problem(line, f"step '{step_id}' must be a mapping, not {describe(body)}.", "say: …")
        return None
    kind = _kind(step_id, body, reader, line)
    if kind is None:
        return None
    spec = reader.record(kind.spec, body, line, f"step '{step_id}'")
    return Step(step_id, kind.name, spec, reader.file, line, last_line) if spec is not None else None


def _kind(step_id: str, body: YamlMap, reader: FieldReader, line: int) -> StepKind[Any] | None:
    found = [kind for kind in ALL_STEPS if kind.name in body and kind.name != "say"]
    if len(found) > 1:
        names = " and ".join(kind.name for kind in found)
        reader.problem(line, f"step '{step_id}' is of two kinds: {names}.", "Make two steps of it.")
        return None
    if found:
        return found[0]
    if any(key in body for key in _SHOWN_KEYS):
        return ALL_STEPS[-1]
    names_of_all = [kind.name for kind in ALL_STEPS]
    strange = next((key for key in body if key not in ("then", "note")), "")
    hint = did_you_mean(strange, names_of_all) if strange else "Give it say, ask, choices, plug, go …"
    at = body.line_of(strange) if strange else line
    what = f"step '{step_id}' is of no kind we know ('{strange}')." if strange else f"step '{step_id}' does nothing."
    reader.problem(at, what, hint)
    return None


def kind_of(step: Step) -> StepKind[Any]:
    """The kind of a step that was read."""
    return _KINDS[step.kind]


_KINDS = {kind.name: kind for kind in ALL_STEPS}
