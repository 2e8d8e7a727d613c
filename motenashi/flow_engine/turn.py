"""One turn while it runs: what the flow may read, what it has said so far, and what it will remember."""

from __future__ import annotations

import dataclasses
import json
import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from motenashi.conversation.assurance import Assurance, Identity
from motenashi.conversation.display_cards import Display, Text
from motenashi.conversation.input_cards import Form, InputCard
from motenashi.conversation.message import Message
from motenashi.conversation.session import Frame, Session
from motenashi.flow_engine import texts
from motenashi.flow_engine.flow import Flow, FlowSet, Step
from motenashi.flow_engine.services import Services
from motenashi.flow_engine.texts import LocalText, Value

log = logging.getLogger(__name__)

# Names a flow can read but never save under.
RESERVED = ("visitor", "message", "identity", "time", "channel", "flow", "conversation")

# One variable's JSON text may not grow past this, and there are not more of them: a session stays small.
MOST_VARIABLES = 200
LONGEST_VALUE = 64_000


@dataclasses.dataclass
class Visited:
    """One step of the path, for the operator's trace and for coverage."""

    flow: str
    step: str
    exit: str = ""
    note: str = ""


class Turn:
    """Mutable, and lives as long as one turn. Steps speak to the world only through it."""

    def __init__(
        self,
        flows: FlowSet,
        session: Session,
        message: Message,
        services: Services,
        *,
        deadline: float | None = None,
        default_zone: str = "UTC",
        key: str = "",
    ) -> None:
        self.flows = flows
        self.message = message
        self.services = services
        self.deadline = deadline
        self.now = message.received_at
        self.stack: list[Frame] = list(session.stack)
        self.memory: Mapping[str, Any] = session.waiting
        self.variables: dict[str, Any] = dict(session.variables)
        self.personal: dict[str, str] = dict(session.personal)
        self.visitor = _known_visitor(session, message)
        self.identity = _identity(session, message, self.visitor)
        self.language = _language(session, self.visitor)
        self.displays: list[Display] = []
        self.input: InputCard | None = None
        self.chips: tuple[str, ...] = ()
        self.form: Form | None = None
        self.trace: list[Visited] = []
        self.may_forward = True
        self.ended = session.ended
        self.wake_at: datetime | None = None
        self._session = session
        self._default_zone = default_zone
        self._key = key or f"{message.conversation_id}/{message.delivery_id}"
        self._scope: dict[str, Any] | None = None
        self._calls = 0

    # What a flow reads

    @property
    def scope(self) -> Mapping[str, Any]:
        """All that a template or `$path` may name; a personal variable only for the person it is about."""
        if self._scope is None:
            self._scope = {**self._own_variables(), **self._world()}
        return self._scope

    def _own_variables(self) -> dict[str, Any]:
        if not self.personal:
            return self.variables
        hidden = {name for name, email in self.personal.items() if not self.identity.covers(email)}
        return {name: value for name, value in self.variables.items() if name not in hidden}

    def _world(self) -> dict[str, Any]:
        message = self.message
        return {
            "visitor": self.visitor,
            "message": {
                "text": message.text,
                "attachments": [vars(attachment) for attachment in message.attachments],
                "kind": message.kind.value,
            },
            "identity": {"level": self.identity.level.word, "email": self.identity.email},
            "time": _clock(self.now, self.zone, self.language),
            "channel": message.channel.name,
            "conversation": message.conversation_id,
            "flow": self.stack[-1].flow if self.stack else message.bot,
        }

    @property
    def zone(self) -> str:
        """The visitor's time zone, the company's when it is unknown."""
        return known_zone(str(self.visitor.get("time_zone") or "")) or self._default_zone

    @property
    def local_now(self) -> datetime:
        """This moment on the visitor's clock."""
        return self.now.astimezone(ZoneInfo(self.zone))

    def look_up(self, path: str) -> Any:
        return texts.look_up(path, self.scope)

    def value(self, value: Value) -> Any:
        return value.resolve(self.scope)

    def text(self, text: LocalText, **more: Any) -> str:
        return text.render(self.language, {**self.scope, **more} if more else self.scope)

    # What a flow does

    def say(self, *lines: str) -> None:
        self.displays.extend(Text(line) for line in lines if line)

    def show(self, displays: Iterable[Display]) -> None:
        self.displays.extend(displays)

    def save(self, name: str, value: Any, *, personal: bool = False) -> None:
        """Remember a plain JSON value. A personal one is tied to the address that is verified now."""
        if name not in self.variables and len(self.variables) >= MOST_VARIABLES:
            log.warning(
                "conversation %s: more than %d variables, '%s' left out", self.conversation_id, MOST_VARIABLES, name
            )
            return
        if isinstance(value, str | list | dict) and len(json.dumps(value, ensure_ascii=False)) > LONGEST_VALUE:
            # Not cut: half a list would be taken for the whole. What stood there before must go, too.
            self.note(f"'{name}' is longer than {LONGEST_VALUE:,} characters and was not kept")
            log.warning("conversation %s: '%s' is too long to be kept", self.conversation_id, name)
            value = None
        self.variables[name] = value
        if personal:
            self.personal[name] = self.identity.email
        else:
            self.personal.pop(name, None)
        self._scope = None

    def learn(self, field: str, value: str) -> None:
        """The visitor told us a field of their profile (name, email, phone …). Told is claimed, never verified."""
        asked = {**self._asked(), field: value}
        self.visitor = {**self.visitor, field: value, "asked": asked}
        self.identity = _identity_for(self.identity, str(self.visitor.get("email") or ""))
        self._scope = None

    def _asked(self) -> dict[str, Any]:
        return dict(self.visitor.get("asked") or {})

    def verified(self, email: str, how: str, until: datetime | None = None) -> None:
        self.identity = Identity(Assurance.VERIFIED, email.strip().lower(), how, until)
        self._scope = None

    def speak(self, language: str) -> None:
        self.language = language
        self._scope = None

    def key(self, what: str) -> str:
        """A key for something this turn changes: the same turn, run again, makes the same keys in the same order."""
        self._calls += 1
        return f"{self._key}/{what}/{self._calls}"

    def note(self, note: str) -> None:
        if self.trace:
            self.trace[-1].note = note

    def failed(self, error: Exception) -> None:
        """For the operator: where it failed and why. The visitor hears a calm sentence from the step."""
        where = f"{self.stack[-1].flow}.{self.stack[-1].step}" if self.stack else "?"
        self.note(f"failed: {error}")
        log.warning("conversation %s, step %s: %s", self.conversation_id, where, error)

    def sorry(self) -> str:
        """The flow's own sentence for a failure, '' when it has none."""
        place = self.place
        return self.text(place[0].head.sorry) if place and place[0].head.sorry else ""

    @property
    def conversation_id(self) -> str:
        return self.message.conversation_id

    @property
    def place(self) -> tuple[Flow, Step] | None:
        """Where the conversation stands."""
        if not self.stack:
            return None
        flow = self.flows.flows.get(self.stack[-1].flow)
        step = flow.step(self.stack[-1].step) if flow else None
        return (flow, step) if flow and step else None

    def next_session(self, *, waiting: Mapping[str, Any], ended: str = "") -> Session:
        return dataclasses.replace(
            self._session,
            flow_set=self.flows.version,
            stack=tuple(self.stack),
            waiting=waiting,
            variables=self.variables,
            personal=self.personal,
            identity=self.identity,
            language=self.language,
            visitor={name: value for name, value in self.visitor.items() if value not in ("", None, {})},
            turn=self._session.turn + 1,
            wake_at=self.wake_at,
            ended=ended,
        )


