"""The desk: what is read beside a record, and what acting on a suggestion does, once."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.records import Activity, Deal
from motenashi.advice_desk.desk import AdviceDesk
from motenashi.advice_desk.errors import NoSuchSuggestion, NotPossible, SuggestionGone
from motenashi.suggestions.suggestion import About, Draft, Reason, Suggestion
from motenashi.suggestions.suggestion_events import SuggestionEvents
from tests.advice_desk.desk_world import A_WISH, AYA, DAY, HOUR, KEN, NOW, TO_CALL, DeskWorld

TOKYO = timezone(timedelta(hours=9))
AN_EVENT = replace(
    TO_CALL,
    key="advice:deal:d1:event",
    action="event",
    purposes=("demo",),
    draft=Draft("event", "ja", "デモ", "製品のデモ", start=NOW + DAY, end=NOW + DAY + HOUR),
)
A_MAIL = replace(
    TO_CALL,
    key="advice:deal:d1:mail",
    action="e-mail",
    purposes=("quote",),
    draft=Draft("e-mail", "ja", "お見積り", "お見積りをお送りします。", "haruka@example.com"),
)


def whats(world: DeskWorld, suggestion_id: int) -> list[str]:
    return [event.what for event in SuggestionEvents(world.database).of(suggestion_id)]


# Reading


def test_the_advice_beside_a_deal_is_its_open_suggestion(world: DeskWorld) -> None:
    kept = world.kept()
    advice = world.desk.advice("deal", "d1", now=NOW)

    assert advice is not None
    assert (advice.suggestion, advice.computing, advice.switched_off) == (kept, False, False)
    assert (advice.learned_from, advice.learned_at) == (0, None)


def test_a_record_that_nobody_thought_about_is_due_when_somebody_looks(world: DeskWorld) -> None:
    advice = world.desk.advice("deal", "d1", now=NOW)

    assert advice is not None and advice.suggestion is None and advice.computing
    assert [one.record for one in world.due.take(9, now=NOW)] == [("deal", "d1")]


def test_there_is_no_advice_about_what_the_crm_does_not_have(world: DeskWorld) -> None:
    assert world.desk.advice("deal", "d9", now=NOW) is None
    assert world.desk.advice("contact", "d1", now=NOW) is None
    assert world.desk.advice("lead", "", now=NOW) is None
    assert world.due.take(9, now=NOW) == ()


def test_a_closed_deal_is_not_thought_about(world: DeskWorld) -> None:
    world.save_deal("d3", "c1", "o-aya", stage="Closed Won")
    world.due.done(world.due.take(9, now=NOW))
    advice = world.desk.advice("deal", "d3", now=NOW)

    assert advice is not None and advice.suggestion is None and not advice.computing


def test_what_is_switched_off_shows_nothing_and_says_so(world: DeskWorld) -> None:
    world.kept()
    world.desk.switches.turn("next_best_action", False, by="root@example.com", now=NOW)
    advice = world.desk.advice("deal", "d1", now=NOW)

    assert advice is not None and advice.suggestion is None and advice.switched_off and not advice.computing
    assert world.desk.today("o-aya", now=NOW).rows == ()


# Accepting


def test_accepting_a_call_puts_it_into_the_crm_with_the_drafts_fields(world: DeskWorld) -> None:
    one = world.kept()
    accepted = world.desk.accept(one.id, by=AYA, now=NOW)

    (call,) = world.crm.activities_of(deal_id="d1")
    assert accepted.made == "call" and accepted.record_id == call.id
    assert (call.kind, call.direction, call.status, call.purpose) == ("call", "outbound", "open", "negotiation")
    assert (call.subject, call.note, call.owner_id, call.contact_id) == ("価格のご相談", "お見積りの件", "o-aya", "c1")
    assert call.start_at == NOW + HOUR
    assert accepted.suggestion.state == "done" and accepted.suggestion.closed_by == AYA
    assert whats(world, one.id) == ["shown", "accepted"]  # whoever does it has seen it, on whatever page


def test_what_a_tool_decides_without_any_page_is_counted_too(world: DeskWorld) -> None:
    done, refused, put_off = (world.kept(key=name, about=About(deal_id=name)) for name in ("d1", "d2", "d3"))
    world.desk.accept(done.id, by="tool", now=NOW)
    world.desk.dismiss(refused.id, by="tool", reason="other", now=NOW)
    world.desk.snooze(put_off.id, by="tool", until=NOW + DAY, now=NOW)

    total = world.desk.results(since=NOW - DAY, now=NOW).total
    assert (total.shown, total.accepted, total.dismissed, total.snoozed) == (3, 1, 1, 1)


def test_a_double_click_makes_one_call_and_another_person_is_told(world: DeskWorld) -> None:
    one = world.kept()
    first = world.desk.accept(one.id, by=AYA, now=NOW)
    again = world.desk.accept(one.id, by=AYA, now=NOW + HOUR)

    assert (again.made, again.record_id) == (first.made, first.record_id)
    assert len(world.crm.activities_of(deal_id="d1")) == 1
    with pytest.raises(SuggestionGone) as told:
        world.desk.accept(one.id, by=KEN, now=NOW + HOUR)
    assert (told.value.state, told.value.by, told.value.at) == ("done", AYA, NOW)


def test_killed_between_the_crm_and_the_store_the_next_click_makes_nothing_twice(world: DeskWorld) -> None:
    one = world.kept()
    made = world.crm.save_activity(
        Activity("", "call", "made before the kill", NOW, deal_id="d1", direction="outbound"),
        key=f"suggestion:{one.id}",
    )
    accepted = world.desk.accept(one.id, by=AYA, now=NOW)

    assert accepted.record_id == made.id
    assert len(world.crm.activities_of(deal_id="d1")) == 1


def test_what_was_made_counts_also_when_other_advice_took_its_place_meanwhile(world: DeskWorld) -> None:
    one = world.kept()
    new = replace(TO_CALL, key="advice:deal:d1:2")
    crm = EmbeddedCrm(world.database, on_change=lambda change: world.store.replace(one, new, at=NOW))
    accepted = AdviceDesk(world.database, crm, world.switches).accept(one.id, by=AYA, now=NOW)

    assert [call.id for call in crm.activities_of(deal_id="d1")] == [accepted.record_id]
    assert (accepted.suggestion.state, accepted.suggestion.closed_by) == ("done", AYA)
    assert world.current().key == new.key  # the worker is told, and thinks about it again
    assert world.due.waits("deal", "d1")


def test_what_was_replaced_before_is_not_done(world: DeskWorld) -> None:
    one = world.kept()
    world.store.replace(one, replace(TO_CALL, key="advice:deal:d1:2"), at=NOW)

    with pytest.raises(SuggestionGone) as told:
        world.desk.accept(one.id, by=AYA, now=NOW)
    assert told.value.state == "replaced"
    assert world.crm.activities_of(deal_id="d1") == ()


def test_accepting_grants_the_wishes_behind_it_and_makes_the_record_due(world: DeskWorld) -> None:
    wish = world.kept(A_WISH)
    other = world.kept(A_WISH, key="mail:2/call")
    one = world.kept(AN_EVENT, answers=(wish.id,))
    world.desk.accept(one.id, by=AYA, now=NOW)

    granted, still_open = world.store.find(wish.id), world.store.find(other.id)
    assert granted is not None and (granted.state, granted.closed_why) == ("done", f"suggestion {one.id}")
    assert still_open is not None and still_open.state == "open"
    assert ("deal", "d1") in [due.record for due in world.due.take(9, now=NOW)]


def test_an_event_goes_into_the_calendar_and_a_taken_hour_is_told(world: DeskWorld) -> None:
    one = world.kept(AN_EVENT)
    world.crm.save_activity(
        Activity("", "event", "Taken", NOW + DAY, NOW + DAY + HOUR, owner_id="o-ken", status="open")
    )
    with pytest.raises(NotPossible) as told:
        world.desk.accept(one.id, by=KEN, owner_id="o-ken", now=NOW)
    assert told.value.field == "start" and set(told.value.words) == {"en", "ja"}
    still = world.store.find(one.id)
    assert still is not None and still.state == "open"

    later = (NOW + 2 * DAY).astimezone(TOKYO)
    changes = {"start": later.isoformat(), "subject": "Demo"}
    accepted = world.desk.accept(one.id, by=KEN, owner_id="o-ken", now=NOW, changes=changes)
    (event,) = world.crm.activities_of(deal_id="d1")
    assert accepted.record_id == event.id
    assert (event.subject, event.start_at, event.end_at) == ("Demo", later, later + HOUR)


def test_a_mail_is_kept_as_a_draft_and_sent_only_when_asked(world: DeskWorld) -> None:
    one = world.kept(A_MAIL)
    world.desk.accept(one.id, by=AYA, now=NOW, changes={"text": "Changed by hand"})

    (draft,) = world.crm.emails_of(deal_id="d1")
    assert (draft.direction, draft.status, draft.subject, draft.text) == ("out", "draft", "お見積り", "Changed by hand")
    assert world.sent == []

    other = world.kept(A_MAIL, key="another", about=replace(A_MAIL.about, deal_id="d2"))
    world.desk.accept(other.id, by=AYA, now=NOW, changes={"send": True})
    (sent,) = world.crm.emails_of(deal_id="d2")
    (mail,) = world.sent
    assert sent.status == "sent"
    assert (mail.to, mail.subject, mail.language) == ("haruka@example.com", "お見積り", "ja")


def test_a_mail_with_a_gap_that_is_left_to_fill_in_is_not_sent(world: DeskWorld) -> None:
    gap = Draft("e-mail", "ja", "ご質問の件", "［回答をご記入ください］\n[いつも] の件", to="haruka@example.com")
    one = world.kept(replace(A_MAIL, draft=gap))

    with pytest.raises(NotPossible) as told:
        world.desk.accept(one.id, by=AYA, now=NOW, changes={"send": True})
    assert told.value.field == "text"
    assert "［回答をご記入ください］" in told.value.words["ja"]
    assert world.sent == []

    world.desk.accept(one.id, by=AYA, now=NOW, changes={"send": True, "text": "はい、可能です。[1]"})
    assert [mail.text for mail in world.sent] == ["はい、可能です。[1]"]


def test_what_a_customer_wrote_in_brackets_is_no_gap(world: DeskWorld) -> None:
    asked = "[ACME-1] Does it come in [blue]?"
    answer = Draft("e-mail", "en", "Your question", f'You asked: "{asked}"\n\n[Your answer]', to="haruka@example.com")
    one = world.kept(replace(A_MAIL, draft=answer, reasons=(Reason({"en": "They ask."}, 0.9, asked),)))

    with pytest.raises(NotPossible, match="Your answer"):
        world.desk.accept(one.id, by=AYA, now=NOW, changes={"send": True})
    text = answer.text.replace("[Your answer]", "Yes.")
    world.desk.accept(one.id, by=AYA, now=NOW, changes={"send": True, "text": text})
    assert [mail.text for mail in world.sent] == [text]


def test_a_demonstration_that_is_moved_is_still_a_demonstration(world: DeskWorld) -> None:
    one = world.kept(TO_CALL, purposes=("reschedule", "demo"))
    made = world.desk.accept(one.id, by=AYA, now=NOW)

    assert [found.purpose for found in world.crm.activities_of(deal_id="d1") if found.id == made.record_id] == ["demo"]


def test_a_mail_without_an_address_takes_the_persons_and_fails_without_any(world: DeskWorld) -> None:
    nowhere = replace(A_MAIL, draft=Draft("e-mail", "en", "Quote", "Here it is."))
    found = world.kept(nowhere)
    world.desk.accept(found.id, by=AYA, now=NOW, changes={"send": True})
    assert world.sent[0].to == "haruka@example.com"

    nobody = world.kept(nowhere, key="nobody", about=About(deal_id="d2"))
    with pytest.raises(NotPossible) as told:
        world.desk.accept(nobody.id, by=AYA, now=NOW, changes={"send": True})
    assert told.value.field == "to"
    assert len(world.sent) == 1


def test_a_change_of_the_record_becomes_a_task(world: DeskWorld) -> None:
    one = world.kept(TO_CALL, action="update", purposes=("unsubscribe",), draft=None)
    accepted = world.desk.accept(one.id, by=AYA, now=NOW)

    (task,) = world.crm.activities_of(deal_id="d1")
    assert (accepted.made, task.kind, task.status, task.subject) == ("update", "task", "open", "価格の件で電話する")


WRONG_VALUES = (
    ({"start": "tomorrow"}, "start"),
    ({"start": "2026-11-18T10:00:00"}, "start"),  # in which zone?
    ({"start": NOW - DAY}, "start"),
    ({"end": NOW - DAY}, "end"),
    ({"end": NOW + 90 * DAY}, "end"),
    ({"subject": 7}, "subject"),
    ({"subject": "x" * 300}, "subject"),
    ({"send": "yes"}, "send"),
    ({"owner": "o-ken"}, "owner"),
)


def test_a_value_that_cannot_be_taken_is_named_and_changes_nothing(world: DeskWorld) -> None:
    one = world.kept(AN_EVENT)
    for changes, field in WRONG_VALUES:
        with pytest.raises(NotPossible) as told:
            world.desk.accept(one.id, by=AYA, now=NOW, changes=changes)
        assert told.value.field == field
        assert set(told.value.words) == {"en", "ja"}

    assert world.crm.activities_of(deal_id="d1") == ()
    still = world.store.find(one.id)
    assert still is not None and still.state == "open"


def test_nothing_can_be_accepted_where_nothing_was_suggested(world: DeskWorld) -> None:
    one = world.kept(TO_CALL, action="none")
    with pytest.raises(NotPossible):
        world.desk.accept(one.id, by=AYA, now=NOW)
    with pytest.raises(NoSuchSuggestion):
        world.desk.accept(one.id + 99, by=AYA, now=NOW)


# Turning down, putting off


def test_turning_down_needs_a_reason_and_closes_the_wishes_that_were_wrong(world: DeskWorld) -> None:
    wish = world.kept(A_WISH)
    one = world.kept(AN_EVENT, answers=(wish.id,))
    with pytest.raises(NotPossible):
        world.desk.dismiss(one.id, by=AYA, reason="because", now=NOW)

    closed = world.desk.dismiss(one.id, by=AYA, reason="deal_is_dead", note="They went bankrupt.", now=NOW)
    assert (closed.state, closed.closed_by, closed.closed_why) == ("dismissed", AYA, "deal_is_dead")
    with_it = world.store.find(wish.id)
    assert with_it is not None and with_it.state == "dismissed"
    _, event = SuggestionEvents(world.database).of(one.id)
    assert event.data == {"reason": "deal_is_dead", "note": "They went bankrupt."}
    with pytest.raises(SuggestionGone):
        world.desk.dismiss(one.id, by=KEN, reason="other", now=NOW)


def test_after_not_now_the_customers_wish_still_stands(world: DeskWorld) -> None:
    wish = world.kept(A_WISH)
    one = world.kept(AN_EVENT, answers=(wish.id,))
    world.desk.dismiss(one.id, by=AYA, reason="not_now", now=NOW)

    still = world.store.find(wish.id)
    assert still is not None and still.state == "open"


def test_a_snoozed_suggestion_leaves_the_list_until_its_time(world: DeskWorld) -> None:
    one = world.kept(TO_CALL, about=replace(TO_CALL.about, owner_id="o-aya"))
    snoozed = world.desk.snooze(one.id, by=AYA, until=NOW + 2 * HOUR, now=NOW)

    assert snoozed.snoozed_until == NOW + 2 * HOUR and snoozed.state == "open"
    assert world.desk.today("o-aya", now=NOW).rows == ()
    (row,) = world.desk.today("o-aya", now=NOW + 2 * HOUR).rows
    assert row.suggestion.id == one.id
    for until in (NOW - HOUR, NOW, NOW + 400 * DAY, datetime(2026, 12, 1)):
        with pytest.raises(NotPossible):
            world.desk.snooze(one.id, by=AYA, until=until, now=NOW)


# Shown


def test_being_shown_counts_once_a_day(world: DeskWorld) -> None:
    one = world.kept()
    for at in (NOW, NOW + HOUR, NOW + DAY):
        world.desk.shown([one.id, one.id, 99_999], by=AYA, now=at)

    assert [event.at for event in SuggestionEvents(world.database).of(one.id)] == [NOW, NOW + DAY]


# Today


def test_the_list_of_today_has_urgent_wishes_first_and_then_what_gains_most(world: DeskWorld) -> None:
    mine = replace(TO_CALL.about, owner_id="o-aya")
    for number in (3, 4, 5, 6):
        world.save_deal(f"d{number}", "c1", "o-aya")
    world.kept(TO_CALL, key="small", gain=10.0, about=replace(mine, deal_id="d3"))
    world.kept(TO_CALL, key="great", gain=900.0, about=replace(mine, deal_id="d4"), respond_by=NOW - HOUR)
    world.kept(TO_CALL, key="asked", gain=1.0, urgency="urgent", answers=(7,), about=replace(mine, deal_id="d5"))
    quiet = replace(mine, deal_id="d6")
    world.kept(TO_CALL, key="quiet", action="none", about=quiet, respond_by=NOW + 4 * DAY)
    world.kept(TO_CALL, key="kens", about=replace(mine, deal_id="d2", owner_id="o-ken"))
    today = world.desk.today("o-aya", now=NOW)

    assert [row.suggestion.key for row in today.rows] == ["asked", "great", "small"]
    assert [row.overdue for row in today.rows] == [False, True, False]
    assert (today.quiet, today.next_due) == (1, NOW + 4 * DAY)
    row = today.rows[0]
    assert (row.record_kind, row.record_name, row.person_name, row.account_name) == (
        "deal",
        "Notebooks d5",
        "森 遥",
        "Mori Foods",
    )
    assert (row.stage, row.amount, row.currency) == ("Negotiation/Review", 1_000_000, "JPY")
    assert [row.suggestion.key for row in world.desk.today("o-aya", now=NOW, most=1).rows] == ["asked"]
    assert world.desk.today("nobody", now=NOW).rows == ()


def test_leads_and_contacts_stand_in_the_list_by_their_names(world: DeskWorld) -> None:
    world.kept(TO_CALL, key="lead", gain=2.0, about=About(lead_id="l1", owner_id="o-aya"))
    world.kept(TO_CALL, key="contact", gain=1.0, about=About("c2", owner_id="o-aya"))
    world.kept(TO_CALL, key="deleted", about=About(deal_id="gone", owner_id="o-aya"))
    lead, contact = world.desk.today("o-aya", now=NOW).rows

    assert (lead.record_kind, lead.record_name, lead.account_name, lead.stage) == (
        "lead",
        "Tom Lane",
        "Lane Ltd",
        "Not Contacted",
    )
    assert (contact.record_kind, contact.record_name, contact.amount) == ("contact", "Jane Ford", None)


def test_a_list_of_hundreds_asks_each_kind_of_record_once(world: DeskWorld) -> None:
    asked: list[str] = []

    class Counting:
        def __getattr__(self, name: str) -> object:
            asked.append(name)
            return getattr(world.crm, name)

    for number in range(10, 40):
        world.save_deal(f"d{number}", "c1", "o-aya")
        about = About("c1", "", f"d{number}", 1.0, "o-aya")
        world.kept(TO_CALL, key=f"advice {number}", about=about)
    world.desk._crm = Counting()  # type: ignore[assignment]

    assert len(world.desk.today("o-aya", now=NOW).rows) == 30
    assert sorted(asked) == ["accounts_with", "contacts_with", "deals_with", "leads_with"]


@pytest.mark.parametrize("at", [NOW, NOW + timedelta(days=400), datetime.max.replace(tzinfo=timezone(-12 * HOUR))])
def test_nobody_is_reminded_of_the_past_or_of_years_to_come(world: DeskWorld, at: datetime) -> None:
    with pytest.raises(NotPossible) as told:
        world.desk.remind("contact", "c1", at=at, by=AYA, now=NOW)
    assert told.value.field == "at"
    assert world.desk.times("contact", "c1").reminder_at is None


# People go


def test_a_person_is_forgotten_with_everything(world: DeskWorld) -> None:
    one, other = world.kept(), world.kept(A_WISH, key="other", about=About("c2"))
    world.desk.shown([one.id, other.id], by=AYA, now=NOW)

    assert world.desk.forget(contact_id="c1") == 1
    assert world.store.find(one.id) is None
    assert whats(world, one.id) == []
    assert whats(world, other.id) == ["shown"]
    assert world.desk.forget() == 0


def test_web_processes_get_no_numpy_with_the_desk() -> None:
    heavy = "numpy scipy duckdb sklearn spacy"
    program = (
        "import sys\n"
        "import motenashi.advice_desk.desk, motenashi.advice_desk.triggers, motenashi.advice_desk.follow_up\n"
        f"print(sorted(name for name in '{heavy}'.split() if name in sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"


def test_a_suggestion_is_found_by_its_id_whatever_became_of_it(world: DeskWorld) -> None:
    one: Suggestion = world.kept()
    world.desk.dismiss(one.id, by=AYA, reason="other", now=NOW)
    found = world.desk.suggestion(one.id)

    assert found is not None and found.state == "dismissed"
    assert world.desk.suggestion(99_999) is None


def test_names_are_written_as_people_of_their_language_write_them(world: DeskWorld) -> None:
    deal: Deal = world.save_deal("d7", "c2", "o-aya")
    world.kept(TO_CALL, key="english", about=About("c2", "", deal.id, 1.0, "o-aya"))

    assert world.desk.today("o-aya", now=NOW).rows[0].person_name == "Jane Ford"
