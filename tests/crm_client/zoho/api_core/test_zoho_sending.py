"""A call with everything around it, over real HTTP: what is repeated, what is not, and what each trouble is called."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crm_client.errors import CrmBusy, CrmError, CrmOutcomeUnknown, CrmRefused, CrmRejected, CrmUnreachable
from crm_client.zoho.api import exchange
from crm_client.zoho.api.connecting import connection_state
from crm_client.zoho.api.one_try import path_template
from crm_client.zoho.api.shapes import Call
from crm_client.zoho.settings import ZohoLimits, ZohoSettings
from motenashi.database import Database
from tests.crm_client.zoho.api_core.conftest import Clock, Opener, environment_of
from tests.fake_zoho.fake import FakeZoho

CONTACTS = Call("GET", "/crm/v8/Contacts", "read contacts", params={"fields": "Last_Name", "per_page": "200"})
UPSERT = Call(
    "POST",
    "/crm/v8/Leads/upsert",
    "upsert leads",
    body={
        "data": [{"Last_Name": "Mori", "Company": "Kita", "Email": "mori@kita.example"}],
        "duplicate_check_fields": ["Email"],
    },
    entries="data",
)
INSERT = Call(
    "POST",
    "/crm/v8/Leads",
    "insert leads",
    body={"data": [{"Last_Name": "Mori", "Company": "Kita"}]},
    repeatable=False,
    entries="data",
)
DEAD_TOKENS = ["INVALID_TOKEN", "INVALID_OAUTHTOKEN", "AUTHENTICATION_FAILURE", "AUTHENTICATION_FAILED"]


@pytest.fixture(autouse=True)
def somebody(fake_zoho: FakeZoho) -> None:
    fake_zoho.store.put("Contacts", {"Last_Name": "Mori", "Email": "mori@kita.example"})


def error_of(work: Callable[[], object]) -> CrmError:
    with pytest.raises(CrmError) as failed:
        work()
    return failed.value


def test_an_answer_and_what_was_sent(zoho_database: Database, fake_zoho: FakeZoho, opened: Opener) -> None:
    answer = opened(zoho_database).send(CONTACTS)

    assert answer.status == 200
    assert [record["Last_Name"] for record in answer.body["data"]] == ["Mori"]


@pytest.mark.parametrize("code", DEAD_TOKENS)
@pytest.mark.parametrize("call", [CONTACTS, INSERT], ids=["read", "insert"])
def test_a_token_that_died_is_renewed_once_and_the_call_repeated(
    zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener, code: str, call: Call
) -> None:
    transport = opened(zoho_sqlite)
    transport.send(CONTACTS)
    fake_zoho.switches.dead_token = code
    fake_zoho.tokens.revoke_access()

    assert transport.send(call).status in (200, 201)
    assert len(fake_zoho.calls("POST", "/oauth/v2/token$")) == 2
    assert fake_zoho.store.count("Leads") == (1 if call is INSERT else 0)


def test_a_token_that_somebody_else_has_renewed_is_used(
    zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener
) -> None:
    one, other = opened(zoho_sqlite), opened(zoho_sqlite)
    one.send(CONTACTS)
    other.send(CONTACTS)
    fake_zoho.tokens.revoke_access()
    one.send(CONTACTS)
    fake_zoho.faults.next("/Contacts", status=401)  # what the other's older token gets

    assert other.send(CONTACTS).status == 200
    assert len(fake_zoho.calls("POST", "/oauth/v2/token$")) <= 3


def test_a_new_token_that_is_not_taken_either_is_an_error(
    zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener
) -> None:
    fake_zoho.faults.next("/Contacts", status=401, code="INVALID_TOKEN", times=2)

    error = error_of(lambda: opened(zoho_sqlite).send(CONTACTS))

    assert isinstance(error, CrmRefused) and error.trouble == "wrong_data_centre"
    assert len(fake_zoho.calls("GET", "/Contacts")) == 2


@pytest.mark.parametrize("dead", ["empty_200", "empty_204"])
@pytest.mark.parametrize("deadline", [None, 5.0], ids=["background", "visitor"])
def test_an_expired_token_that_zoho_answers_with_nothing_is_no_empty_list(
    zoho_sqlite: Database,
    fake_zoho: FakeZoho,
    opened: Opener,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    dead: str,
    deadline: float | None,
) -> None:
    transport = opened(zoho_sqlite)
    transport.send(CONTACTS)
    fake_zoho.switches.dead_token = dead
    fake_zoho.tokens.revoke_access()
    monkeypatch.setattr("crm_client.zoho.api.one_try._PROOF_HOLDS", 0.0)
    monkeypatch.setattr("crm_client.zoho.api.one_try._PROOF_HOLDS_FOR_VISITORS", 0.0)

    answer = transport.send(CONTACTS, deadline=deadline)

    assert [record["Last_Name"] for record in answer.body["data"]] == ["Mori"]


@pytest.mark.parametrize("dead", ["empty_200", "empty_204"])
def test_a_first_answer_that_is_empty_is_not_believed(
    zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener, dead: str
) -> None:
    opened(zoho_sqlite).send(CONTACTS)
    fake_zoho.switches.dead_token = dead
    fake_zoho.tokens.revoke_access()

    restarted = opened(zoho_sqlite)  # goes on with the stored token, of which it knows nothing

    assert restarted.send(CONTACTS).body["data"]


def test_nothing_there_is_nothing_there_and_asked_twice_only_now_and_then(
    zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener
) -> None:
    transport = opened(zoho_sqlite)
    nobody = replace(CONTACTS, path="/crm/v8/Leads")

    assert [transport.send(nobody).body for _ in range(3)] == [{}, {}, {}]
    assert len(fake_zoho.calls("GET", "/Leads")) == 3
    assert len(fake_zoho.calls("GET", "/org")) == 1


def test_an_insert_answered_with_nothing_may_have_been_done(
    zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener
) -> None:
    fake_zoho.faults.next("/Leads", status=200, body={})

    error = error_of(lambda: opened(zoho_sqlite).send(INSERT))

    assert isinstance(error, CrmOutcomeUnknown) and error.trouble == "empty_success"
    assert len(fake_zoho.calls("POST", "/Leads")) == 1


def test_success_with_nothing_in_it_twice_is_a_trouble_with_a_name(
    zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener
) -> None:
    fake_zoho.faults.next("/Contacts", status=200, body={}, times=2)

    error = error_of(lambda: opened(zoho_sqlite).send(CONTACTS))

    assert isinstance(error, CrmUnreachable) and error.trouble == "empty_success"
    assert len(fake_zoho.calls("POST", "/oauth/v2/token$")) == 2


SERVER_TROUBLES: list[Any] = [
    pytest.param({"status": 500}, id="500"),
    pytest.param({"status": 503}, id="503"),
    pytest.param({"html": True}, id="502 html"),
    pytest.param({"html": True, "status": 200}, id="200 html"),
    pytest.param({"cut": "before"}, id="cut before"),
    pytest.param({"cut": "after"}, id="cut after"),
]


@pytest.mark.parametrize("fault", SERVER_TROUBLES)
@pytest.mark.parametrize("call", [CONTACTS, UPSERT], ids=["read", "upsert"])
def test_server_trouble_of_what_may_be_repeated_is_tried_three_times(
    zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener, clock: Clock, call: Call, fault: dict[str, Any]
) -> None:
    fake_zoho.faults.next(call.path, times=2, **fault)

    assert opened(zoho_sqlite).send(call).status in (200, 201)
    assert len(fake_zoho.calls(call.method, call.path)) == 3
    assert len(clock.slept) == 2
    assert all(0 <= pause <= 2**number for number, pause in enumerate(clock.slept, 1))


def test_the_fourth_try_never_comes(zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener) -> None:
    fake_zoho.faults.next("/Contacts", status=500, times=3)

    error = error_of(lambda: opened(zoho_sqlite).send(CONTACTS))

    assert isinstance(error, CrmUnreachable) and error.trouble == "outage"
    assert not isinstance(error, CrmOutcomeUnknown)
    assert len(fake_zoho.calls("GET", "/Contacts")) == 3


@pytest.mark.parametrize("fault", SERVER_TROUBLES)
def test_an_insert_with_server_trouble_has_an_unknown_outcome(
    zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener, fault: dict[str, Any]
) -> None:
    fake_zoho.faults.next("/Leads", **fault)

    error = error_of(lambda: opened(zoho_sqlite).send(INSERT))

    assert isinstance(error, CrmOutcomeUnknown)
    assert len(fake_zoho.calls("POST", "/Leads")) == 1
    assert fake_zoho.store.count("Leads") == (1 if fault.get("cut") == "after" else 0)


def test_an_insert_that_timed_out_has_an_unknown_outcome(
    zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener
) -> None:
    fake_zoho.faults.next("/Leads", delay_after=0.6)
    transport = opened(zoho_sqlite, settings=ZohoSettings(limits=ZohoLimits(read_seconds=0.2)))

    assert isinstance(error_of(lambda: transport.send(INSERT)), CrmOutcomeUnknown)
    assert len(fake_zoho.calls("POST", "/Leads")) <= 1


def test_an_insert_that_never_left_is_tried_again(
    zoho_sqlite: Database, opened: Opener, fake_zoho: FakeZoho, monkeypatch: pytest.MonkeyPatch
) -> None:
    transport = opened(zoho_sqlite)
    transport.send(CONTACTS)
    transport._exchange.close()  # so that a new connection is needed
    connect, refused = socket.socket.connect, []

    def refuse_once(self: socket.socket, address: Any) -> None:
        if not refused:
            refused.append(address)
            raise ConnectionRefusedError
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", refuse_once)

    assert transport.send(INSERT).status == 201
    assert refused
    assert fake_zoho.store.count("Leads") == 1


@pytest.mark.parametrize("call", [CONTACTS, INSERT], ids=["read", "insert"])
def test_too_many_calls_is_tried_again_no_sooner_than_zoho_asks(
    zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener, clock: Clock, call: Call
) -> None:
    fake_zoho.faults.next(call.path, status=429, headers={"Retry-After": "7"})

    assert opened(zoho_sqlite).send(call).status in (200, 201)
    assert len(clock.slept) == 1 and clock.slept[0] >= 7


def test_who_should_wait_longer_than_we_may_is_told_how_long(
    zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener, clock: Clock
) -> None:
    transport = opened(zoho_sqlite)
    for deadline, asked in ((2.0, "7"), (None, "300")):
        fake_zoho.faults.next("/Contacts", status=429, headers={"Retry-After": asked})
        error = error_of(lambda deadline=deadline: transport.send(CONTACTS, deadline=deadline))  # type: ignore[misc]
        assert isinstance(error, CrmBusy) and error.retry_after == float(asked)

    assert clock.slept == []


def test_a_scope_that_is_missing_is_named_and_the_rest_goes_on(
    zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener, clock: Clock
) -> None:
    fake_zoho.tokens.set_scopes("ZohoCRM.org.READ,ZohoCRM.modules.contacts.READ")
    transport = opened(zoho_sqlite)

    error = error_of(lambda: transport.send(replace(CONTACTS, path="/crm/v8/Leads")))

    assert isinstance(error, CrmRefused) and error.trouble == "missing_scope"
    assert len(fake_zoho.calls("POST", "/oauth/v2/token$")) == 1  # a new token would not help
    assert transport.send(CONTACTS).status == 200
    assert transport.can_work()
    settings = ZohoSettings(fake_url=fake_zoho.url)
    assert connection_state(zoho_sqlite, settings, environment_of(fake_zoho), clock=clock).trouble == "missing_scope"


def test_the_wrong_host_ends_all_calls(zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener) -> None:
    fake_zoho.switches.wrong_host = True
    transport = opened(zoho_sqlite)

    troubles = [error_of(lambda: transport.send(CONTACTS)).trouble for _ in range(3)]

    assert troubles == ["wrong_data_centre"] * 3
    assert len(fake_zoho.calls("GET", "/Contacts")) == 1


def test_a_wrong_call_is_not_repeated(zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener) -> None:
    error = error_of(lambda: opened(zoho_sqlite).send(replace(CONTACTS, path="/crm/v8/Kontakte")))

    assert isinstance(error, CrmRejected) and error.trouble == "module_missing"
    assert len(fake_zoho.calls("GET", "/Kontakte")) == 1


def test_an_outage_opens_the_breaker_and_nobody_waits(
    zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener
) -> None:
    transport = opened(zoho_sqlite)
    transport.send(CONTACTS)
    fake_zoho.faults.outage = True
    errors = [error_of(lambda: transport.send(CONTACTS)) for _ in range(6)]

    assert all(isinstance(error, CrmUnreachable) and error.trouble == "outage" for error in errors)
    assert not transport.can_work()
    assert len(fake_zoho.calls("GET", "/Contacts")) == 1 + 5


def test_a_redirect_is_not_followed(zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener) -> None:
    elsewhere = {"Location": f"{fake_zoho.url}/crm/v8/Accounts"}
    fake_zoho.faults.next("/Contacts", status=302, body={}, headers=elsewhere, times=3)

    assert isinstance(error_of(lambda: opened(zoho_sqlite).send(CONTACTS)), CrmUnreachable)
    assert fake_zoho.calls("GET", "/Accounts") == []


def test_an_answer_without_end_is_not_read_to_its_end(
    zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "MOST_BYTES", 1000)
    fake_zoho.faults.next("/Contacts", body={"data": ["x" * 5000]})
    fake_zoho.faults.next("/Leads", body={"data": ["x" * 5000]})
    transport = opened(zoho_sqlite)

    read, insert = error_of(lambda: transport.send(CONTACTS)), error_of(lambda: transport.send(INSERT))

    assert type(read) is CrmUnreachable and isinstance(insert, CrmOutcomeUnknown)
    assert len(fake_zoho.calls("GET", "/Contacts")) == 1


def test_a_file_goes_to_the_disk_and_a_broken_one_leaves_nothing(
    zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(downloads))
    call = Call("GET", "/crm/bulk/v8/read/61/result", "get rows", binary=True)
    fake_zoho.faults.next("/result", html=True, status=200, times=3)
    transport = opened(zoho_sqlite)

    assert error_of(lambda: transport.send(call)).trouble == "not_json"
    assert list(downloads.iterdir()) == []

    monkeypatch.setattr(exchange, "MOST_FILE_BYTES", 1000)
    fake_zoho.faults.next("/result", body="Id\n" * 1000, headers={"Content-Type": "text/csv"})
    assert "larger" in str(error_of(lambda: transport.send(call)))
    assert list(downloads.iterdir()) == []

    fake_zoho.faults.next("/result", body="Id\n61\n", headers={"Content-Type": "text/csv"})
    file = Path(transport.send(call).content)
    assert (file.parent, file.read_text()) == (downloads, "Id\n61\n")


class Counted:
    """How many requests are under way at the same time."""

    def __init__(self, send: Callable[..., Any]) -> None:
        self._send, self._lock, self._now, self.most = send, threading.Lock(), 0, 0

    def __call__(self, *given: Any) -> Any:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        try:
            return self._send(*given)
        finally:
            with self._lock:
                self._now -= 1


@pytest.mark.parametrize(("heavy", "most"), [(False, 4), (True, 2)])
def test_background_work_has_four_places_two_of_them_for_heavy_calls_and_a_visitor_does_not_queue(
    zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener, monkeypatch: pytest.MonkeyPatch, heavy: bool, most: int
) -> None:
    transport = opened(zoho_sqlite)
    transport.send(Call("GET", "/crm/v8/org", "read the organisation"))
    fake_zoho.faults.next("/Contacts", delay=0.2, times=8)
    counted = Counted(transport._exchange.send)
    monkeypatch.setattr(transport._exchange, "send", counted)
    call = replace(CONTACTS, heavy=heavy)
    background = [threading.Thread(target=transport.send, args=(call,)) for _ in range(8)]
    for thread in background:
        thread.start()

    while counted.most < most:
        time.sleep(0.005)
    status = transport.send(Call("GET", "/crm/v8/users", "read users"), deadline=5.0).status
    still = any(thread.is_alive() for thread in background)
    for thread in background:
        thread.join()

    assert (status, still) == (200, True)
    assert counted.most <= most + 1  # and the visitor


def test_the_log_says_how_it_went_and_nothing_that_is_secret(
    zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="crm_client")
    transport = opened(zoho_sqlite)
    transport.send(CONTACTS)
    transport.send(UPSERT)
    fake_zoho.faults.next("/Contacts", status=503, code="SERVICE_UNAVAILABLE")
    found = replace(CONTACTS, path="/crm/v8/Contacts/search", params={"email": "mori@kita.example", "fields": "id"})
    fake_zoho.switches.credits = 100
    transport.send(replace(found, path="/crm/v8/Contacts"))

    assert "zoho GET /crm/v8/Contacts: 503 SERVICE_UNAVAILABLE, " in caplog.text
    for secret in ("1000.", fake_zoho.client_secret, "mori", "Mori", "kita", "Bearer"):
        assert secret not in caplog.text


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/crm/v8/Contacts/6100000000000401/Deals", "/crm/v8/Contacts/{id}/Deals"),
        ("/crm/bulk/v8/read/6100000000009001/result", "/crm/bulk/v8/read/{id}/result"),
        ("/crm/v2.1/Leads", "/crm/v2.1/Leads"),
        ("/crm/v8/Leads/mori@kita.example", "/crm/v8/Leads/{id}"),
        ("/crm/v8/__composite_requests?x=secret", "/crm/v8/__composite_requests"),
    ],
)
def test_ids_and_addresses_stay_out_of_the_log(path: str, template: str) -> None:
    assert path_template(path) == template