def _known_visitor(session: Session, message: Message) -> dict[str, Any]:
    """What the channel says now, over what we knew; what the visitor told us in the talk stands above both."""
    told = {name: value for name, value in vars(message.visitor).items() if value not in ("", None) and value != {}}
    known = {**vars(message.visitor), **session.visitor, **told}
    known.update(session.visitor.get("asked") or {})
    if not known.get("question") and message.text:
        known["question"] = message.text[:1000]
    return known


def _identity(session: Session, message: Message, visitor: Mapping[str, Any]) -> Identity:
    if message.identity.level >= Assurance.VERIFIED:
        return message.identity
    return _identity_for(session.identity.at(message.received_at), str(visitor.get("email") or ""))


def _identity_for(known: Identity, email: str) -> Identity:
    """A verified identity stays while nobody claims another address."""
    email = email.strip().lower()
    if known.level >= Assurance.VERIFIED and email in ("", known.email):
        return known
    return Identity(Assurance.CLAIMED, email) if email else Identity()


def _language(session: Session, visitor: Mapping[str, Any]) -> str:
    if session.language:
        return session.language
    wanted = str(visitor.get("language") or "").lower()
    return "ja" if wanted.split("-")[0].split("_")[0] == "ja" else "en"


@lru_cache(maxsize=1024)  # visitors' browsers name them, and may name anything
def known_zone(name: str) -> str:
    """The name itself when it is an IANA time zone, else ''."""
    if not name or len(name) > 64:
        return ""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ""
    return name


PARTS_OF_DAY = {
    "en": ((5, "night"), (12, "morning"), (18, "afternoon"), (22, "evening"), (24, "night")),
    "ja": ((5, "深夜"), (11, "朝"), (18, "昼"), (22, "夜"), (24, "深夜")),
}


def _clock(now: datetime, zone: str, language: str) -> dict[str, Any]:
    local = now.astimezone(ZoneInfo(zone) if zone != "UTC" else UTC)
    return {
        "now": local.isoformat(timespec="seconds"),
        "date": local.date().isoformat(),
        "hour": local.hour,
        "weekday": local.strftime("%A").lower(),
        "zone": zone,
        "part_of_day": next(word for end, word in PARTS_OF_DAY[language] if local.hour < end),
    }
