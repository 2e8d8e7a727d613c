"""Which version of the flows a conversation runs on, when the designers have changed them in the middle of it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from motenashi.conversation.session import Session
from motenashi.flow_engine.flow import FlowSet


@dataclass(frozen=True)
class Chosen:
    """`restarted` says that the talk begins anew because of the change; the visitor is told."""

    flows: FlowSet
    session: Session
    restarted: bool = False


def choose_version(session: Session, live: FlowSet, begun_on: FlowSet | None) -> Chosen:
    """`begun_on` is the set the conversation runs on, None when it can't be had any more.

    The flow the talk is in says what happens when it has changed: `finish` stays on the version begun on,
    `migrate` goes on at the same step of the new one (or begins anew when that step is gone), `restart` begins anew.
    """
    if not session.stack or session.ended or session.flow_set == live.version:
        return Chosen(live, session)
    flow = live.flows.get(session.stack[-1].flow)
    wish = flow.head.on_change if flow else "finish"
    if wish == "finish" and begun_on is not None:
        return Chosen(begun_on, session)
    if wish != "restart" and _still_stands(session, live):
        return Chosen(live, session)
    return Chosen(live, dataclasses.replace(session, stack=(), waiting={}), restarted=True)


def _still_stands(session: Session, live: FlowSet) -> bool:
    flows = [(live.flows.get(frame.flow), frame.step) for frame in session.stack]
    return all(flow is not None and flow.step(step) is not None for flow, step in flows)
