"""The company's hours as a history needs them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from motenashi.business_hours.settings import BusinessHoursSettings
from motenashi.sales_history.history import Organisation
from motenashi.sales_history.organisation import organisation_of

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


def test_hours_go_from_the_first_opening_to_the_last_closing() -> None:
    weekly = {"monday": ("09:00-12:00", "13:00-17:30"), "saturday": ("10:00-14:00",), "sunday": ()}

    found = organisation_of(BusinessHoursSettings("Europe/Berlin", weekly), NOW)

    assert found == Organisation("Europe/Berlin", (0, 5), 9 * 60, 17 * 60 + 30, int(NOW.timestamp()))


def test_hours_beyond_midnight_end_there() -> None:
    assert organisation_of(BusinessHoursSettings(weekly={"friday": ("22:00-06:00",)}), NOW).closes == 24 * 60


def test_a_company_that_never_opens_has_no_business_days() -> None:
    assert organisation_of(BusinessHoursSettings(weekly={}), NOW).business_days == ()


def test_a_moment_needs_its_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        organisation_of(BusinessHoursSettings(), NOW.replace(tzinfo=None))
