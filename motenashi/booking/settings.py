"""What an operator writes about appointments: section `booking` of config.yaml, and what can be wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Annotated, Any

from motenashi.problems import Problem, did_you_mean
from motenashi.yaml_source import YamlMap


@dataclass(frozen=True)
class AppointmentType:
    """One kind of appointment, as flows name it in a `book` step."""

    title: Annotated[Mapping[str, str], "What it is called in the diary, per language (en, ja)."]
    minutes: Annotated[int, "How long it takes."] = 30
    buffer_before: Annotated[int, "Minutes the owner needs free before it."] = 0
    buffer_after: Annotated[int, "Minutes the owner needs free after it."] = 0
    lead_time_minutes: Annotated[int, "Nothing is offered earlier than this from now."] = 120
    horizon_days: Annotated[int, "Nothing is offered later than this many days from now."] = 30
    department: Annotated[str, "Whose business hours hold and who takes it; empty: the company."] = ""
    owners: Annotated[tuple[str, ...], "E-mail addresses of who takes it; empty: the department's people."] = ()
    slot_step_minutes: Annotated[int, "Slots begin this far apart, counted from each opening."] = 30
    most_slots_per_day: Annotated[int, "At most this many a day are offered, spread over the day; 0: all."] = 8
    purpose: Annotated[str, "Purpose of the event in the CRM."] = "meeting"


def _usual() -> Mapping[str, AppointmentType]:
    return {
        "consultation": AppointmentType({"en": "Consultation", "ja": "ご相談"}, department="sales"),
        "demo": AppointmentType(
            {"en": "Online demo", "ja": "オンラインデモ"},
            minutes=60,
            buffer_before=15,
            department="sales",
            purpose="demo",
        ),
    }


@dataclass(frozen=True)
class BookingSettings:
    """config.yaml, section `booking`."""

    appointments: Annotated[Mapping[str, AppointmentType], "Name -> kind of appointment."] = field(
        default_factory=_usual
    )
    departments: Annotated[
        Mapping[str, tuple[str, ...]], "Department -> e-mail addresses of its people; none: all active owners."
    ] = field(default_factory=dict)


_NUMBERS = {
    "minutes": 1,
    "buffer_before": 0,
    "buffer_after": 0,
    "lead_time_minutes": 0,
    "horizon_days": 1,
    "slot_step_minutes": 1,
    "most_slots_per_day": 0,
}


def settings_from(section: Mapping[str, Any]) -> BookingSettings:
    """The settings of a config section that check() found nothing wrong with."""
    given: dict[str, Any] = {}
    if section.get("appointments"):
        given["appointments"] = {
            name: AppointmentType(**dict(appointment) | {"owners": tuple(appointment.get("owners") or ())})
            for name, appointment in section["appointments"].items()
        }
    if section.get("departments"):
        given["departments"] = {name: tuple(people or ()) for name, people in section["departments"].items()}
    return BookingSettings(**given)


def check(section: Mapping[str, Any], file: str, owner_emails: Collection[str] = ()) -> list[Problem]:
    """Everything wrong with a `booking` section. With `owner_emails` (the CRM's owners), also unknown people."""
    checker = _Checker(file, {email.casefold() for email in owner_emails})
    checker.known_keys(section, {field.name for field in fields(BookingSettings)}, "booking")
    for name, appointment in checker.mapping(section, "appointments").items():
        if isinstance(appointment, Mapping):
            checker.appointment(name, appointment)
        else:
            checker.say(section["appointments"], name, f"appointment '{name}' must be a mapping.", "Give it a title.")
    departments = checker.mapping(section, "departments")
    for name, people in departments.items():
        checker.people(departments, name, people)
    return sorted(checker.problems)


class _Checker:
    def __init__(self, file: str, owners: Collection[str]) -> None:
        self.file = file
        self.owners = owners
        self.problems: list[Problem] = []

    def say(self, where: Mapping[str, Any], key: str, what: str, hint: str = "") -> None:
        line = where.line_of(key) if isinstance(where, YamlMap) else 0
        self.problems.append(Problem(self.file, line, what, hint))

    def appointment(self, name: str, appointment: Mapping[str, Any]) -> None:
        self.known_keys(appointment, {field.name for field in fields(AppointmentType)}, f"appointment '{name}'")
        title = appointment.get("title")
        if not isinstance(title, Mapping) or not all(title.get(language) for language in ("en", "ja")):
            hint = "Write `title: {en: ..., ja: ...}`."
            self.say(appointment, "title", f"appointment '{name}' needs a title in both languages.", hint)
        for key, least in _NUMBERS.items():
            value = appointment.get(key, least)
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                self.say(appointment, key, f"{key} must be a whole number from {least} on, not '{value}'.")
        self.people(appointment, "owners", appointment.get("owners"))

    def people(self, where: Mapping[str, Any], key: str, people: Any) -> None:
        if people is None:
            return
        if not isinstance(people, list | tuple) or not all(isinstance(email, str) and "@" in email for email in people):
            self.say(where, key, f"{key} must be a list of e-mail addresses.", "Write `[aya@example.com]`.")
            return
        for email in people:
            if self.owners and email.casefold() not in self.owners:
                what = f"the CRM knows no owner with the address '{email}'."
                self.say(where, key, what, did_you_mean(email, self.owners))

    def known_keys(self, section: Mapping[str, Any], known: Collection[str], where: str) -> None:
        for key in section:
            if key not in known:
                self.say(section, key, f"'{key}' is unknown in {where}.", did_you_mean(key, known))

    def mapping(self, section: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        value = section.get(key)
        if value is None or isinstance(value, Mapping):
            return value or {}
        self.say(section, key, f"{key} must be a mapping.")
        return {}
