"""What a step decides: go on, go elsewhere, wait for the visitor, or finish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from motenashi.conversation.reply import Action
from motenashi.flow_engine.flow import Target


@dataclass(frozen=True)
class Next:
    """To this step's `then`, else to the step below."""


@dataclass(frozen=True)
class Go:
    """To a step or flow; None as with Next. `why` is the exit's name, for the trace and for coverage."""

    target: Target | None
    why: str = ""


@dataclass(frozen=True)
class Call:
    """Into a flow that comes back."""

    target: Target


@dataclass(frozen=True)
class Wait:
    """For the visitor (or for `wake_at`). `memory` comes back to the step with the answer."""

    memory: Mapping[str, Any] = field(default_factory=dict)
    wake_at: datetime | None = None


@dataclass(frozen=True)
class Finish:
    """The bot's part is over."""

    action: Action
    department: str = ""
    operators: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotMine:
    """The visitor's words are no answer to this step: try interrupts and intents, then `again`."""

    hint: str = ""  # what to say before asking again; '' for the general sentence


Outcome = Next | Go | Call | Wait | Finish | NotMine


@dataclass(frozen=True)
class Exit:
    """One way out of a step, as the checker, the prover and coverage see it.

    `target` None means `then` or the step below. `name` is unique within the step and equals the `why` at run time.
    """

    name: str
    target: Target | None = None
    by: Literal["flow", "visitor", "error", "platform", "time"] = "flow"
    says: str = ""  # what a visitor says or clicks to take it
    ends: bool = False  # the conversation is over for the bot
    calls: bool = False
    at_once: str = ""  # when it is taken without asking the visitor, though `by` says visitor
