"""Alerts at work, on a real store: raised once, acted on once, tried again, and never for old mail."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.settings import EmbeddedCrmSettings
from crm_client.records import Contact, Deal, Outcome, Owner, Stage
from motenashi.alerts.acting import SIGNATURE, Acting
from motenashi.alerts.check import read_rules
from motenashi.alerts.desk import AlertDesk
from motenashi.alerts.happenings import Happenings, Place
from motenashi.alerts.live_alerts import LiveAlerts
from motenashi.alerts.raised_store import RaisedStore
from motenashi.alerts.settings import AlertSettings
from motenashi.database import Database
from motenashi.insights.voice.response import Response, SaidKeyword, Tone
from motenashi.insights.voice.responses import Responses
from motenashi.insights.voice.tables import voice_events
from motenashi.outgoing_mail.outgoing_mail import OutgoingMail
from motenashi.outgoing_mail.settings import OutgoingMailSettings
from motenashi.outgoing_mail.tables import mail_outbox
from motenashi.web_call.caller import WebCaller
from motenashi.web_call.settings import WebCallSettings
from tests.migrated import migrate

NOW = datetime(2026, 5, 11, 0, 30, tzinfo=UTC)
WORRY = """alert: worry
title: {en: Worry, ja: 心配}
if:
  - {keywords: {has: price}}
  - {tone: negative}
do:
"""
TASK = """  - task:
      title: {en: "Call {{ person.name }}", ja: "{{ person.name }}様へ電話"}
      note: "{{ text }}"
      due_in: 2 hours
