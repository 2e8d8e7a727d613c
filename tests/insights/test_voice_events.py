"""What came of it: each kind of event is found in the CRM, once, and goes when it is no more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, literal, select

from crm_client.embedded import tables as crm
from motenashi.database import Database
from motenashi.insights.voice.events.finding import Changes
from motenashi.insights.voice.recommendations import Recommendation, Recommendations
from tests.insights.voice_world import DAY, NOW, VoiceWorld, ago

OPEN, WON, LOST = "Qualification", "Closed Won", "Closed Lost"
HOUR = timedelta(hours=1)


@pytest.fixture
def world(database: Database) -> VoiceWorld:
    world = VoiceWorld(database)
    world.account("a1")
    world.contact("c1", "a1")
    return world


def test_a_deal_is_won_or_lost_since_it_came_to_that_stage(world: VoiceWorld) -> None:
    world.deal("d1", (OPEN, ago(40)), (WON, ago(9)), account_id="a1")
    world.deal("d2", (OPEN, ago(40)), (LOST, ago(8)))
    world.deal("d3", (OPEN, ago(40)))

    changes = world.find(silent_days=0)

    events = world.events()
    assert (changes.new, changes.changed, changes.gone) == (2, 0, 0)
    assert {key: event.at for key, event in events.items()} == {"deal_won:d1": ago(9), "deal_lost:d2": ago(8)}
    assert events["deal_lost:d2"].account_id == "a1"  # its contact's
    won = events["deal_won:d1"]
    told = (won.kind, won.contact_id, won.account_id, won.deal_id, won.owner_id, won.detail)
    assert told == ("deal_won", "c1", "a1", "d1", "o1", WON)


def test_nothing_is_written_when_nothing_happened(world: VoiceWorld) -> None:
    world.deal("d1", (OPEN, ago(40)), (WON, ago(9)))
    world.deal("d2", (OPEN, ago(900)), (WON, ago(800)), contact_id="c2")
    world.contact("c2")
    world.said("mail:1", ago(20))
    first = world.find()
    before = world.events()

    assert first.any
    assert world.find().any is False
    assert world.events() == before


def test_a_deal_that_is_opened_again_or_gone_is_no_event(world: VoiceWorld) -> None:
    world.deal("d1", (OPEN, ago(40)), (LOST, ago(9)))
    world.deal("d2", (OPEN, ago(40)), (WON, ago(9)))
    world.said("mail:1", ago(20))
    world.find()
    world.move("d1", LOST, OPEN, ago(5))
    with world.database.write() as connection:  # merged into another one
        connection.execute(delete(crm.crm_deals).where(crm.crm_deals.c.id == "d2"))

    assert world.find().gone == 2
    assert world.events() == {}
    assert world.links() == set()


def test_a_deal_that_was_lost_won_and_lost_is_lost_since_the_last_time(world: VoiceWorld) -> None:
    world.deal("d1", (OPEN, ago(40)), (LOST, ago(30)), (WON, ago(20)), (LOST, ago(10)))
    world.find()
    (event,) = world.events("deal_lost").values()
    assert event.at == ago(10)

    world.move("d1", LOST, WON, ago(3))
    assert world.find().any
    assert {key: event.at for key, event in world.events().items()} == {"deal_won:d1": ago(3)}


def test_a_deal_without_history_is_closed_when_the_crm_says(world: VoiceWorld) -> None:
    world.deal("d1", (WON, ago(9)))
    with world.database.write() as connection:
        connection.execute(delete(crm.crm_stage_changes))

    world.find()
    assert world.events()["deal_won:d1"].at == ago(9)


def test_a_lead_that_became_a_customer(world: VoiceWorld) -> None:
    world.contact("c5", "a1", created_at=ago(7))
    world.deal("d5", (OPEN, ago(6)), contact_id="c5")
    world.lead("l1", converted_contact_id="c5", converted_deal_id="d5", source="Web")
    world.lead("l2", converted_contact_id="c1", created_at=ago(30))  # of somebody who was there long before
    world.lead("l3", converted_contact_id="c5")
    world.status("l3", "Contacted", "Converted", ago(4))
    world.lead("l4")

    world.find(silent_days=0)

    events = world.events("lead_converted")
    assert {key: event.at for key, event in events.items()} == {
        "lead_converted:l1": ago(6),
        "lead_converted:l2": ago(30),
        "lead_converted:l3": ago(4),
    }
    first = events["lead_converted:l1"]
    assert (first.lead_id, first.contact_id, first.account_id, first.deal_id) == ("l1", "c5", "a1", "d5")


def test_a_lead_that_came_to_nothing(world: VoiceWorld) -> None:
    world.lead("l1")
    world.status("l1", "", "Contacted", ago(100))
    world.status("l1", "Contacted", "Junk Lead", ago(9))
    world.lead("l2", status="Not Qualified")  # before statuses were noted
    world.signal(ago(60), lead_id="l2")
    world.signal(ago(50), lead_id="l2", signal=False)
    world.lead("l3", status="junk", converted_deal_id="d9")
    world.lead("l4", status="迷惑")

    world.find(silent_days=0)
    assert {key: event.at for key, event in world.events("lead_junk").items()} == {
        "lead_junk:l1": ago(9),
        "lead_junk:l2": ago(50),
    }

    world.find(silent_days=0, junk_statuses=("迷惑",))
    assert list(world.events("lead_junk")) == ["lead_junk:l4"]

    world.status("l4", "迷惑", "Contacted", ago(1))
    world.find(silent_days=0, junk_statuses=("迷惑",))
    assert world.events("lead_junk") == {}


def test_a_renewal_that_is_lost_is_a_customer_who_left(world: VoiceWorld) -> None:
    world.deal("d1", (OPEN, ago(40)), (LOST, ago(9)), type="renewal")
    world.deal("d2", (OPEN, ago(40)), (LOST, ago(9)), type="New Business")

    world.find()
    (event,) = world.events("churn").values()
    assert (event.key, event.at, event.detail) == ("churn:deal:d1", ago(9), "renewal lost")


def test_who_fell_silent_is_lost_until_they_come_back(world: VoiceWorld) -> None:
    world.contact("c2", "a1")
    world.deal("d1", (OPEN, ago(800)), (WON, ago(700)), account_id="a1")
    world.signal(ago(600), "c1")
    world.signal(ago(500), "c2")
    world.signal(ago(20), "c1", signal=False)  # ours
    world.contact("c9")
    world.deal("d9", (OPEN, ago(800)), (WON, ago(401)), contact_id="c9", account_id="")

    world.find(silent_days=400)
    assert {(event.key, event.at, event.account_id, event.contact_id) for event in world.events("churn").values()} == {
        ("churn:silent:account:a1", ago(100), "a1", "c1"),
        ("churn:silent:contact:c9", ago(1), "", "c9"),
    }
    assert world.find(silent_days=400).any is False

    world.said("mail:1", ago(2), contact_id="c2")
    world.deal("d10", (OPEN, ago(1)), contact_id="c9", account_id="")
    world.find(silent_days=400)
    assert world.events("churn") == {}


def test_whom_we_may_yet_hear_of_is_not_lost(world: VoiceWorld) -> None:
    world.deal("d1", (OPEN, ago(800)), (WON, ago(700)), account_id="a1")
    world.find(silent_days=0)
    assert world.events("churn") == {}

    world.contact("c7")  # never bought anything
    world.signal(ago(800), "c7")
    world.deal("d2", (OPEN, ago(600)), account_id="a1")  # still open
    world.find()
    assert world.events("churn") == {}


def test_a_recommended_product_that_is_bought_later(world: VoiceWorld) -> None:
    world.contact("c2", "a1")
    world.lead("l1", converted_contact_id="c3")
    world.contact("c3")
    named = Recommendations(world.database)
    named.add_all(
        [
            Recommendation("p1", ago(30), "chat:1", contact_id="c2"),  # to a colleague
            Recommendation("p2", ago(5), "chat:1", contact_id="c1"),  # too late
            Recommendation("p3", ago(30), "chat:1", contact_id="c1"),  # they have it already
            Recommendation("p4", ago(30), "chat:1", contact_id="c1"),  # never bought
            Recommendation("p5", ago(300), "chat:1", contact_id="c1"),  # long ago
            Recommendation("p6", ago(30), "chat:2", lead_id="l1"),  # as a lead
        ]
    )
    world.deal("d0", (OPEN, ago(90)), (WON, ago(80)), account_id="a1", products=["p3"])
    world.deal("d1", (OPEN, ago(20)), (WON, ago(9)), account_id="a1", products=["p1", "p2", "p3", "p5"])
    world.deal("d2", (OPEN, ago(20)), (WON, ago(8)), contact_id="c3", products=["p6"])
    world.deal("d3", (OPEN, ago(20)), (WON, ago(7)), account_id="a1", products=["p1"])  # again

    world.find(recommended_days=100)

    assert {(event.deal_id, event.detail, event.at) for event in world.events("recommendation_bought").values()} == {
        ("d1", "p1", ago(9)),
        ("d2", "p6", ago(8)),
    }


def test_recommendations_that_others_know_of_count(world: VoiceWorld) -> None:
    world.deal("d1", (OPEN, ago(20)), (WON, ago(9)), account_id="a1", products=["p1"])
    created = crm.crm_deals.c.created_at
    suggested = select(literal("p1"), crm.crm_deals.c.contact_id, literal(""), created).where(
        crm.crm_deals.c.id == "d1"
    )

    world.find(recommendations=[suggested])
    assert list(world.events("recommendation_bought")) == ["recommendation_bought:d1:p1"]


def test_how_a_call_ended_lies_at_its_end_and_in_it(world: VoiceWorld) -> None:
    call = world.said(
        "touch:z1", ago(9), type="call", ended_at=ago(9) + HOUR / 2, outcome="agreement_reached", deal_id="d1"
    )
    mail = world.said("mail:1", ago(9) - HOUR, deal_id="d1")

    world.find()
    (event,) = world.events().values()
    assert (event.kind, event.detail, event.at) == ("call_outcome", "agreement_reached", ago(9) + HOUR / 2)
    assert world.links() == {
        ("call_outcome:touch:z1", call.id, "during", 1800),
        ("call_outcome:touch:z1", mail.id, "after", 5400),
    }


# During and after


def test_an_event_is_during_a_mail_of_the_same_deal_and_after_all_others(world: VoiceWorld) -> None:
    world.deal("d1", (OPEN, ago(40)), (WON, ago(9)), account_id="a1")
    world.contact("c2", "a1")
    mails = {
        name: world.said(name, at, **{"deal_id": "", **more}).id
        for name, at, more in (
            ("same deal", ago(9) - 2 * HOUR, {"deal_id": "d1"}),
            ("no deal", ago(9) - 3 * HOUR, {}),
            ("same deal, earlier", ago(10), {"deal_id": "d1"}),
            ("colleague", ago(60), {"contact_id": "c2", "account_id": "a1"}),
            ("later", ago(8), {"deal_id": "d1"}),
            ("too early", ago(110), {"deal_id": "d1"}),
            ("stranger", ago(20), {"contact_id": "c3"}),
        )
    }

    world.find()
    assert world.links() == {
        ("deal_won:d1", mails["same deal"], "during", 7200),
        ("deal_won:d1", mails["no deal"], "after", 10800),
        ("deal_won:d1", mails["same deal, earlier"], "after", 86400),
        ("deal_won:d1", mails["colleague"], "after", 51 * 86400),
    }


def test_an_event_is_during_a_talk_only_until_its_end(world: VoiceWorld) -> None:
    world.deal("d1", (OPEN, ago(40)), (WON, ago(9)))
    within = world.said("chat:1", ago(9) - HOUR / 2, ended_at=ago(9) + HOUR)
    over = world.said("chat:2", ago(9) - HOUR / 2, ended_at=ago(9) - HOUR / 4, deal_id="d1")

    world.find()
    assert world.links() == {
        ("deal_won:d1", within.id, "during", 1800),
        ("deal_won:d1", over.id, "after", 1800),
    }


def test_before_a_silence_the_window_counts_from_its_beginning(world: VoiceWorld) -> None:
    world.deal("d1", (OPEN, ago(800)), (WON, ago(700)), account_id="a1")
    last = world.said("mail:1", ago(500))
    before = world.said("mail:2", ago(550))
    world.said("mail:3", ago(600))

    world.find(silent_days=400)
    assert {link for link in world.links() if link[0].startswith("churn")} == {
        ("churn:silent:account:a1", last.id, "after", 400 * 86400),
        ("churn:silent:account:a1", before.id, "after", 450 * 86400),
    }


def test_links_follow_other_settings_and_new_responses(world: VoiceWorld) -> None:
    world.deal("d1", (OPEN, ago(40)), (WON, ago(9)))
    world.said("mail:1", ago(30))
    world.find()
    assert len(world.links()) == 1

    world.said("mail:2", ago(20))
    assert world.find() == Changes(links=1, seconds=pytest.approx(0, abs=60))
    world.find(window_days=15)
    assert [link[3] for link in world.links()] == [int((11 * DAY).total_seconds())]
    assert world.find(now=NOW, window_days=15).any is False
