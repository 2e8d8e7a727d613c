"""Steps that bring people in: the hand-over to an operator, and an appointment with one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar
from zoneinfo import ZoneInfo

from motenashi.conversation.answers import Wrong, read_answer
from motenashi.conversation.as_json import card_from_json, card_to_json
from motenashi.conversation.input_cards import DateTimeSlots
from motenashi.conversation.message import Message
from motenashi.conversation.reply import Action
from motenashi.flow_engine import phrases
from motenashi.flow_engine.flow import Target
from motenashi.flow_engine.outcome import Exit, Finish, Go, Next, NotMine, Outcome, Wait
from motenashi.flow_engine.services import HandOver, ServiceFailed, Slot, Taken
from motenashi.flow_engine.steps.step_kind import StepKind, StepSpec
from motenashi.flow_engine.texts import LocalText, Value
from motenashi.flow_engine.turn import Turn, known_zone


@dataclass(frozen=True)
class Operators:
    department: Annotated[Value | None, "The department; the channel's default without it."] = None
    operators: Annotated[Value | None, "E-mail addresses of certain operators: a list, or $variable."] = None
    summary: Annotated[LocalText | None, "What the operator reads first."] = None
    only_record: Annotated[bool, "Leave it for later: nobody is called to the chat, on to `when_unavailable`."] = False


@dataclass(frozen=True, kw_only=True)
class ForwardSpec(StepSpec):
    forward_to_operator: Annotated[Operators, "To whom."]
    say: Annotated[LocalText | None, "Said when somebody takes over."] = None
    when_unavailable: Annotated[Target, "Where to go when nobody is there."]


class Forward(StepKind[ForwardSpec]):
    name: ClassVar[str] = "forward_to_operator"
    spec = ForwardSpec
    meaning: ClassVar[str] = "Records the hand-over and lets a person take the chat; else goes to `when_unavailable`."
    ends: ClassVar[bool] = True

    def run(self, spec: ForwardSpec, turn: Turn) -> Outcome:
        only_record = spec.forward_to_operator.only_record
        # When we are answering a hand-over that just failed, it is never tried again at once.
        if not turn.may_forward and not only_record:
            return Go(spec.when_unavailable, "when_unavailable")
        asked = _hand_over(spec, turn)
        try:
            somebody = turn.services.hand_over(asked)
        except ServiceFailed as error:
            turn.failed(error)
            somebody = False
        nobody_comes = not somebody and not turn.message.channel.hands_over
        if only_record or nobody_comes:
            return Go(spec.when_unavailable, "when_unavailable")
        if spec.say:
            turn.say(turn.text(spec.say))
        return Finish(Action.FORWARD, asked.department, asked.operators)

    def exits(self, spec: ForwardSpec) -> Iterable[Exit]:
        if not spec.forward_to_operator.only_record:
            yield Exit("forward", None, ends=True)
        yield Exit("when_unavailable", spec.when_unavailable, by="platform")


def _hand_over(spec: ForwardSpec, turn: Turn) -> HandOver:
    wish = spec.forward_to_operator
    operators = turn.value(wish.operators) if wish.operators else ()
    if isinstance(operators, str):
        operators = (operators,)
    person = turn.look_up("person")
    person = person if isinstance(person, Mapping) else {}
    record = str(person.get("record_id") or "")
    return HandOver(
        conversation_id=turn.conversation_id,
        department=str(turn.value(wish.department) or "") if wish.department else "",
        operators=tuple(str(operator) for operator in operators or () if operator),
        language=turn.language,
        reason=f"{turn.stack[-1].flow}.{turn.stack[-1].step}",
        summary=turn.text(wish.summary) if wish.summary else "",
        contact_id=record if person.get("kind") == "contact" else "",
        lead_id=record if person.get("kind") == "lead" else "",
        key=turn.key("hand_over"),
    )


@dataclass(frozen=True)
class Appointment:
    appointment: Annotated[str, "The appointment type, as config.yaml names it."]
    days: Annotated[int, "How many days ahead slots are offered."] = 7
    note: Annotated[LocalText | None, "A note in the event."] = None


@dataclass(frozen=True, kw_only=True)
class BookSpec(StepSpec):
    book: Annotated[Appointment, "What is booked."]
    say: Annotated[LocalText | None, "Said with the slots."] = None
    booked: Annotated[LocalText | None, "Said when it is booked; `slot.when` is the time in the visitor's words."] = (
        None
    )
    save: Annotated[str, "Keep {event_id, start, end, when, time_zone} under this name."] = ""
    on_none: Annotated[Target, "Where to go when there is no free slot, or booking fails."]


class Book(StepKind[BookSpec]):
    name: ClassVar[str] = "book"
    spec = BookSpec
    meaning: ClassVar[str] = "Offers free slots and writes the appointment into the CRM."
    waits: ClassVar[bool] = True

    def run(self, spec: BookSpec, turn: Turn) -> Outcome:
        return self._offer(spec, turn, turn.text(spec.say or phrases.PICK_A_SLOT))

    def _offer(self, spec: BookSpec, turn: Turn, say: str) -> Outcome:
        try:
            slots = turn.services.diary.slots(
                appointment=spec.book.appointment, now=turn.now, days=spec.book.days, time_zone=turn.zone
            )
        except ServiceFailed as error:
            turn.failed(error)
            slots = ()
        if not slots:
            return Go(spec.on_none, "on_none")
        turn.say(say)
        card = DateTimeSlots(_by_day(slots, turn.zone), turn.zone, title=turn.text(phrases.FREE_SLOTS))
        turn.input = card
        minutes = int((slots[0].end - slots[0].start).total_seconds() // 60)
        return Wait({"card": card_to_json(card), "minutes": minutes})

    def answer(self, spec: BookSpec, turn: Turn, message: Message) -> Outcome:
        card = card_from_json(turn.memory["card"])
        zone = card.time_zone if isinstance(card, DateTimeSlots) else turn.zone
        read = read_answer(card, message.text, message.card, language=turn.language, now=turn.now, time_zone=zone)
        if isinstance(read, Wrong):
            return NotMine(read.sentence(turn.language))
        slot = _slot(str(read.value), zone, int(turn.memory["minutes"]))
        try:
            event_id = turn.services.diary.book(
                appointment=spec.book.appointment, slot=slot, key=turn.key("book"), **_who(spec, turn)
            )
        except Taken:
            return self._offer(spec, turn, turn.text(phrases.SLOT_TAKEN))
        except ServiceFailed as error:
            turn.failed(error)
            turn.say(turn.text(phrases.TRY_AGAIN_LATER))
            return Go(spec.on_none, "on_none")
        return self._booked(spec, turn, slot, zone, event_id)

    def _booked(self, spec: BookSpec, turn: Turn, slot: Slot, zone: str, event_id: str) -> Outcome:
        when = _when(slot, zone, turn.language)
        booking = {
            "event_id": event_id,
            "start": slot.start.isoformat(),
            "end": slot.end.isoformat(),
            "when": when,
            "time_zone": zone,
        }
        if spec.save:
            turn.save(spec.save, booking)
        turn.say(turn.text(spec.booked or phrases.BOOKED, slot=booking))
        return Next()

    def exits(self, spec: BookSpec) -> Iterable[Exit]:
        yield Exit("then", spec.then, by="visitor", says="(a free slot)")
        yield Exit("on_none", spec.on_none, by="error")


def _who(spec: BookSpec, turn: Turn) -> dict[str, Any]:
    person = turn.look_up("person")
    person = person if isinstance(person, Mapping) else {}
    record = str(person.get("record_id") or "")
    return {
        "name": str(turn.visitor.get("name") or ""),
        "email": str(turn.visitor.get("email") or ""),
        "contact_id": record if person.get("kind") == "contact" else "",
        "lead_id": record if person.get("kind") == "lead" else "",
        "note": turn.text(spec.book.note) if spec.book.note else "",
        "language": turn.language,
    }


def _by_day(slots: Iterable[Slot], zone: str) -> dict[str, tuple[str, ...]]:
    days: dict[str, list[str]] = {}
    for slot in slots:
        start = slot.start.astimezone(ZoneInfo(zone))
        days.setdefault(start.date().isoformat(), []).append(start.strftime("%H:%M"))
    return {day: tuple(times) for day, times in days.items()}


def _slot(value: str, zone: str, minutes: int) -> Slot:
    start = datetime.fromisoformat(value)
    start = start.replace(tzinfo=ZoneInfo(zone)) if start.tzinfo is None else start
    return Slot(start, start + timedelta(minutes=minutes))


_WEEKDAYS_JA = "月火水木金土日"


def _when(slot: Slot, zone: str, language: str) -> str:
    """`Tuesday 3 November, 10:30 (Japan time)` or `11月3日（火）10:30（日本時間）`; other zones by their IANA name."""
    start = slot.start.astimezone(ZoneInfo(known_zone(zone) or "UTC"))
    if language == "ja":
        clock = "日本時間" if zone == "Asia/Tokyo" else zone
        return f"{start.month}月{start.day}日（{_WEEKDAYS_JA[start.weekday()]}）{start:%H:%M}（{clock}）"
    clock = "Japan time" if zone == "Asia/Tokyo" else zone
    return f"{start:%A} {start.day} {start:%B}, {start:%H:%M} ({clock})"
