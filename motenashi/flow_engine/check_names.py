"""Do the names that flows use exist: variables to save under, departments, appointments, intents, hosts, CRM fields?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from motenashi.flow_engine.flow import Flow, FlowSet, Step
from motenashi.flow_engine.flow_reader import kind_of
from motenashi.flow_engine.known import Known
from motenashi.flow_engine.texts import Value, is_reference, is_template
from motenashi.flow_engine.turn import RESERVED
from motenashi.problems import Problem, did_you_mean

_NAME = re.compile(r"[a-z_][a-z0-9_]*")


def check_names(flows: FlowSet, known: Known) -> Iterator[Problem]:
    for flow in flows.flows.values():
        for rule in flow.head.intents:
            yield from _unknown(flow, rule.go.line or flow.line, "intents", "intent", rule.intent, known.intents)
        for step in flow.steps:
            yield from _save_names(flow, step)
            for what, word, there in _named(step, known):
                yield from _unknown(flow, step.line, f"step '{step.id}'", what, word, there)
            yield from _hosts(flow, step, known)
            yield from _record_fields(flow, step, known)


def _unknown(
    flow: Flow, line: int, where: str, what: str, word: str, there: Collection[str] | None
) -> Iterator[Problem]:
    if there is not None and word and word not in there:
        hint = did_you_mean(word, list(there)) if there else "There is none yet."
        yield Problem(flow.file, line, f"{where}: there is no {what} '{word}'.", hint)


def _named(step: Step, known: Known) -> Iterator[tuple[str, str, Collection[str] | None]]:
    """(kind of name, name, the names there are)"""
    spec = step.spec
    if step.kind == "hours_router":
        yield "department", spec.hours_router.department, known.departments
    if step.kind == "forward_to_operator":
        yield "department", _written(spec.forward_to_operator.department), known.departments
    if step.kind == "book":
        yield "appointment", spec.book.appointment, known.appointments
    if step.kind == "intent_router":
        for way in spec.intent_router:
            yield from (("intent", label, known.intents) for label in way.intent)


def _written(value: Value | None) -> str:
    """A text that stands in the file as it is, '' for everything computed."""
    raw = value.raw if value else ""
    return raw if isinstance(raw, str) and not is_reference(raw) and not is_template(raw) else ""


def _save_names(flow: Flow, step: Step) -> Iterator[Problem]:
    for name in kind_of(step).saves(step.spec) if step.kind != "set" else ():
        if name in RESERVED:
            hint = "Choose another name."
            yield Problem(flow.file, step.line, f"step '{step.id}' can't save as '{name}': that is ours.", hint)
        elif not _NAME.fullmatch(name):
            hint = "Use lower-case words joined by _."
            yield Problem(flow.file, step.line, f"step '{step.id}' can't save as '{name}'.", hint)


def _hosts(flow: Flow, step: Step, known: Known) -> Iterator[Problem]:
    if step.kind != "http" or known.host_allowed is None:
        return
    for source in dict.fromkeys(step.spec.http.url.all_sources()):
        origin = _origin(source)
        if origin and not known.host_allowed(origin):
            what = f"step '{step.id}' may not call {origin.split('://')[1]}."
            yield Problem(flow.file, step.line, what, "Name the host in config.yaml, web_calls.allowed_hosts.")


def _origin(source: str) -> str:
    """`https://host:port` of an address whose path may hold templates."""
    scheme, _, rest = source.partition("://")
    host = rest.split("/", 1)[0].split("?", 1)[0]
    try:
        return f"{scheme}://{host}" if urlsplit(f"{scheme}://{host}").hostname else ""
    except ValueError:
        return ""


def _record_fields(flow: Flow, step: Step, known: Known) -> Iterator[Problem]:
    if known.record_fields is None:
        return
    module, fields = "", tuple[str, ...]()
    if step.kind == "create_lead":
        module, fields = "leads", tuple(step.spec.create_lead)
    elif step.kind == "update_record":
        module, fields = step.spec.update_record.module, tuple(step.spec.update_record.fields)
    there = known.record_fields.get(module)
    for field in fields:
        yield from _unknown(flow, step.line, f"step '{step.id}'", f"field of {module}", field, there)
