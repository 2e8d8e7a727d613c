"""A mass mail reaches whom it should, once, and tells of everybody else why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from crm_client.records import Account, Email
from motenashi.bulk_actions.content import MailContent
from motenashi.bulk_actions.settings import BulkSettings
from motenashi.bulk_actions.tables import bulk_rows
from motenashi.bulk_actions.words import Actor, BulkWrong
from motenashi.database import Database
from motenashi.filters.filter import FilterProblem
from motenashi.outgoing_mail.outbox import Outbox
from motenashi.suggestions.best_time.best_times import BestTimes, Slot, TimeOverride
from motenashi.suggestions.best_time.store import BestTimesStore
from tests.bulk_actions.bulk_world import ADDRESS, BOSS, HELLO, NOW, BulkWorld, PickyMailServer


def test_everybody_gets_their_own_mail_in_their_language(world: BulkWorld, server: PickyMailServer) -> None:
    world.contact(1)
    world.contact(2, language="ja", last_name="森", email="mori@example.com")
    world.contact(3, language="de", email="weber@example.com")

    job = world.run(world.confirm(world.plan()))

    assert job.state == "done"
    assert server.reached == ["ann1@example.com", "mori@example.com", "weber@example.com"]
    messages = {str(server.message(number)["To"]): server.message(number) for number in range(3)}
    assert messages["ann1@example.com"]["Subject"] == "News for Ann1"
    assert messages["mori@example.com"]["Subject"] == "森様へのご案内"
    assert messages["mori@example.com"]["Content-Language"] == "ja"
    assert messages["weber@example.com"]["Subject"] == "News for Ann3"  # the fallback
    body = messages["mori@example.com"].get_body(("plain",))
    assert body is not None
    assert "春のご案内です。" in body.get_content()
    assert f"{ADDRESS}/unsubscribe/" in body.get_content()


def test_a_mail_program_can_stop_it_by_one_click(world: BulkWorld, server: PickyMailServer) -> None:
    world.contact(1)
    world.run(world.confirm(world.plan()))

    message = server.message()
    link = str(message["List-Unsubscribe"]).strip("<>")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    token = link.removeprefix(f"{ADDRESS}/unsubscribe/").partition("?")[0]
    assert world.room.stopping.whom(token) == "a***@example.com"
    world.room.stopping.refuse(token, "one_click")
    assert world.room.refusals.refused("ANN1@example.com")


def test_who_will_not_get_it_and_why(world: BulkWorld) -> None:
    world.contact(1)
    world.contact(2, email="")
    world.contact(3, email="not an address")
    world.contact(4)
    world.contact(5, email=" ANN1@example.com ")
    world.contact(6)
    world.contact(7, first_name="")
    world.contact(8, account_id="a1")
    world.crm.save_account(Account("a1", "Kita"))
    world.room.refusals.refuse("Ann4@Example.com", why="page", now=NOW)
    bounced = Email("", "out", "Hello", NOW - timedelta(days=3), contact_id="c00006", status="bounced")
    world.crm.save_email(bounced)
    world.filters.found.append("c99999")
    content = replace(HELLO, body={"en": "{{ contact.first_name }} {{ account.name }}", "ja": ""}, subject={"en": "x"})

    job = world.plan(content)

    assert world.outcome(job) == {
        "c00001": "skipped template",  # no account
        "c00002": "skipped no_address",
        "c00003": "skipped bad_address",
        "c00004": "skipped unsubscribed",
        "c00005": "skipped template",
        "c00006": "skipped bounced",
        "c00007": "skipped template",
        "c00008": "ready",
        "c99999": "skipped gone",
    }
    world.room.desk.change(job, HELLO, by=BOSS.email, now=NOW)
    job = world.job(job.id)
    assert job.version == 2
    assert world.outcome(job)["c00001"] == "ready"
    assert world.outcome(job)["c00005"] == "skipped duplicate"
    (row,) = [row for row in world.room.desk.rows(job) if row.record_id == "c00007"]
    assert (row.state, row.detail) == ("ready", "contact.first_name")  # empty there, and told


def test_who_answered_after_a_bounce_is_reached_again(world: BulkWorld) -> None:
    world.contact(1)
    world.contact(2)
    for person in ("c00001", "c00002"):
        world.crm.save_email(Email("", "out", "Hello", NOW - timedelta(days=9), contact_id=person, status="bounced"))
    world.crm.save_email(Email("", "in", "Re", NOW - timedelta(days=2), contact_id="c00001", status="received"))

    assert world.outcome(world.plan()) == {"c00001": "ready", "c00002": "skipped bounced"}


def test_never_more_people_than_the_preview_said(world: BulkWorld, server: PickyMailServer) -> None:
    world.contact(1)
    job = world.plan()
    world.contact(2)  # fits the filter, too, by now

    world.run(world.confirm(job))

    assert server.reached == ["ann1@example.com"]


def test_who_no_longer_fits_or_exists_is_kept_and_told(world: BulkWorld, server: PickyMailServer) -> None:
    for number in (1, 2, 3):
        world.contact(number)
    job = world.confirm(world.plan())
    world.filters.found.remove("c00002")
    with world.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM crm_contacts WHERE id = 'c00003'")

    world.run(job)

    assert world.outcome(job) == {"c00001": "done", "c00002": "skipped no_match", "c00003": "skipped gone"}
    assert server.reached == ["ann1@example.com"]


def test_who_unsubscribes_between_preview_and_sending_gets_nothing(world: BulkWorld, server: PickyMailServer) -> None:
    for number in (1, 2):
        world.contact(number)
    job = world.confirm(world.plan())
    world.room.refusals.refuse("ann2@example.com", why="page", now=NOW)

    world.run(job)

    assert world.outcome(job) == {"c00001": "done", "c00002": "skipped unsubscribed"}
    assert server.reached == ["ann1@example.com"]


def test_who_unsubscribes_while_the_mail_server_is_away_gets_nothing(world: BulkWorld, server: PickyMailServer) -> None:
    world.contact(1)
    world.contact(2)
    server.greeting = "421 closing"
    job = world.confirm(world.plan())
    world.round()
    world.round()
    assert set(world.outcome(job).values()) == {"handed"}
    world.room.refusals.refuse("ann2@example.com", why="one_click", now=world.now)
    world.wait(seconds=10)
    world.room.runner.step(world.now)
    server.greeting = "220 back"

    job = world.run(job)

    assert world.outcome(job) == {"c00001": "done", "c00002": "stopped unsubscribed"}
    assert server.reached == ["ann1@example.com"]


def test_a_server_that_refuses_some_stops_no_other(world: BulkWorld, server: PickyMailServer) -> None:
    for number in range(1, 6):
        world.contact(number)
    server.refused = {"ann2@example.com", "ann4@example.com"}

    job = world.run(world.confirm(world.plan()))

    assert job.state == "done"
    assert world.outcome(job) == {
        "c00001": "done",
        "c00002": "failed refused",
        "c00003": "done",
        "c00004": "failed refused",
        "c00005": "done",
    }
    details = [row.detail for row in world.room.desk.rows(job, states=("failed",))]
    assert all("550" in detail and "no such mailbox" in detail and "@" not in detail for detail in details)
    again = world.plan()
    assert world.outcome(again)["c00002"] == "skipped bounced"


def test_each_mail_that_went_out_stands_in_the_crm_once(world: BulkWorld, server: PickyMailServer) -> None:
    world.contact(1)
    world.contact(2)
    server.refused = {"ann2@example.com"}

    world.run(world.confirm(world.plan()))
    for _ in range(3):
        world.wait(minutes=1)
        world.round()

    (email,) = world.crm.emails_of(contact_id="c00001")
    assert (email.direction, email.purpose, email.status, email.subject) == ("out", "campaign", "sent", "News for Ann1")
    assert "spring is here" in email.text
    assert server.message()["Message-ID"] == f"<{email.message_id}>"
    assert world.crm.emails_of(contact_id="c00002") == ()
    with world.database.read() as connection:
        assert connection.execute(select(func.count()).where(bulk_rows.c.text.is_not(None))).scalar() == 0


def test_mail_leaves_no_faster_than_wanted(database: Database, server: PickyMailServer) -> None:
    world = BulkWorld(database, server, BulkSettings(mails_per_minute=30))
    for number in range(40):
        world.contact(number)
    job = world.confirm(world.plan())
    for _ in range(60):
        world.round()

    in_the_first_minute = len(server.taken)
    assert 30 <= in_the_first_minute <= 36  # a beginning of a few, then one each two seconds
    assert world.run(job).state == "done"
    assert len(server.taken) == 40


def test_a_pause_holds_and_a_cancel_leaves_the_rest_unsent(database: Database, server: PickyMailServer) -> None:
    world = BulkWorld(database, server, BulkSettings(mails_per_minute=60))
    for number in range(40):
        world.contact(number)
    job = world.confirm(world.plan())
    for _ in range(5):
        world.round()
    desk = world.room.desk
    desk.pause(world.job(job.id), by=BOSS.email, now=world.now)
    world.round()
    sent = len(server.taken)
    assert 0 < sent < 40
    for _ in range(30):
        world.round()
    assert len(server.taken) == sent

    desk.resume(world.job(job.id), by=BOSS.email, now=world.now)
    world.round()
    desk.cancel(world.job(job.id), by=BOSS.email, now=world.now)
    for _ in range(60):
        world.round()

    states = sorted(world.outcome(job).values())
    assert states.count("done") == len(server.taken) < 40
    assert states.count("stopped cancelled") == 40 - len(server.taken)
    assert [entry.what for entry in desk.audit(job)] == ["planned", "confirmed", "paused", "resumed", "cancelled"]
    with pytest.raises(BulkWrong):
        desk.resume(world.job(job.id), by=BOSS.email, now=world.now)


def test_a_cancel_takes_back_what_waits_for_the_mail_server(world: BulkWorld, server: PickyMailServer) -> None:
    for number in range(5):
        world.contact(number)
    server.greeting = "421 closing"
    job = world.confirm(world.plan())
    world.round()
    world.round()

    world.room.desk.cancel(world.job(job.id), by=BOSS.email, now=world.now)
    server.greeting = "220 back"
    world.wait(hours=1)
    for _ in range(30):
        world.round()

    assert server.taken == []
    assert set(world.outcome(job).values()) == {"stopped cancelled"}


def test_without_a_mail_server_it_waits_for_somebody_in_production(sqlite_database: Database) -> None:
    world = BulkWorld(sqlite_database, production=True)
    world.contact(1)
    job = world.run(world.confirm(world.plan()))

    assert (job.state, job.trouble) == ("paused", "mail_not_set_up")
    assert set(world.outcome(job).values()) == {"ready"}


def test_without_a_mail_server_mail_lies_in_the_outbox_of_a_development_machine(quiet_world: BulkWorld) -> None:
    quiet_world.contact(1)
    job = quiet_world.run(quiet_world.confirm(quiet_world.plan()))

    assert job.state == "done"
    assert [mail.to for mail in Outbox(quiet_world.database).newest()] == ["ann1@example.com"]
    assert len(quiet_world.crm.emails_of(contact_id="c00001")) == 1


def test_whose_address_changed_meanwhile_is_written_to_there_and_only_once(
    world: BulkWorld, server: PickyMailServer
) -> None:
    one, two = world.contact(1), world.contact(2)
    job = world.confirm(world.plan())
    world.crm.save_contact(replace(one, email="new@example.com"))
    world.crm.save_contact(replace(two, email="NEW@example.com"))

    world.run(job)

    assert server.reached == ["new@example.com"]
    assert sorted(world.outcome(job).values()) == ["done", "skipped duplicate"]


def test_mail_to_accounts_goes_to_everybody_there(world: BulkWorld, server: PickyMailServer) -> None:
    world.contact(1, account_id="a1")
    world.contact(2, account_id="a1")
    world.contact(3)
    world.filters.found.clear()
    world.account(1)
    world.account(2)
    text = "Hello {{ contact.first_name }} at {{ account.name }}"
    job = world.plan(MailContent({"en": "x"}, {"en": text}, "en"), "accounts")

    assert world.outcome(job) == {"c00001": "ready", "c00002": "ready", "a2": "skipped no_contact"}
    world.run(world.confirm(job))
    assert server.reached == ["ann1@example.com", "ann2@example.com"]


def test_mail_about_deals_goes_to_their_contact(world: BulkWorld, server: PickyMailServer) -> None:
    world.contact(1)
    world.filters.found.clear()
    world.deal(1, contact_id="c00001", expected_close=datetime(2026, 6, 30, tzinfo=UTC).date())
    world.deal(2)
    text = "{{ deal.name }}: {{ deal.amount }} by {{ deal.expected_close }}"
    job = world.plan(MailContent({"en": "{{ deal.name }}"}, {"en": text}, "en"), "deals")
    assert world.outcome(job) == {"d1": "ready", "d2": "skipped no_contact"}

    world.run(world.confirm(job))

    body = server.message().get_body(("plain",))
    assert body is not None
    assert "Deal 1: ¥1,000,000 by 30 June 2026" in body.get_content()
    (email,) = world.crm.emails_of(deal_id="d1")
    assert email.contact_id == "c00001"


BEST = (Slot(2, 14, 0.6, 0.5, 0.7, 4.5), Slot(3, 9, 0.5, 0.4, 0.6, 3.0))  # Wednesday 14:00, Thursday 9:00


def test_each_mail_leaves_at_its_readers_best_hour_or_in_business_hours(
    world: BulkWorld, server: PickyMailServer
) -> None:
    world.contact(1)
    world.contact(2)
    world.contact(3)
    store = BestTimesStore(world.database)
    store.save_many("contact", [BestTimes("c00001", "email", BEST, True, 20, 12, (), "", NOW)])
    store.override("contact", "c00003", TimeOverride((1,), 16, 17, "aya@example.com", NOW))
    world.now = datetime(2026, 5, 11, 22, 0, tzinfo=UTC)  # Tuesday, 7:00 in Tokyo
    job = world.confirm(world.plan(replace(HELLO, best_time_days=3)))
    for _ in range(3):
        world.round()

    due = {row.record_id: row.due_at for row in world.room.desk.rows(job)}
    assert due == {
        "c00001": datetime(2026, 5, 13, 5, 0, tzinfo=UTC),
        "c00002": datetime(2026, 5, 12, 0, 0, tzinfo=UTC),
        "c00003": datetime(2026, 5, 12, 7, 0, tzinfo=UTC),
    }
    assert server.taken == []
    world.now = datetime(2026, 5, 12, 7, 0, tzinfo=UTC)
    for _ in range(3):
        world.round()
    assert server.reached == ["ann2@example.com", "ann3@example.com"]  # the worker was away for hours: both are due
    world.now = datetime(2026, 5, 13, 5, 0, tzinfo=UTC)
    for _ in range(3):
        world.round()
    assert server.reached == ["ann1@example.com", "ann2@example.com", "ann3@example.com"]


def test_a_plan_is_good_for_some_days_only(world: BulkWorld, server: PickyMailServer) -> None:
    world.contact(1)
    old = world.plan()
    begun = world.confirm(world.plan())
    world.wait(days=15)

    with pytest.raises(BulkWrong, match="too old"):
        world.confirm(old)
    assert world.run(begun).state == "done"
    assert world.outcome(begun) == {"c00001": "skipped too_late"}
    assert server.taken == []


def test_a_filter_that_can_not_be_read_any_more_makes_it_wait(world: BulkWorld, server: PickyMailServer) -> None:
    world.contact(1)
    job = world.confirm(world.plan())
    world.filters.problems = [FilterProblem(1, "there is no field 'sector'.")]
    job = world.run(job)
    assert (job.state, job.trouble) == ("paused", "filter_wrong")
    assert server.taken == []

    world.room.desk.resume(job, by=BOSS.email, now=world.now)
    assert world.run(job).state == "done"
    assert server.reached == ["ann1@example.com"]


def test_representatives_act_on_their_own_records_only(world: BulkWorld, server: PickyMailServer) -> None:
    world.contact(1)
    world.contact(2, owner_id="o2")
    aya = Actor("Aya@example.com", everybodys=False)

    job = world.plan(by=aya)

    assert world.outcome(job) == {"c00001": "ready", "c00002": "skipped not_yours"}
    assert world.room.desk.find(job.id, Actor("ken@example.com", everybodys=False)) is None
    assert world.room.desk.newest(aya) == (job,)
    with pytest.raises(BulkWrong, match="no records are yours"):
        world.plan(by=Actor("nobody@example.com", everybodys=False))


def test_who_may_act_on_their_own_records_only_by_now_can_not_go_on_with_everybodys(world: BulkWorld) -> None:
    world.contact(1, owner_id="o2")
    job = world.plan(by=BOSS)

    assert world.room.desk.find(job.id, BOSS) == job
    assert world.room.desk.find(job.id, Actor(BOSS.email, everybodys=False)) is None
