"""What a plug is: a typed function that a flow step, SalesIQ or a person may call by name.

The function's signature is the contract. Keyword parameters are the inputs; the names in INJECTED are handed over
by the runner and are no inputs. The returned dataclass's fields are the outputs. How a plug is called safely
(deadline, assurance level, cache, errors) is plug_runner's work.
"""

from __future__ import annotations

import dataclasses
import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal

from motenashi.conversation.assurance import NOBODY, Identity

# Handed over by the runner when a plug's signature names them.
INJECTED = ("crm", "identity", "language", "now", "key")


@dataclass(frozen=True)
class PlugValue:
    """One input or output: its name, Python type and meaning."""

    name: str
    type: Any
    meaning: str = ""
    required: bool = True
    default: Any = None


@dataclass(frozen=True)
class Plug:
    name: str
    title: str
    function: Callable[..., Any]
    inputs: tuple[PlugValue, ...]
    outputs: tuple[PlugValue, ...]
    output_type: type
    injected: tuple[str, ...]
    reveals: Literal["nothing", "personal"] = "nothing"
    about: str = ""  # the input that holds the record id of the person whose data is revealed
    timeout: float = 2.0  # seconds
    cache: float = 0.0  # seconds a result may be reused for the same inputs and language; never for personal data
    credits: int = 0  # CRM credits one call costs at most
    changes: bool = False  # writes something: never cached, called with an idempotency key
    description: str = ""


@dataclass(frozen=True)
class PlugCall:
    """`deadline` is a time.monotonic() moment by which the caller needs the answer; `key` names this call for ever."""

    plug: str
    inputs: Mapping[str, Any]
    now: datetime
    identity: Identity = NOBODY
    language: str = "en"
    timeout: float | None = None
    deadline: float | None = None
    key: str = ""


@dataclass(frozen=True)
class PlugResult:
    """Outputs as plain JSON values (dataclasses become objects). `personal`: all of it needs a verified visitor."""

    outputs: Mapping[str, Any] = field(default_factory=dict)
    personal: bool = False
    from_cache: bool = False


class PlugError(Exception):
    """What can go wrong when a plug is called.

    PlugError
    |-- PlugUnknown     no plug of that name
    |-- PlugInputWrong  an input is missing or of the wrong type: `field` says which
    |-- PlugRefused     the visitor's assurance level is too low: verify first
    `-- PlugFailed      it raised, took too long, or the CRM was away: `reason` says which
    """

    def __init__(self, plug: str, what: str) -> None:
        super().__init__(f"plug '{plug}': {what}")
        self.plug = plug


class PlugUnknown(PlugError):
    pass


class PlugInputWrong(PlugError):
    def __init__(self, plug: str, field: str, what: str) -> None:
        super().__init__(plug, f"{field}: {what}")
        self.field = field


class PlugRefused(PlugError):
    pass


class PlugFailed(PlugError):
    """`reason`: raised, timeout, crm_unreachable, crm_busy, crm_refused, crm_rejected, bad_output, too_many_running."""

    def __init__(self, plug: str, reason: str, what: str) -> None:
        super().__init__(plug, what)
        self.reason = reason


def plug(
    *,
    title: str,
    reveals: Literal["nothing", "personal"] = "nothing",
    about: str = "",
    timeout: float = 2.0,
    cache: float = 0.0,
    credits: int = 0,
    changes: bool = False,
) -> Callable[[Callable[..., Any]], Plug]:
    """Make a typed function a plug. TypeError at import when its signature can't serve as a contract."""

    def make(function: Callable[..., Any]) -> Plug:
        name: str = function.__name__
        hints = typing.get_type_hints(function, include_extras=True)
        output_type = hints.pop("return", None)
        if not (isinstance(output_type, type) and dataclasses.is_dataclass(output_type)):
            raise TypeError(f"plug {name}: say what it gives, as a dataclass")
        parameters = inspect.signature(function).parameters.values()
        inputs = tuple(_input(name, p, hints) for p in parameters if p.name not in INJECTED)
        if reveals == "personal" and about not in {value.name for value in inputs}:
            raise TypeError(
                f"plug {name}: reveals personal data, so `about` must name the input with the person's record id"
            )
        if reveals == "personal" and cache:
            raise TypeError(f"plug {name}: personal data is never cached")
        return Plug(
            name=name,
            title=title,
            function=function,
            inputs=inputs,
            outputs=_outputs(output_type),
            output_type=output_type,
            injected=tuple(p.name for p in parameters if p.name in INJECTED),
            reveals=reveals,
            about=about,
            timeout=timeout,
            cache=cache,
            credits=credits,
            changes=changes,
            description=inspect.getdoc(function) or "",
        )

    return make


def _input(plug_name: str, parameter: inspect.Parameter, hints: Mapping[str, Any]) -> PlugValue:
    if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
        raise TypeError(f"plug {plug_name}: '{parameter.name}' must be keyword-only (put * before the parameters)")
    if parameter.name not in hints:
        raise TypeError(f"plug {plug_name}: '{parameter.name}' has no type")
    kind, meaning = _split(hints[parameter.name])
    required = parameter.default is inspect.Parameter.empty
    return PlugValue(parameter.name, kind, meaning, required, None if required else parameter.default)


def _outputs(output_type: type) -> tuple[PlugValue, ...]:
    hints = typing.get_type_hints(output_type, include_extras=True)
    return tuple(
        PlugValue(f.name, *_split(hints[f.name]), required=f.default is dataclasses.MISSING)
        for f in dataclasses.fields(output_type)
    )


def _split(annotation: Any) -> tuple[Any, str]:
    """An annotation's type and the sentence that `Annotated` carries."""
    if typing.get_origin(annotation) is Annotated:
        kind, *notes = typing.get_args(annotation)
        return kind, next((note for note in notes if isinstance(note, str)), "")
    return annotation, ""