"""
MAIL = """  - mail: {to: owner, subject: "About {{ deal.name }}", text: "{{ account.name }}: {{ text }}"}
"""


@dataclass
class Service:
    """Somebody's service: what it was sent, and what it answers next (200 when nothing is said)."""

    url: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            service.got.append((dict(self.headers), body))
            self.send_response(service.answers.pop(0) if service.answers else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """The test's output stays clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield service
    server.shutdown()
    server.server_close()


@dataclass
class House:
    database: Database
    crm: EmbeddedCrm
    responses: Responses
    desk: AlertDesk
    folder: Path

    def said(
        self,
        key: str,
        *,
        tone: Tone = "negative",
        at: datetime = NOW,
        text: str = "Far too expensive.",
        contact_id: str = "c1",
        deal_id: str = "d1",
    ) -> Response:
        words = (SaidKeyword("Price", "price", tone=tone), SaidKeyword("discount", "discount", said_by="us"))
        plain = Response(0, key, at, "email", "mail", contact_id=contact_id, deal_id=deal_id, text=text)
        return self.responses.add(replace(plain, tone=tone, keywords=words))

    def tasks(self) -> list[str]:
        return [one.subject for one in self.crm.activities_of(contact_id="c1")]

    def mails(self) -> list[tuple[str, str, str]]:
        with self.database.read() as connection:
            rows = connection.execute(select(mail_outbox.c.to, mail_outbox.c.subject, mail_outbox.c.text))
            return [(row.to, row.subject, row.text) for row in rows]

    def states(self) -> list[str]:
        return [one.state for one in reversed(self.desk.newest())]


@pytest.fixture
def house(
    database: Database, tmp_path: Path, service: Service, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], House]:
    monkeypatch.setattr("motenashi.alerts.live_alerts.LOOK_EVERY", 0.0)
    monkeypatch.setenv("HOOK_SECRET", "very secret")
    migrate(database)
    crm = EmbeddedCrm(database, EmbeddedCrmSettings())
    crm.set_stages([Stage("Talks", Outcome.OPEN, 1), Stage("Won", Outcome.WON, 2)])
    crm.save_owner(Owner("u1", "Yui", "yui@us.example"))
    crm.save_contact(Contact("c1", "Sato", "Aki", email="aki@example.com", owner_id="u1"))
    crm.save_deal(Deal("d1", "Forty laptops", "Talks", contact_id="c1", owner_id="u1"), at=NOW)
    responses = Responses(database)
    web = WebCaller(
        WebCallSettings(
            allowed_hosts=(service.url.split("/")[2],),
            http_hosts=(service.url.split("/")[2],),
            allow_private_addresses=True,
            secrets={"hook": "HOOK_SECRET"},
        )
    )
    sending = OutgoingMail(OutgoingMailSettings(), database)

    def build(rules: str) -> House:
        folder = tmp_path / "alerts"
        folder.mkdir(exist_ok=True)
        (folder / "rules.yaml").write_text(rules, encoding="utf-8")
        assert read_rules(folder, secrets=("hook",))[1] == []
        desk = AlertDesk(
            LiveAlerts(folder, lambda place: read_rules(place, secrets=("hook",))),
            Happenings(database, responses),
            RaisedStore(database),
            Acting(crm, sending.send, web),
            crm,
            AlertSettings(most_tries=3),
        )
        desk.look(NOW)  # what is there already wakes nobody
        return House(database, crm, responses, desk, folder)

    return build


def test_the_owner_gets_a_task_and_a_mail_once(house: Callable[[str], House]) -> None:
    home = house(WORRY + TASK + MAIL)
    home.said("r1")

    assert home.desk.look(NOW) == 1
    assert home.desk.look(NOW + timedelta(minutes=1)) == 0

    (task,) = home.crm.activities_of(contact_id="c1")
    assert (task.kind, task.subject, task.note) == ("task", "Call Aki Sato", "Far too expensive.")
    assert (task.owner_id, task.deal_id, task.start_at) == ("u1", "d1", NOW + timedelta(hours=2))
    assert home.mails() == [("yui@us.example", "About Forty laptops", ": Far too expensive.")]
    assert home.states() == ["done"]


def test_a_text_that_can_not_be_made_keeps_no_other_alert_waiting(house: Callable[[str], House]) -> None:
    broken = WORRY.replace("worry", "broken", 1) + MAIL.replace("{{ deal.name }}", "{{ deal.amount + 1 }}")
    home = house(f"{broken}---\n{WORRY}{TASK}")
    home.said("r1")

    assert home.desk.look(NOW) == 2
    assert home.tasks() == ["Call Aki Sato"]
    for day in (1, 2, 3):
        home.desk.look(NOW + timedelta(days=day))

    assert sorted(home.states()) == ["done", "failed"]
    assert "TypeError" in "".join(one.error for one in home.desk.newest())


def test_what_does_not_fit_raises_nothing(house: Callable[[str], House]) -> None:
    home = house(WORRY + TASK)
    home.said("r1", tone="positive")

    assert home.desk.look(NOW) == 0
    assert home.tasks() == []


def test_our_own_words_are_not_the_customers(house: Callable[[str], House]) -> None:
    home = house(WORRY.replace("has: price", "has: discount") + TASK)
    home.said("r1")
    assert home.desk.look(NOW) == 0

    again = house(WORRY.replace("keywords: {has: price", "our_keywords: {has: discount") + TASK)
    again.said("r2")
    assert again.desk.look(NOW) == 1


def test_old_mail_that_is_read_anew_wakes_nobody(house: Callable[[str], House]) -> None:
    home = house(WORRY + TASK)
    home.said("old", at=NOW - timedelta(days=30))
    home.said("new", at=NOW - timedelta(hours=3))

    assert home.desk.look(NOW) == 1
    assert len(home.tasks()) == 1


def test_what_was_there_before_there_were_alerts_wakes_nobody(
    house: Callable[[str], House], database: Database
) -> None:
    Responses(database).add(Response(0, "before", NOW, "email", "mail", contact_id="c1", tone="negative",
                                     keywords=(SaidKeyword("price", "price"),)))  # fmt: skip
    home = house(WORRY + TASK)

    assert home.desk.look(NOW) == 0


def test_one_person_is_not_spoken_of_again_too_soon(house: Callable[[str], House]) -> None:
    home = house(WORRY.replace("do:", "at_most_every: 2 days\ndo:") + TASK)
    home.said("r1")
    home.desk.look(NOW)
    home.said("r2", at=NOW + timedelta(days=1))
    home.desk.look(NOW + timedelta(days=1))
    home.said("r3", at=NOW + timedelta(days=3))
    home.desk.look(NOW + timedelta(days=3))

    assert home.states() == ["done", "quiet", "done"]
    assert len(home.tasks()) == 2


def test_a_service_is_told_with_a_signature_over_the_bytes(house: Callable[[str], House], service: Service) -> None:
    home = house(WORRY + f"  - webhook: {{url: '{service.url}', secret: hook}}\n")
    home.said("r1", text="高すぎます")
    home.desk.look(NOW)

    ((headers, body),) = service.got
    assert headers[SIGNATURE] == "sha256=" + hmac.new(b"very secret", body, hashlib.sha256).hexdigest()
    told = json.loads(body)
    assert (told["alert"], told["contact_id"], told["variables"]["text"]) == ("worry", "c1", "高すぎます")
    assert headers["Idempotency-Key"]
    assert home.states() == ["done"]


def test_a_service_that_is_away_is_tried_again_and_the_rest_is_done_meanwhile(
    house: Callable[[str], House], service: Service
) -> None:
    home = house(WORRY + f"  - webhook: {{url: '{service.url}'}}\n" + TASK)
    home.said("r1")
    service.answers = [503, 200]

    home.desk.look(NOW)
    assert home.states() == ["waiting"]
    assert len(home.tasks()) == 1
    home.desk.look(NOW + timedelta(minutes=5))

    assert home.states() == ["done"]
    assert len(service.got) == 2
    assert service.got[0][0]["Idempotency-Key"] == service.got[1][0]["Idempotency-Key"]
    assert len(home.tasks()) == 1


def test_a_service_that_stays_away_is_given_up_and_told(house: Callable[[str], House], service: Service) -> None:
    home = house(WORRY + f"  - webhook: {{url: '{service.url}'}}\n")
    home.said("r1")
    service.answers = [500] * 9

    for hour in range(5):
        home.desk.look(NOW + timedelta(hours=hour))

    assert home.states() == ["failed"]
    assert len(service.got) == 3
    assert "was answered 500" in home.desk.newest()[0].error


def test_nobody_to_give_a_task_to_is_told(house: Callable[[str], House]) -> None:
    home = house(WORRY + TASK)
    home.said("r1", contact_id="", deal_id="")
    home.desk.look(NOW)

    (kept,) = home.desk.newest()
    assert (kept.state, kept.error) == ("failed", "nobody owns the record, so there is nobody to give the task to")


def test_events_raise_alerts_too(house: Callable[[str], House]) -> None:
    rule = WORRY.replace("if:", "when: event\nif:").replace("{keywords: {has: price}}", "{event: churn}")
    home = house(rule.replace("{tone: negative}", "{person.kind: contact}") + TASK.replace("{{ text }}", "{{ event }}"))
    with home.database.write() as connection:
        row = {"key": "e1", "kind": "churn", "at": NOW, "contact_id": "c1", "lead_id": "", "account_id": "",
               "deal_id": "", "owner_id": "", "detail": ""}  # fmt: skip
        connection.execute(insert(voice_events).values(row))

    assert home.desk.look(NOW) == 1
    assert home.crm.activities_of(contact_id="c1")[0].note == "churn"


def test_a_rule_can_be_tried_on_what_was_said_already(house: Callable[[str], House]) -> None:
    home = house(WORRY + TASK)
    home.said("r1")
    home.said("r2", tone="positive")

    tried = home.desk.try_out(home.desk.live.rules()[0], NOW)

    assert tried.looked_at == 2
    assert [one.response.key for one in tried.matched if one.response] == ["r1"]
    assert home.tasks() == []
    assert home.desk.newest() == ()


def test_what_a_customer_wrote_is_text_and_never_a_template(house: Callable[[str], House]) -> None:
    home = house(WORRY + TASK)
    home.said("r1", text="{{ person.email }} {% for x in y %}")
    home.desk.look(NOW)

    assert home.crm.activities_of(contact_id="c1")[0].note == "{{ person.email }} {% for x in y %}"


def test_what_is_old_is_forgotten(house: Callable[[str], House]) -> None:
    home = house(WORRY + TASK)
    home.said("r1")
    home.desk.look(NOW)

    assert home.desk.forget_old(NOW + timedelta(days=10)) == 0
    assert home.desk.counts(NOW - timedelta(days=1)) == {"worry": 1}
    assert home.desk.forget_old(NOW + timedelta(days=400)) == 1


def test_a_lower_number_that_comes_late_is_not_passed_over() -> None:
    place = Place(10).after([12, 14])
    assert place == Place(14, (11, 13))
    assert place.after([11]) == Place(14, (13,))
    assert place.after([]) == place
    assert len(Place(0).after([1000]).holes) < 101
