"""Surveys of the demo company get scores, tickets words: once, and nobody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from crm_client.embedded import tables as crm
from motenashi import demo_voices
from motenashi.database import Database
from motenashi.demo_voices import give_voices
from motenashi.insights.voice.hearing import Hearing
from motenashi.insights.voice.response import Response
from motenashi.insights.voice.responses import Responses
from motenashi.insights.voice.tables import voice_responses
from motenashi.touchpoint_intake.tables import touchpoint_texts
from motenashi.touchpoint_intake.texts import Texts
from tests.insights.told_by_words import told_by_words
from tests.insights.voice_world import NOW, VoiceWorld, ago
from tests.migrated import migrate

MANY = 120
PRODUCT = {"code": "NB", "name_en": "AeroBook 14", "name_ja": "エアロブック14", "category": "notebook", "active": True}


@pytest.fixture
def world(database: Database) -> VoiceWorld:
    migrate(database)
    world = VoiceWorld(database)
    world.add(crm.crm_demo, id=1, seed=1, scale=1, made_for=NOW, counts={"deals": 2})
    world.add(crm.crm_products, id="nb-14", unit_price=1, currency="JPY", **PRODUCT)
    for place, language in enumerate(("en", "ja")):
        world.contact(f"c{place}", language=language)
        won = ("Closed Won", ago(400))
        world.deal(f"deal-00000{place}", won, products=["nb-14"], contact_id=f"c{place}", type="New Business")
    with database.write() as connection:
        connection.execute(insert(crm.crm_touchpoints), [touch(number) for number in range(MANY)])
    return world


def touch(number: int, **more: object) -> dict[str, object]:
    kind, who = ("survey", "ticket")[number % 2], number // 2 % 2
    usual = {"id": f"deal-00000{who}-t{number}", "channel": {"ticket": "support_ticket"}.get(kind, kind), "type": kind}
    whose = {"contact_id": f"c{who}", "deal_id": f"deal-00000{who}", "at": ago(300 - number), "signal": True}
    return {**usual, **whose, **more}


def hear_all(world: VoiceWorld) -> None:
    hearing = Hearing(world.database, world.responses, told_by_words)
    while Texts(world.database).hand_on(hearing.hear, NOW):
        pass


def heard(world: VoiceWorld) -> list[Response]:
    return [one for who in ("c0", "c1") for one in Responses(world.database).of(contact_id=who, most=1_000)]


def waiting(world: VoiceWorld) -> list[tuple[str, str]]:
    with world.database.read() as connection:
        rows = connection.execute(select(touchpoint_texts.c.key, touchpoint_texts.c.payload).order_by("key"))
        return [(row.key, row.payload) for row in rows]


def test_surveys_have_scores_and_tickets_words_in_the_customers_language(world: VoiceWorld) -> None:
    assert give_voices(world.database, NOW) == MANY
    hear_all(world)

    said = heard(world)
    surveys, tickets = ([one for one in said if one.type == kind] for kind in ("survey", "ticket"))
    assert (len(surveys), len(tickets)) == (MANY // 2, MANY // 2)
    assert all(one.score is not None and 0 <= one.score <= 10 for one in surveys)
    assert 0 < sum(not one.text for one in surveys) < len(surveys)
    assert all(one.text and one.score is None for one in tickets)
    assert {one.language for one in said if one.contact_id == "c1" and one.text} == {"ja"}
    assert {one.language for one in said if not one.text} == {""}
    assert {product.product_id for one in tickets for product in one.products} == {"nb-14"}


def test_nobody_speaks_twice(world: VoiceWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_voices, "AT_ONCE", 7)
    give_voices(world.database, NOW)
    before = waiting(world)
    give_voices(world.database, NOW + timedelta(hours=1))
    assert waiting(world) == before
    assert len(before) == MANY

    hear_all(world)
    assert give_voices(world.database, NOW) == 0
    assert waiting(world) == []


def test_the_same_company_says_the_same(world: VoiceWorld) -> None:
    give_voices(world.database, NOW)
    before = waiting(world)
    with world.database.write() as connection:
        connection.execute(touchpoint_texts.delete())
    give_voices(world.database, NOW)

    assert waiting(world) == before


def test_whoever_leaves_soon_gave_lower_scores(world: VoiceWorld) -> None:
    world.deal("deal-000009", ("Closed Lost", ago(170)), contact_id="c0", type="Renewal")
    give_voices(world.database, NOW)
    hear_all(world)

    scores = {
        who: [one.score for one in heard(world) if one.contact_id == who and one.score is not None]
        for who in ("c0", "c1")
    }
    assert sum(scores["c0"]) / len(scores["c0"]) + 1 < sum(scores["c1"]) / len(scores["c1"])


def test_touchpoints_of_others_keep_their_silence(world: VoiceWorld) -> None:
    with world.database.write() as connection:
        connection.execute(crm.crm_touchpoints.delete())
        others = [touch(0, id="4711"), touch(0, type="visit"), touch(1, signal=False), touch(3, contact_id="gone")]
        connection.execute(insert(crm.crm_touchpoints), others)

    assert give_voices(world.database, NOW) == 0


def test_without_a_demo_company_nothing_is_said(world: VoiceWorld) -> None:
    with world.database.write() as connection:
        connection.execute(crm.crm_demo.delete())

    assert give_voices(world.database, NOW) == 0
    with world.database.read() as connection:
        assert connection.execute(select(voice_responses.c.id)).first() is None
