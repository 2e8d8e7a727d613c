"""How `go` changes the stack of a conversation: the step it stands at, above the calls that wait for a return."""

from __future__ import annotations

from collections.abc import Sequence

from motenashi.conversation.session import Frame


def gone_to(stack: Sequence[Frame], there: Frame) -> tuple[Frame, ...]:
    """The stack after `go` from its last frame to another step.

    Going to a flow that waits below for our return means to return into it, not to begin it a second time above
    itself: otherwise each round through a called flow would leave one more call waiting.
    """
    stack = tuple(stack)
    waiting = [place for place, frame in enumerate(stack[:-1]) if frame.flow == there.flow]
    if waiting and stack[-1].flow != there.flow:
        stack = stack[: waiting[-1] + 1]
    return (*stack[:-1], there)
