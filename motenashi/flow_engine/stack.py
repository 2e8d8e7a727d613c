"""How `go` changes the stack of a conversation: the step it stands at, above the calls that wait for a return.

The runner and the prover ask here, so that they agree.
"""

from __future__ import annotations

from collections.abc import Sequence

from motenashi.conversation.session import Frame
from motenashi.flow_engine.flow import Flow, Step


def gone_to(stack: Sequence[Frame], flow: Flow, step: Step) -> tuple[Frame, ...]:
    """The stack after `go` from its last frame to a step.

    A flow that begins conversations is never a part of another one: going there leaves all callers behind. Going to
    a flow that waits below for our return means to return into it, not to begin it a second time above itself:
    otherwise each round through a called flow would leave one more call waiting.
    """
    there, here = Frame(flow.id, step.id), stack[-1].flow if stack else ""
    if flow.id == here:
        return (*stack[:-1], there)
    if flow.head.trigger is not None:
        return (there,)
    waiting = [place for place, frame in enumerate(stack[:-1]) if frame.flow == flow.id]
    return (*stack[: waiting[-1] if waiting else -1], there)
