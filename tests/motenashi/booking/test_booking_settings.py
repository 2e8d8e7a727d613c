"""What can be wrong with appointments in config.yaml."""

from __future__ import annotations

from typing import Any

from motenashi.booking.settings import AppointmentType, BookingSettings, check, settings_from
from motenashi.yaml_source import read_documents

WRONG = """\
appointments:
  demo:
    title: {en: Online demo}
    minutes: 0
    bufer_before: 5
    lead_time_minutes: soon
    owners: [aia@example.com]
  talk: half an hour
departments:
  sales: aya
apointments: {}
"""


def section(text: str) -> Any:
    return read_documents(text, "config.yaml")[0][0]


def test_every_problem_is_told_with_its_line() -> None:
    told = [str(problem) for problem in check(section(WRONG), "config.yaml", ["aya@example.com"])]

    assert told == [
        "config.yaml:3: appointment 'demo' needs a title in both languages. Write `title: {en: ..., ja: ...}`.",
        "config.yaml:4: minutes must be a whole number from 1 on, not '0'.",
        "config.yaml:5: 'bufer_before' is unknown in appointment 'demo'. Did you mean 'buffer_before'?",
        "config.yaml:6: lead_time_minutes must be a whole number from 0 on, not 'soon'.",
        "config.yaml:7: the CRM knows no owner with the address 'aia@example.com'. Did you mean 'aya@example.com'?",
        "config.yaml:8: appointment 'talk' must be a mapping. Give it a title.",
        "config.yaml:10: sales must be a list of e-mail addresses. Write `[aya@example.com]`.",
        "config.yaml:11: 'apointments' is unknown in booking. Did you mean 'appointments'?",
    ]


def test_what_is_right_can_be_used() -> None:
    right = section(
        "appointments: {visit: {title: {en: Visit, ja: ご訪問}, minutes: 90, owners: [aya@example.com]}}\n"
        "departments: {sales: [ben@example.com]}\n"
    )

    assert check(right, "config.yaml", ["aya@example.com", "BEN@example.com"]) == []
    assert settings_from(right) == BookingSettings(
        {"visit": AppointmentType({"en": "Visit", "ja": "ご訪問"}, minutes=90, owners=("aya@example.com",))},
        {"sales": ("ben@example.com",)},
    )
    assert settings_from({}) == BookingSettings()
