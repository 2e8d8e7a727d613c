"""What the fake does beside records: links, composite, bulk, notifications, limits and faults."""

from __future__ import annotations

import csv
import io
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import requests

from tests.fake_zoho.client import Client
from tests.fake_zoho.fake import FakeZoho
from tests.fake_zoho.generated import fill_generated

DEAL = {"Deal_Name": "Ovens", "Stage": "Qualification", "Closing_Date": "2026-12-01"}


def test_products_are_linked_and_unlinked(fake_zoho: FakeZoho, client: Client) -> None:
    deal, oven = fake_zoho.store.put("Deals", DEAL), fake_zoho.store.put("Products", {"Product_Name": "Oven"})
    answers = client.write("PUT", f"/Deals/{deal}/Products", {"id": oven}, {"id": "4876876000000999999"})
    assert [one["code"] for one in answers] == ["SUCCESS", "INVALID_DATA"]
    asked = {
        "sub_request_id": "a",
        "method": "GET",
        "uri": f"/crm/v8/Deals/{deal}/Products",
        "params": {"fields": "id"},
    }
    parts = [asked, asked | {"uri": "/crm/v8/Deals/1/Products"}, asked | {"uri": f"/crm/v8/Products/{oven}/Deals"}]
    response = client.call("POST", "/__composite_requests", {"__composite_requests": parts})
    told = [one["details"]["response"] for one in response.json()["__composite_requests"]]
    assert (response.status_code, [one["status_code"] for one in told]) == (207, [200, 400, 200])
    assert told[0]["body"]["data"] == [{"id": oven}]
    six = client.call("POST", "/__composite_requests", {"__composite_requests": parts * 2})
    assert client.code(six) == (400, "LIMIT_EXCEEDED")
    client.call("DELETE", f"/Deals/{deal}/Products", ids=oven)
    assert fake_zoho.store.products_of(deal) == []


def test_notes_and_emails_hang_on_their_record(fake_zoho: FakeZoho, client: Client) -> None:
    person = fake_zoho.store.put("Contacts", {"Last_Name": "Mori"})
    client.write("POST", f"/Contacts/{person}/Notes", {"Note_Title": "Chat", "Note_Content": "Asked."})
    (note,) = client.get(f"/Contacts/{person}/Notes", fields="Note_Title,Parent_Id").json()["data"]
    assert (note["Parent_Id"]["id"], note["Parent_Id"]["module"]) == (person, {"api_name": "Contacts"})
    assert client.code(client.get(f"/Contacts/{person}/Letters", fields="id")) == (400, "INVALID_DATA")
    for number in range(12):
        mail = {"from": {"email": "a@kita.example"}, "to": [{"email": "b@shop.example"}], "subject": str(number)}
        mail |= {"original_message_id": f"<{number}>", "date_time": f"2026-02-03T09:{number:02d}:00+09:00"}
        client.call("POST", f"/Contacts/{person}/actions/associate_email", {"Emails": [mail]})
    first = client.get(f"/Contacts/{person}/Emails").json()
    assert len(first["Emails"]) == 10
    rest = client.get(f"/Contacts/{person}/Emails", index=first["info"]["next_index"]).json()
    assert [one["subject"] for one in first["Emails"] + rest["Emails"]] == [str(n) for n in range(11, -1, -1)]


def test_a_bulk_job_is_done_after_some_asking(fake_zoho: FakeZoho, client: Client) -> None:
    fill_generated(fake_zoho, 5000)
    asked = {"query": {"module": {"api_name": "Contacts"}, "fields": ["Email", "Account_Name"], "page": 1}}
    started = client.call("POST", "/read", asked, base="/crm/bulk/v8").json()["data"][0]["details"]
    path = f"/read/{started['id']}"
    assert client.get(f"{path}/result", base="/crm/bulk/v8").status_code == 404
    states = [client.get(path, base="/crm/bulk/v8").json()["data"][0] for _ in range(2)]
    assert [one["state"] for one in states] == ["QUEUED", "COMPLETED"]
    assert states[1]["result"]["count"] == 4500
    packed = zipfile.ZipFile(io.BytesIO(client.get(f"{path}/result", base="/crm/bulk/v8").content))
    (name,) = packed.namelist()
    rows = list(csv.DictReader(io.StringIO(packed.read(name).decode())))
    last = fake_zoho.store.get("Contacts", rows[-1]["Id"])
    assert len({one["Id"] for one in rows}) == 4500
    assert last is not None
    assert (rows[-1]["Email"], rows[-1]["Account_Name"]) == (last["Email"], last["Account_Name"]["id"])
    unknown = {"query": {"module": {"api_name": "Notes"}}}
    assert client.call("POST", "/read", unknown, base="/crm/bulk/v8").status_code == 400


