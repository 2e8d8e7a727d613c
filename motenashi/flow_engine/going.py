"""Where a `go` leads on the stack of flows. The runner and the prover ask here, so that they agree."""

from __future__ import annotations

from collections.abc import Sequence

from motenashi.conversation.session import Frame
from motenashi.flow_engine.flow import Flow, Step


def gone_to(stack: Sequence[Frame], flow: Flow, step: Step) -> tuple[Frame, ...]:
    """The stack after going to a step from its last frame.

    A flow that begins conversations is never a part of another one: going there leaves all callers behind.
    """
    frame = Frame(flow.id, step.id)
    return (frame,) if flow.head.trigger is not None else (*stack[:-1], frame)
