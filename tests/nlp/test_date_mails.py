"""Dates in whole mails: each set reaches what it has reached, with a little room below."""

from __future__ import annotations

from datetime import datetime

import pytest

from nlp.dates import NormalForm
from tests.nlp.date_mail_scores import SETS, is_same, scores_of
from tests.nlp.date_mails import date_mails

# found (F1), values, values of proposed times, zones, roles: just below what was measured
FLOORS = {
    "date_mails_en": (0.98, 0.95, 0.97, 0.95, 0.915),
    "date_mails_ja": (0.98, 0.95, 0.98, 0.95, 0.92),
    "date_mails_second_en": (0.975, 0.95, 0.95, 0.95, 0.89),
    "date_mails_second_ja": (0.975, 0.93, 0.98, 0.95, 0.91),
    "date_mails_third_en": (0.975, 0.97, 0.97, 0.95, 0.89),
    "date_mails_third_ja": (0.98, 0.96, 0.97, 0.95, 0.91),
}


@pytest.mark.parametrize("name", SETS)
def test_a_set_of_mails_is_read_as_well_as_before(name: str) -> None:
    told = scores_of(date_mails(name))

    figures = (told.found, told.values, told.proposed_values, told.zones, told.roles_right)

    assert all(figure >= floor for figure, floor in zip(figures, FLOORS[name], strict=True)), (figures, told.roles)


@pytest.mark.parametrize("name", SETS)
def test_a_set_holds_every_role_and_marks_that_point_into_the_text(name: str) -> None:
    mails = date_mails(name)

    assert {one.role for mail in mails for one in mail.expected} == {"proposed", "old", "deadline", "past", "other"}
    assert all(mail.text[one.start : one.end] == one.text for mail in mails for one in mail.expected)
    assert len({mail.name for mail in mails}) == len(mails) >= 25


SENT = datetime.fromisoformat("2026-05-13T10:00:00+01:00")


@pytest.mark.parametrize(
    ("form", "right"),
    [
        (NormalForm("instant", "2026-05-20T15:00:00", grain="hour"), True),
        (NormalForm("instant", "2026-05-20T23:00:00", grain="hour", zone="+09:00"), True),
        (NormalForm("instant", "2026-05-20T15:00:00", grain="hour", zone="+09:00"), False),
        (NormalForm("instant", "2026-05-20T03:00:00", grain="hour"), False),
        (NormalForm("instant", "2026-05-20T00:00:00", grain="day"), False),
        (NormalForm("time", "15:00:00"), False),
    ],
)
def test_a_value_is_right_when_it_says_the_same_moment(form: NormalForm, right: bool) -> None:
    gold = {"kind": "instant", "value": "2026-05-20T15:00:00", "grain": "minute"}

    assert is_same(gold, form, SENT) is right
