"""The page /crm over the real tables: who may see it, what it says of each part, and what its buttons do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from crm_client.zoho import tables
from crm_client.zoho.mapping.findings import Finding
from crm_client.zoho.settings import ZohoLimits, ZohoSettings
from crm_client.zoho.troubles import WHAT_TO_DO
from motenashi.database import Database
from motenashi.identity.roles import Role
from motenashi.pages.crm.credits_picture import HEIGHT, draw_budget, draw_hours
from motenashi.pages.crm.crm_view import ROWS_A_PAGE, CreditsHour, CreditsState
from motenashi.pages.crm.troubles_words import CURES, PASSES, TITLES
from motenashi.settings import CrmSettings
from tests.pages.conftest import NOW, House, form_token
from tests.pages.crm.crm_pages import CrmPages, fill_everything, people, settings


@pytest.fixture
def pages(house: House, sqlite_database: Database) -> CrmPages:
    return CrmPages(house, sqlite_database)


@pytest.fixture
def on_both(house: House, database: Database) -> CrmPages:
    """Where the database answers questions of its own."""
    return CrmPages(house, database)


@pytest.mark.parametrize("path", ["", "/state.json"])
def test_only_administrators_come_in(house: House, sqlite_database: Database, path: str) -> None:
    CrmPages(house, sqlite_database)
    answers = {role: house.staff(role).get(f"/crm{path}").status_code for role in Role}

    assert answers == {role: 200 if role is Role.ADMINISTRATOR else 403 for role in Role}
    assert house.client().get(f"/crm{path}").status_code == 302


@pytest.mark.parametrize("path", ["/ask", "/outbox/1/again", "/outbox/1/give-up"])
def test_only_administrators_do_something_and_only_by_our_own_form(
    house: House, sqlite_database: Database, path: str
) -> None:
    pages = CrmPages(house, sqlite_database)
    people(pages)
    pages.waits("leads", "l1", "create")
    supervisor = house.staff(Role.SUPERVISOR)
    token = form_token(supervisor, "/flows")

    assert supervisor.post(f"/crm{path}", data={"csrf_token": token}).status_code == 403
    assert house.staff().post(f"/crm{path}").status_code == 400
    assert (pages.desk.asked, list(pages.outbox().values())) == (0, ["waiting"])


def test_what_the_page_shows_is_kept_by_no_cache(house: House, sqlite_database: Database) -> None:
    CrmPages(house, sqlite_database)

    assert house.staff().get("/crm").headers["Cache-Control"] == "no-store"
    assert house.staff().get("/crm/state.json").headers["Cache-Control"] == "no-store"


def test_the_embedded_crm_is_told_calmly_and_how_to_connect_zoho(house: House, sqlite_database: Database) -> None:
    text = CrmPages(house, sqlite_database, CrmSettings()).get()

    assert "The embedded CRM is the system of record" in text
    assert "<code>python app.py zoho connect</code>" in text
    assert "Try again" not in text and "API credits</h2>" not in text


def test_connected_and_calm(pages: CrmPages) -> None:
    pages.connected()
    pages.mirrored()

    text = pages.get()

    assert "Connected to Zoho CRM" in text and "https://www.zohoapis.jp" in text
    assert "Japan (jp)" in text and "Production" in text
    assert re.search(r'data-live="as-of">12 seconds ago<', text)
    assert "Everything that was written here is in Zoho." in text
    assert "No field was changed on both sides" in text and "The later change wins." in text
    assert 'class="notice notice-bad' not in text


def test_a_revoked_token_is_told_with_what_to_do(pages: CrmPages) -> None:
    pages.connected(state="needs_consent", trouble="revoked_token")

    text = pages.get()

    assert "Our permission was revoked" in text and "Run <code>python app.py zoho connect</code>" in text
    assert "Ask for changes now" not in text  # nobody can


def test_without_the_client_it_is_not_called_connected(pages: CrmPages) -> None:
    pages.environment.clear()
    assert "Zoho does not know our client" in pages.get()

    pages.environment.update(ZOHO_CLIENT_ID="1000.ID", ZOHO_CLIENT_SECRET="hush")
    assert "Not connected to Zoho yet" in pages.get()


def test_while_zoho_gives_no_token_it_says_that_it_waits(pages: CrmPages) -> None:
    wait_until = pages.now + timedelta(minutes=4)
    pages.connected(wait_until=wait_until)
    assert "Zoho asks us to wait" in pages.get()

    pages.now = wait_until + timedelta(seconds=1)
    assert "Zoho asks us to wait" not in pages.get()


def test_every_trouble_has_its_words_and_no_other_does() -> None:
    english = {name: str(sentence._args[0]) for name, sentence in CURES.items()}

    assert english == dict(WHAT_TO_DO)
    assert set(TITLES) == set(WHAT_TO_DO)
    assert set(WHAT_TO_DO) >= PASSES


def test_a_trouble_of_a_module_stands_with_its_cure(pages: CrmPages) -> None:
    pages.put(tables.zoho_sync, module="deals", trouble="field_missing", why="Deals: <b>odd</b>", trouble_at=NOW)

    text = pages.get()

    assert "Deals: &lt;b&gt;odd&lt;/b&gt;" in text
    assert "(<code>python app.py zoho doctor</code> lists them)" in text


def test_records_that_could_not_be_taken_over_are_counted(pages: CrmPages) -> None:
    why = "record 61, field Email: too long"
    row = {"module": "contacts", "trouble": "record_unreadable", "why": why, "trouble_at": NOW, "unreadable": 3}
    pages.put(tables.zoho_sync, **row)

    text = pages.get()

    assert why in text and "(3 records so far)" in text


def test_a_trouble_that_is_newer_than_these_words_is_told_all_the_same(pages: CrmPages) -> None:
    pages.connected(state="needs_consent", trouble="moon_in_the_way")
    pages.put(tables.zoho_sync, module="deals", trouble="stars_wrong", why="", trouble_at=NOW)

    text = pages.get()

    assert "moon in the way" in text and "stars wrong" in text


def test_an_outage_that_a_module_met_is_one_of_the_connection(pages: CrmPages) -> None:
    pages.connected()
    pages.mirrored()
    assert pages.views.state().connection.trouble == ""

    pages.put(tables.zoho_sync, module="owners", trouble="outage", trouble_at=pages.ago(minutes=2))
    assert pages.views.state().connection.trouble == "outage"
    assert "No answer from Zoho" in pages.get()


def test_a_row_that_waits_tells_whose_it_is_and_what_changed(on_both: CrmPages) -> None:
    fill_everything(on_both)

    stuck, lead, contact, deal, call, note = on_both.views.waiting()

    assert (stuck.name, stuck.state, stuck.trouble, stuck.changes) == ("Tom Becker", "stuck", "mandatory_missing", [])
    assert (lead.behind, contact.behind) == (True, False)
    assert contact.name == "森 遥"
    assert [(one.field, one.before, one.after) for one in contact.changes] == [
        ("phone", "03-0000-0000", "03-1111-2222"),
        ("title", "Buyer", ""),
    ]
    assert [(one.before, one.after) for one in deal.changes] == [("$5,400.00", "$6,000.00"), ("Aki Sato", "Ben Ito")]
    assert (deal.state, deal.unsure, call.unsure, call.name) == ("sending", False, True, "Follow-up call")
    assert (note.name, note.record_id) == ("", "gone")


def test_what_waits_behind_something_that_is_not_stuck_is_just_waiting(on_both: CrmPages) -> None:
    on_both.waits("leads", "l1")
    second = on_both.waits("leads", "l1")
    on_both.waits("leads", "l2", state="stuck")

    entry = on_both.views.write(second)

    assert entry and not entry.behind


def test_the_page_shows_what_waits_and_leads_to_its_record(pages: CrmPages) -> None:
    fill_everything(pages)

    text = pages.get()

    assert '<a href="/records/leads/l1">Tom Becker</a>' in text
    assert "Leads: Lead_Source is required" in text and WHAT_TO_DO["mandatory_missing"] in text
    assert "It waits for an earlier change of the same record that is stuck." in text
    assert "next one in 40 seconds" in text and "2 attempts" in text
    assert "(record gone)" in text
    assert text.count("Yes, give it up") == 5  # not of the one that is being sent


def test_only_stuck_ones_or_only_those_under_way(on_both: CrmPages) -> None:
    fill_everything(on_both)

    assert [one.state for one in on_both.views.waiting("stuck")] == ["stuck"]
    assert [one.state for one in on_both.views.waiting("waiting")] == [
        "waiting",
        "waiting",
        "sending",
        "waiting",
        "waiting",
    ]
    assert on_both.views.state().outbox.all == 6 and on_both.views.state().outbox.stuck == 1
    assert "Follow-up call" not in on_both.get("?show=stuck") and "Follow-up call" in on_both.get("?show=nonsense")


def test_long_lists_are_shown_in_parts(on_both: CrmPages) -> None:
    numbers = range(ROWS_A_PAGE + 3)
    on_both.put_all(
        tables.zoho_outbox,
        [{"module": "leads", "local_id": f"l{number}", "action": "create", "at": NOW} for number in numbers],
    )
    on_both.put_all(tables.zoho_conflicts, [{"at": NOW, "module": "leads", "field": "phone"} for _number in numbers])
    first, newest = on_both.views.waiting(), on_both.views.conflicts()

    assert (len(first), len(on_both.views.waiting(after=first[-1].number))) == (ROWS_A_PAGE, 3)
    assert (len(newest), len(on_both.views.conflicts(newest[-1].number))) == (ROWS_A_PAGE, 3)
    text = on_both.get()
    assert f"after={first[-1].number}" in text and f"before={newest[-1].number}" in text
    assert "From the beginning" in on_both.get(f"?after={first[-1].number}")


def test_what_is_tried_again_waits_for_nothing_and_the_sender_is_woken(on_both: CrmPages) -> None:
    people(on_both)
    number = on_both.waits("leads", "l1", state="stuck", trouble="value_rejected", why="odd", attempts=3)

    text = on_both.post(on_both.house.staff(), f"/outbox/{number}/again")

    assert "It is tried again right away" in text
    entry = on_both.views.write(number)
    assert entry and (entry.state, entry.trouble, entry.why, entry.attempts) == ("waiting", "", "", 0)
    assert on_both.desk.woken == 1


def test_giving_up_a_creation_takes_what_waits_behind_it_along(on_both: CrmPages) -> None:
    people(on_both)
    creation = on_both.waits("leads", "l1", "create", state="stuck")
    on_both.waits("leads", "l1", fields={"status": "Contacted"}, before={})
    other = on_both.waits("contacts", "c1", fields={"phone": "1"}, before={})

    assert "Given up." in on_both.post(on_both.house.staff(), f"/outbox/{creation}/give-up")
    assert on_both.outbox() == {other: "waiting"}


def test_what_is_on_its_way_or_was_sent_meanwhile_is_no_mistake(pages: CrmPages) -> None:
    people(pages)
    sending = pages.waits("leads", "l1", state="sending")
    client = pages.house.staff()

    for number in (sending, 99):
        assert "It does not wait any more." in pages.post(client, f"/outbox/{number}/again")
        assert "It does not wait any more." in pages.post(client, f"/outbox/{number}/give-up")
    assert pages.outbox() == {sending: "sending"} and pages.desk.woken == 0


def test_a_record_that_another_one_must_go_before_says_which(pages: CrmPages) -> None:
    people(pages)
    contact = pages.waits("contacts", "c1", "create", state="stuck")
    call = pages.waits("calls", "a1", "create")

    entry = pages.views.write(call)

    assert entry and [(one.module, one.name) for one in entry.waits_for] == [("contacts", "森 遥")]
    assert "It waits until this is in Zoho:" in pages.get()
    assert not pages.views.write(contact).waits_for  # type: ignore[union-attr]


def test_numbers_that_no_database_keeps_lead_nowhere(house: House, sqlite_database: Database) -> None:
    pages = CrmPages(house, sqlite_database)
    client = house.staff()
    token = form_token(client, "/crm")

    assert client.post(f"/crm/outbox/{2**70}/again", data={"csrf_token": token}).status_code == 404
    for query in (f"?after={'9' * 40}", "?before=-1", "?after=x", "?show=%00"):
        assert pages.house.staff().get(f"/crm{query}").status_code == 200


def test_asking_for_changes_says_whether_somebody_does_already(pages: CrmPages) -> None:
    client = pages.house.staff()
    assert "Zoho is being asked for changes" in pages.post(client, "/ask")

    pages.desk.asking = True
    assert "Zoho is being asked already" in pages.post(client, "/ask")
    assert pages.desk.asked == 2


def test_a_conflict_shows_both_sides_and_who_won(on_both: CrmPages) -> None:
    fill_everything(on_both)

    amount, phone = on_both.views.conflicts()

    assert (amount.ours, amount.theirs, amount.won) == ("$6,000.00", "", "ours")
    assert (phone.name, phone.base, phone.theirs, phone.won) == ("森 遥", "03-0000-0000", "03-3333-4444", "zoho")
    text = on_both.get()
    assert re.search(r'<td class="won">03-3333-4444 <span class="chip chip-good">won', text)


def test_values_are_text_and_never_markup(pages: CrmPages) -> None:
    people(pages)
    pages.waits("contacts", "c1", fields={"last_name": "<script>alert(1)</script>"}, before={"last_name": "森"})
    pages.conflict(ours="<img src=x>", theirs="`x`")

    text = pages.get()

    assert "<script>alert" not in text and "<img src=x" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_a_fill_under_way_shows_how_far_it_is(pages: CrmPages) -> None:
    pages.put(tables.zoho_sync, module="accounts", filled_at=NOW, asked_at=NOW)
    pages.put(tables.zoho_sync, module="contacts", job="61", rows_done=4_000, rows_expected=12_000)
    pages.put(tables.zoho_sync, module="leads", job="62")

    text = pages.get()

    assert '<progress max="12000" value="4000"' in text and "has begun" in text and "waits for its turn" in text
    assert "not filled yet" in text  # of the mirror as a whole
    fresh = pages.house.staff().get("/crm/state.json").json
    assert fresh and fresh["bars"] == {"contacts-done": [4_000, 12_000], "leads-done": [0, 0]}


def test_a_module_that_zoho_hides_does_not_keep_the_mirror_from_having_an_age(pages: CrmPages) -> None:
    pages.mirrored()
    with pages.database.write() as connection:
        hidden = tables.zoho_sync.c.module == "notes"
        connection.execute(
            tables.zoho_sync.update().where(hidden).values(asked_at=None, filled_at=None, trouble="no_permission")
        )

    assert pages.views.state().as_of == pages.ago(seconds=12)


def test_notifications_are_shown_with_what_they_are_about(on_both: CrmPages) -> None:
    fill_everything(on_both)

    (channel,) = on_both.views.state().channels
    assert channel.about == ["contacts", "leads", "deals", "calls", "events"]
    assert "changes are asked for every 15 minutes" in on_both.get()

    on_both.now += timedelta(days=2)
    text = on_both.get()
    assert "expired" in text and on_both.views.state().poll_seconds == 60


def test_without_an_address_it_says_how_to_be_notified(house: House, sqlite_database: Database) -> None:
    text = CrmPages(house, sqlite_database, settings(notify_url="")).get()

    assert "<code>crm.zoho.sync.notify_url</code>" in text and "asked for every 60 seconds" in text


def test_where_workflows_may_post_to_is_told_where_there_is_an_address(pages: CrmPages) -> None:
    assert "Webhooks of Zoho" not in pages.get()

    pages.desk.workflow_url = "https://chat.example.com/channels/crm/zoho/abc/workflow"
    assert pages.desk.workflow_url in pages.get()


def test_credits_are_those_of_the_api_client(house: House, database: Database) -> None:
    limits = ZohoLimits(credits_a_day=1_000, credits_kept=20, alarm_below=30)
    pages = CrmPages(house, database, CrmSettings(backend="zoho", zoho=ZohoSettings(limits=limits)))
    hour = NOW.replace(minute=0)
    pages.put(tables.zoho_credits, hour=hour, used=300, told_left=250, told_at=pages.ago(minutes=5))
    pages.put(tables.zoho_credits, hour=hour - timedelta(hours=20), used=200)
    pages.put(tables.zoho_credits, hour=hour - timedelta(hours=40), used=10_000)

    state = pages.views.state().credits

    assert state and (state.used, state.left, state.kept, state.alarm) == (500, 250, 200, 300)
    assert sum(one.used for one in state.hours) == state.used and len(state.hours) == 25
    text = pages.get()
    assert "budget-low" in text and "raise crm.zoho.limits.credits_a_day" in text
    assert "Zoho itself said so last 5 minutes ago." in text


@pytest.mark.parametrize(
    ("left", "tone", "used"),
    [(900, "calm", 10), (300, "low", 70), (200, "bad", 80), (0, "bad", 100), (5_000, "calm", 0)],
)
def test_the_bar_marks_what_is_kept_and_warns_in_time(left: int, tone: str, used: float) -> None:
    bar = draw_budget(CreditsState(budget=1_000, used=0, left=left, kept=200, alarm=300))

    assert (bar.used, bar.kept_from, bar.tone) == (used, 80, tone)


def test_even_one_credit_is_seen_and_no_column_leaves_the_frame() -> None:
    picture = draw_hours([CreditsHour(NOW, 5_000), CreditsHour(NOW, 1), CreditsHour(NOW)])

    high, low, none = picture.columns
    assert high.y >= 0 and low.height >= 1 and none.height == 0
    assert all(column.y + column.height == pytest.approx(HEIGHT) for column in (high, low))
    assert draw_hours([]).columns == () and draw_budget(CreditsState(0, 0, 0, 0, 0)).tone == "bad"


def test_what_the_doctor_found_stands_there_without_what_is_fine(pages: CrmPages) -> None:
    assert "<code>python app.py zoho doctor</code>" in pages.get()
    usual, fine = WHAT_TO_DO["field_not_in_layout"], Finding("fine", "", "leads", "", "All fields are there.")
    pages.found(Finding("error", "field_not_in_layout", "contacts", "Title", "Title is in no layout.", usual), fine)

    text = pages.get()

    assert "Title is in no layout." in text and usual in text and "Contacts · Title" in text
    assert "All fields are there." not in text
    pages.found(fine)
    assert "Everything we read and write is there." in pages.get()


def test_numbers_stay_fresh_and_the_shape_tells_when_more_has_changed(on_both: CrmPages) -> None:
    fill_everything(on_both)
    client = on_both.house.staff()
    before = client.get("/crm/state.json").json
    assert before and f'data-shape="{before["shape"]}"' in client.get("/crm").text

    on_both.waits("leads", "l1")
    on_both.now += timedelta(seconds=30)
    after = client.get("/crm/state.json").json
    assert after and after["shape"] == before["shape"]
    assert (before["texts"]["waiting"], after["texts"]["waiting"]) == ("5", "6")
    assert after["texts"]["as-of"] == after["texts"]["leads-as-of"] == "42 seconds ago"

    on_both.waits("leads", "l1", state="stuck")
    changed = client.get("/crm/state.json").json
    assert changed and changed["shape"] != before["shape"]


def test_every_place_that_is_kept_fresh_is_on_the_page(pages: CrmPages) -> None:
    fill_everything(pages)
    text, fresh = pages.get(), pages.house.staff().get("/crm/state.json").json

    places = set(re.findall(r'data-live="([^"]+)"', text))
    assert fresh and places - set(fresh["texts"]) == set()


def test_no_token_and_no_secret_is_on_the_page(pages: CrmPages) -> None:
    fill_everything(pages)
    text = pages.get() + pages.house.staff().get("/crm/state.json").text

    assert [secret for secret in pages.environment.values() if secret in text] == []


def test_the_database_away_is_no_empty_page(house: House, sqlite_database: Database) -> None:
    pages = CrmPages(house, sqlite_database)
    tables.metadata.drop_all(sqlite_database.engine)

    assert pages.house.staff().get("/crm").status_code == 503
