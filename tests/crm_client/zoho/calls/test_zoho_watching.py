"""Notification channels: opened or replaced, kept as long as Zoho says, closed without a fuss."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from crm_client.errors import CrmRejected, CrmUnreachable
from crm_client.zoho.api.shapes import Answer, Channel
from tests.crm_client.zoho.calls.recording import NOTHING, api, rows

UNTIL = datetime(2026, 2, 4, 8, 0, tzinfo=UTC)
EARLIER = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)
EVENTS = ("Contacts.all", "Deals.all")
URL = "https://hooks.shop.example/channels/crm/zoho/9b1e"


def watch(calls: Any, **changed: Any) -> Channel:
    wanted = {"channel_id": "20260203001", "events": EVENTS, "token": "secret", "url": URL, "until": UNTIL} | changed
    channel: Channel = calls.watch(wanted.pop("channel_id"), wanted.pop("events"), **wanted)
    return channel


def opened(*ends: str) -> dict[str, Any]:
    return {"code": "SUCCESS", "status": "success", "details": {"events": [{"channel_expiry": end} for end in ends]}}


def listed(channel: str = "20260203001", *events: str, ends: str = "2026-02-03T19:00:00+09:00") -> dict[str, Any]:
    return {"channel_id": channel, "events": list(events), "channel_expiry": ends, "notify_url": URL}


def test_a_channel_is_opened_and_lives_as_long_as_zoho_says() -> None:
    calls, sender = api(NOTHING, rows(opened("2026-02-03T20:00:00+09:00", "2026-02-03T19:00:00+09:00"), name="watch"))

    assert watch(calls) == Channel("20260203001", EVENTS, EARLIER, URL)
    ask = sender.calls[1]
    assert (ask.method, ask.path, ask.entries) == ("POST", "/crm/v8/actions/watch", "watch")
    assert ask.body == {
        "watch": [
            {
                "channel_id": "20260203001",
                "events": ["Contacts.all", "Deals.all"],
                "channel_expiry": "2026-02-04T08:00:00+00:00",
                "token": "secret",
                "notify_url": URL,
                "notify_on_related_action": False,
                "return_affected_field_values": False,
            }
        ]
    }


def test_a_channel_that_is_open_is_replaced_and_asked_how_long_it_lives() -> None:
    there = rows(listed("20260203001", "Contacts.all"), name="watch")
    calls, sender = api(there, rows({"code": "SUCCESS", "details": {"channel_id": "20260203001"}}, name="watch"), there)

    assert watch(calls) == Channel("20260203001", ("Contacts.all",), EARLIER, URL)
    assert [call.method for call in sender.calls] == ["GET", "PUT", "GET"]


@pytest.mark.parametrize(
    "gone",
    [
        Answer(400, {"watch": [{"code": "NOT_SUBSCRIBED", "status": "error", "details": {}}]}, {}),
        CrmRejected("open", "no", code="NOT_SUBSCRIBED"),
    ],
    ids=["entry", "call"],
)
def test_a_channel_that_ended_in_between_is_opened_anew(gone: Any) -> None:
    calls, sender = api(
        rows(listed("20260203001", "Contacts.all"), name="watch"),
        gone,
        rows(opened("2026-02-03T19:00:00+09:00"), name="watch"),
    )

    assert watch(calls).expires_at == EARLIER
    assert [call.method for call in sender.calls] == ["GET", "PUT", "POST"]


def test_a_channel_that_zoho_does_not_list_is_not_open() -> None:
    calls, _ = api(NOTHING, rows({"code": "SUCCESS", "details": {}}, name="watch"), NOTHING)

    with pytest.raises(CrmUnreachable):
        watch(calls)


@pytest.mark.parametrize("status", [202, 207, 400])
def test_an_entry_that_failed_is_an_error_whatever_the_status(status: int) -> None:
    failed = {"code": "INVALID_DATA", "status": "error", "details": {"api_name": "notify_url"}}
    calls, _ = api(NOTHING, rows(opened("2026-02-03T20:00:00+09:00"), failed, name="watch", status=status))

    with pytest.raises(CrmRejected) as error:
        watch(calls)

    assert error.value.field == "notify_url"


@pytest.mark.parametrize(
    "wrong", [{"token": ""}, {"token": "x" * 51}, {"url": "https://" + "x" * 250}, {"channel_id": "my channel"}]
)
def test_what_zoho_would_not_keep_is_not_sent(wrong: dict[str, str]) -> None:
    calls, sender = api()

    with pytest.raises(CrmRejected):
        watch(calls, **wrong)

    assert not sender.calls


def test_a_channel_is_one_although_zoho_lists_it_for_each_module() -> None:
    calls, _ = api(
        rows(
            listed("1", "Contacts.all"),
            listed("2", "Leads.all"),
            listed("1", "Deals.all", ends="2026-02-03T18:00:00+09:00"),
            {"channel_id": None},
            name="watch",
        )
    )

    one, two = calls.channels()

    assert (one.id, one.events, one.expires_at) == ("1", ("Contacts.all", "Deals.all"), EARLIER.replace(hour=9))
    assert (two.id, two.events) == ("2", ("Leads.all",))


def test_closing_what_is_closed_already_is_fine() -> None:
    gone = {"code": "NOT_SUBSCRIBED", "status": "error", "details": {}}
    calls, sender = api(
        rows({"code": "SUCCESS", "status": "success", "details": {}}, gone, name="watch", status=207),
        CrmRejected("close", "no", code="NOT_SUBSCRIBED"),
        NOTHING,
    )

    for _ in range(3):
        calls.stop_watching(["1", "2"])
    calls.stop_watching([])

    assert [(call.method, dict(call.params)) for call in sender.calls] == [("DELETE", {"channel_ids": "1,2"})] * 3


@pytest.mark.parametrize(
    "answer",
    [
        Answer(400, {"watch": [{"code": "NO_PERMISSION", "status": "error", "details": {}}]}, {}),
        CrmUnreachable("close", "away"),
    ],
    ids=["entry", "away"],
)
def test_other_troubles_of_closing_are_told(answer: Any) -> None:
    calls, _ = api(answer)

    with pytest.raises(Exception, match="close"):
        calls.stop_watching(["1"])
