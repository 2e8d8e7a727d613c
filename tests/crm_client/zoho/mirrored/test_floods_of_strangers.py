"""Somebody types in addresses by the thousand: what that costs, and what the others are told meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crm_client.errors import CrmUnreachable
from crm_client.zoho.settings import ZohoLimits, ZohoSettings
from crm_client.zoho.strangers import Allowance
from motenashi.database import Database
from tests.crm_client.zoho.mirrored.mirrored_world import mirrored_world
from tests.fake_zoho.fake import FakeZoho

SMALL = ZohoSettings(limits=ZohoLimits(credits_a_day=1_600, for_strangers=10))  # 80 questions a day, 10 at once


def test_a_flood_of_addresses_uses_up_its_part_of_the_credits_and_no_more(
    fake_zoho: FakeZoho, database: Database
) -> None:
    with mirrored_world(fake_zoho, database, limits=SMALL.limits) as world:
        fake_zoho.store.put("Contacts", {"Last_Name": "Mori", "Email": "mori@kita.example"})
        world.filled_long_ago()
        credits = world.credits()
        refused = 0
        for number in range(60):
            try:
                assert world.crm.find_contact(email=f"nobody{number}@kita.example") is None
            except CrmUnreachable as error:
                refused += 1
                assert error.trouble == "credits_low"

        assert world.credits() - credits <= 12
        assert refused == 50  # nobody is called unknown whom nobody was asked about
        assert world.crm.find_contact(email="mori@kita.example") is not None


def test_a_mirror_that_will_do_is_believed_when_no_more_may_be_asked(
    fake_zoho: FakeZoho, sqlite_database: Database
) -> None:
    with mirrored_world(fake_zoho, sqlite_database, limits=SMALL.limits) as world:
        world.filled_long_ago(120)
        for number in range(11):
            assert world.crm.find_contact(email=f"nobody{number}@kita.example") is None
        credits = world.credits()
        assert world.crm.find_contact(email="somebody.else@kita.example") is None
        assert world.credits() == credits
        fake_zoho.advance(600)
        with pytest.raises(CrmUnreachable):
            world.crm.find_lead(email="somebody.else@kita.example")


def test_questions_come_in_evenly_and_are_saved_up() -> None:
    now = [datetime(2026, 11, 22, tzinfo=UTC)]
    allowance = Allowance(SMALL.limits, lambda: now[0])

    assert [allowance.take() for _ in range(11)] == [True] * 10 + [False]
    now[0] += timedelta(minutes=18)  # a day has 80 times 18 minutes
    assert [allowance.take() for _ in range(2)] == [True, False]
    now[0] -= timedelta(days=1)  # a clock that is set back gives nothing and takes nothing
    assert not allowance.take()
    now[0] += timedelta(days=9)
    assert [allowance.take() for _ in range(11)] == [True] * 10 + [False]


def test_nobody_is_asked_for_where_an_operator_wants_that() -> None:
    limits = ZohoLimits(for_strangers=0)

    assert not Allowance(limits, lambda: datetime(2026, 11, 22, tzinfo=UTC)).take()
