"""What the demo company's customers say at touchpoints: surveys get a score and now and then a comment, tickets a text.

The words wait with those of all other touchpoints until the worker hears them. A customer who leaves gives lower
scores before.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Row, Select, exists, func, select

from crm_client.demo.deal_story import RENEWAL
from crm_client.demo.mail_words import Told, survey_comment, ticket_text
from crm_client.demo.sales_rules import LOST
from crm_client.embedded.tables import (
    crm_contacts,
    crm_deal_products,
    crm_deals,
    crm_demo,
    crm_products,
    crm_touchpoints,
)
from motenashi.database import Database
from motenashi.insights.voice.tables import voice_responses
from motenashi.insights.voice.text_touch import TextTouch
from motenashi.touchpoint_intake.texts import keep_texts

AT_ONCE = 1_000
_OF_THE_DEMO = "deal-______-t%"  # nobody else's touchpoints are called so
_COMMENTED = 0.6  # of surveys
_SORE_BEFORE = timedelta(days=180)  # a customer leaves
# How often which score is given: by customers who stay, and by those who leave soon.
_SCORES = tuple(range(11))
_STAYED = (1, 1, 1, 1, 2, 4, 6, 12, 18, 24, 20)
_LEFT = (5, 5, 6, 7, 8, 10, 12, 10, 6, 3, 2)


def give_voices(database: Database, now: datetime) -> int:
    """Let surveys and tickets of the demo company say something; how many. Those that were heard stay as they are.

    The same company says the same. DBAPIError when the database is away; begin again, nothing is said twice.
    """
    given, last = 0, ""
    while True:
        with database.write() as connection:
            rows = connection.execute(_silent_ones(last)).all()
            keep_texts(connection, [_words_of(row) for row in rows], now)
        given += len(rows)
        if len(rows) < AT_ONCE:
            return given
        last = rows[-1].id


def _silent_ones(after: str) -> Select[Any]:
    touch, deal, contact, product = crm_touchpoints.c, crm_deals.c, crm_contacts.c, crm_products.c
    left = crm_deals.alias()
    first = (
        select(crm_deal_products.c.product_id)
        .where(crm_deal_products.c.deal_id == touch.deal_id)
        .order_by(crm_deal_products.c.position)
        .limit(1)
        .scalar_subquery()
    )
    wanted = (touch.id, touch.at, touch.channel, touch.type, touch.contact_id, touch.deal_id, touch.title)
    return (
        select(
            *wanted,
            contact.language,
            product.name_en,
            product.name_ja,
            product.category,
            select(func.min(left.c.closed_at))
            .where(
                left.c.contact_id == touch.contact_id,
                left.c.type == RENEWAL,
                left.c.stage == LOST,
                left.c.closed_at > touch.at,
            )
            .scalar_subquery()
            .label("left_at"),
        )
        .select_from(crm_touchpoints)
        .join(crm_deals, deal.id == touch.deal_id)
        .join(crm_contacts, contact.id == touch.contact_id)
        .join(crm_products, product.id == first)
        .where(
            touch.type.in_(("survey", "ticket")),
            touch.signal,
            touch.id.like(_OF_THE_DEMO),
            touch.id > after,
            exists().where(crm_demo.c.id == 1),
            ~exists().where(voice_responses.c.key == "touch:" + touch.id),
        )
        .order_by(touch.id)
        .limit(AT_ONCE)
    )


def _words_of(row: Row[Any]) -> TextTouch:
    random = Random(f"{row.id} {row.at.isoformat()}")  # noqa: S311 - nothing secret is made from it
    language = row.language or "en"
    leaves = row.left_at is not None and row.left_at - row.at < _SORE_BEFORE
    told = Told(language, "left" if leaves else "won", row.name_ja if language == "ja" else row.name_en, row.category)
    score, text = None, ""
    if row.type == "survey":
        score = random.choices(_SCORES, _LEFT if leaves else _STAYED)[0]
        text = survey_comment(random, score, told) if random.random() < _COMMENTED else ""
    else:
        text = ticket_text(random, told)
    return TextTouch(
        key=row.id,
        at=row.at,
        channel=row.channel,
        type=row.type,
        contact_id=row.contact_id,
        deal_id=row.deal_id,
        title=row.title or "",
        text=text,
        score=score,
        language=language if text else "",
    )