class _Hook:
    """Takes pushes."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                import json

                hook.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))

    def __enter__(self) -> _Hook:
        self._thread.start()
        return self

    def __exit__(self, *trouble: object) -> None:
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()


def test_changes_are_pushed_to_those_who_watch(fake_zoho: FakeZoho, client: Client) -> None:
    with _Hook() as hook:
        channel = {"channel_id": "77", "events": ["Contacts.all"], "token": "t0", "notify_url": hook.url}
        assert client.call("POST", "/actions/watch", {"watch": [channel]}).status_code == 201
        person = fake_zoho.store.put("Contacts", {"Last_Name": "Mori"})
        fake_zoho.store.put("Accounts", {"Account_Name": "nobody watches these"})
        client.write("PUT", "/Contacts", {"id": person, "Phone": "03-1111-2222"})
        fake_zoho.store.delete("Contacts", person)
        assert fake_zoho.watch.idle()
        told = [(one["operation"], one["ids"], one["token"], one["module"]) for one in hook.got]
        assert told == [(what, [person], "t0", "Contacts") for what in ("insert", "update", "delete")]
        fake_zoho.switches.push_twice_rate = 1.0
        fake_zoho.store.put("Contacts", {"Last_Name": "Ito"})
        assert fake_zoho.watch.idle()
        assert len(hook.got) == 5
        fake_zoho.advance(3599)
        client.session.headers["Authorization"] = "Zoho-oauthtoken " + client.token().json()["access_token"]
        fake_zoho.advance(2)
        fake_zoho.store.put("Contacts", {"Last_Name": "Abe"})
        assert fake_zoho.watch.idle()
        assert len(hook.got) == 5  # the channel had an hour, since none was asked for


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"notify_url": "http://elsewhere.example/x"}, "INVALID_DATA"),
        ({"token": "x" * 51}, "INVALID_DATA"),
        ({"events": ["Contacts.some"]}, "INVALID_DATA"),
        ({"channel_id": ""}, "MANDATORY_NOT_FOUND"),
    ],
)
def test_a_wrong_channel_is_refused(client: Client, wrong: dict[str, Any], code: str) -> None:
    channel = {"channel_id": "77", "events": ["Contacts.all"], "token": "t", "notify_url": "https://hook.example/x"}
    response = client.call("POST", "/actions/watch", {"watch": [channel | wrong]})
    assert [one["code"] for one in response.json()["watch"]] == [code]


def test_credits_are_told_from_half_on_and_then_refused(fake_zoho: FakeZoho, client: Client) -> None:
    fake_zoho.switches.credits = 4
    told = [client.get("/org").headers.get("X-API-CREDITS-REMAINING") for _ in range(4)]
    assert told == [None, "2", "1", "0"]
    fake_zoho.switches.retry_after = 7
    refused = client.get("/org")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "7")


def test_more_calls_at_once_than_allowed_are_refused(fake_zoho: FakeZoho, client: Client) -> None:
    with fake_zoho.limits.running(heavy=False):
        fake_zoho.switches.parallel = 1
        assert client.code(client.get("/org")) == (429, "TOO_MANY_REQUESTS")
    assert client.get("/org").status_code == 200


def test_a_cut_after_the_write_leaves_the_record(fake_zoho: FakeZoho, client: Client) -> None:
    account = {"data": [{"Account_Name": "A"}]}
    fake_zoho.faults.next("/Accounts", method="POST", cut="before")
    fake_zoho.faults.next("/Accounts", method="POST", cut="after")
    counts = []
    for _ in range(2):
        with pytest.raises(requests.ConnectionError):
            client.call("POST", "/Accounts", account)
        counts.append(fake_zoho.store.count("Accounts"))
    assert counts == [0, 1]
    assert [one.status for one in fake_zoho.calls("POST", "/Accounts")] == [0, 0]


def test_faults_by_chance_are_the_same_for_the_same_seed(fake_zoho: FakeZoho, client: Client) -> None:
    def statuses() -> list[int]:
        fake_zoho.faults.random(seed=3, server_error=0.3, html=0.2, too_many=0.2)
        return [client.get("/org").status_code for _ in range(30)]

    first = statuses()
    assert first == statuses()
    assert {200, 429, 502} < set(first)
    fake_zoho.faults.clear()
    assert {client.get("/org").status_code for _ in range(10)} == {200}


def test_the_admin_path_steers_a_fake_that_runs_elsewhere(fake_zoho: FakeZoho, client: Client) -> None:
    def admin(method: str, path: str, body: Any = None) -> Any:
        return client.call(method, path, body, base="/_admin").json()

    made = admin("POST", "/records/Contacts", {"Last_Name": "Mori", "Phone": "03-1"})["id"]
    admin("POST", "/setup", {"do": "rename_field", "module": "Contacts", "name": "Phone", "new_name": "Tel"})
    assert admin("GET", "/records/Contacts")["data"][0]["Tel"] == "03-1"
    assert client.code(client.coql("select Phone from Contacts where id is not null"))[1] == "INVALID_QUERY"
    admin("POST", "/faults", {"path": "/org", "status": 503})
    assert [client.get("/org").status_code for _ in range(2)] == [503, 200]
    assert "no_such" in admin("POST", "/switches", {"no_such": 1})["error"]
    admin("DELETE", f"/records/Contacts/{made}")
    status = admin("GET", "/status")
    assert (status["records"]["Contacts"], status["faults_met"]) == (0, {"503": 1})
    assert "Authorization" not in str(admin("GET", "/calls"))


def test_links_are_records_of_their_own_where_the_edition_has_them(fake_zoho: FakeZoho, client: Client) -> None:
    deal, oven = fake_zoho.store.put("Deals", DEAL), fake_zoho.store.put("Products", {"Product_Name": "Oven"})
    fake_zoho.store.link(deal, oven)
    query = f"select Deal_Name, Product_Name from Deals_X_Products where Deal_Name in ('{deal}')"
    assert client.coql(query).json()["data"][0]["Product_Name"] == {"id": oven}
    assert client.code(client.call("POST", "/Deals_X_Products", {"data": [{}]})) == (403, "NO_PERMISSION")
    fake_zoho.switches.linking_query = False
    assert client.code(client.coql(query)) == (400, "INVALID_MODULE")
