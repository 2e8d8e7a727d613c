"""Whom the causes compare: one row a customer, with the moment, how it ended, and what makes customers alike."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, case, func, literal, select
from sqlalchemy.sql.selectable import CTE

from crm_client.embedded.tables import crm_accounts, crm_contacts, crm_deals, crm_stages
from motenashi.insights.voice.tables import voice_events
from motenashi.voice_reports.question import Question
from motenashi.voice_reports.rivals import closed_deals
from motenashi.voice_reports.seconds import at_second, seconds_of
from motenashi.voice_reports.tables import voice_said, voice_said_people

DAY = 86_400

_people, _said = voice_said_people, voice_said


def compared(question: Question, loss: str, window: int, margin: int) -> CTE:
    """person, lost (1 or 0), from_s and to_s (what is looked at, `to_s` not included), stratum.

    Only customers with a response in that time."""
    moments = (_churned(question) if loss == "churn" else _ended_deals(question)).cte("moments")
    from_s = moments.c.moment_s - window * DAY
    to_s = moments.c.moment_s - margin * DAY
    said = and_(_said.c.person == moments.c.person, _said.c.at_s >= from_s, _said.c.at_s < to_s)
    times = select(func.count()).where(said, question.conditions(_said, in_period=False)).scalar_subquery()
    each = select(
        moments.c.person,
        moments.c.lost,
        from_s.label("from_s"),
        to_s.label("to_s"),
        moments.c.type,
        times.label("times"),
    ).cte("counted")
    contact, account = crm_contacts, crm_accounts
    band = case((each.c.times == 1, "1"), (each.c.times <= 3, "2"), (each.c.times <= 7, "4"), else_="8")
    stratum = each.c.type + literal("|") + func.coalesce(account.c.industry, "") + literal("|") + band
    ways = each.join(_people, _people.c.no == each.c.person)
    ways = ways.outerjoin(contact, and_(contact.c.id == _people.c.contact_id, _people.c.contact_id != ""))
    ways = ways.outerjoin(account, and_(account.c.id == contact.c.account_id, contact.c.account_id != ""))
    columns = (each.c.person, each.c.lost, each.c.from_s, each.c.to_s, stratum.label("stratum"))
    return select(*columns).select_from(ways).where(each.c.times > 0).cte("compared")


def _ended_deals(question: Question) -> Select[Any]:
    """person, lost, moment_s, type: the last deal of each that ended in the period."""
    ended = closed_deals(question).cte("ended")
    last = func.row_number().over(
        partition_by=ended.c.person, order_by=(ended.c.ended_s.desc(), ended.c.deal_id.desc())
    )
    table = select(ended, last.label("place")).subquery()
    query = select(table.c.person, (1 - table.c.won).label("lost"), table.c.ended_s.label("moment_s"), crm_deals.c.type)
    return query.join_from(table, crm_deals, crm_deals.c.id == table.c.deal_id).where(table.c.place == 1)


def _churned(question: Question) -> Select[Any]:
    """The same for customers who left, and those who bought and stayed."""
    left = _left(question)
    count = select(func.count()).select_from(left).scalar_subquery()
    event, deal, stage = voice_events, crm_deals, crm_stages
    ever = select(event.c.contact_id).where(event.c.kind == "churn", event.c.contact_id != "")
    first = select(deal.c.contact_id, seconds_of(func.min(deal.c.closed_at)).label("bought_s"))
    first = first.join_from(deal, stage, stage.c.name == deal.c.stage)
    bought = first.where(stage.c.outcome == "won", deal.c.contact_id != "").group_by(deal.c.contact_id).cte("bought")
    stayed = (
        select(
            _people.c.no.label("person"),
            bought.c.bought_s,
            (1 + func.row_number().over(order_by=_people.c.contact_id) % func.nullif(count, 0)).label("turn"),
        )
        .join_from(_people, bought, bought.c.contact_id == _people.c.contact_id)
        .where(question.who(_people.c.no), _people.c.contact_id.not_in(ever))
        .cte("stayed")
    )
    numbered = select(
        left.c.moment_s, func.row_number().over(order_by=(left.c.moment_s, left.c.contact_id)).label("place")
    )
    in_turn = numbered.cte("in_turn")
    kept = select(stayed.c.person, literal(0).label("lost"), in_turn.c.moment_s, literal("").label("type"))
    kept = kept.join_from(stayed, in_turn, in_turn.c.place == stayed.c.turn).where(
        stayed.c.bought_s < in_turn.c.moment_s
    )
    lost = select(left.c.person, literal(1).label("lost"), left.c.moment_s, literal("").label("type"))
    both = lost.union_all(kept).subquery()
    return select(both)


def _left(question: Question) -> CTE:
    """Person and moment_s of the first time that each left in the period."""
    event = voice_events
    query = (
        select(_people.c.no.label("person"), _people.c.contact_id, seconds_of(func.min(event.c.at)).label("moment_s"))
        .join_from(event, _people, and_(_people.c.contact_id == event.c.contact_id, event.c.contact_id != ""))
        .where(
            event.c.kind == "churn",
            event.c.at >= at_second(question.since_s),
            event.c.at < at_second(question.until_s),
            question.who(_people.c.no),
        )
    )
    return query.group_by(_people.c.no, _people.c.contact_id).cte("gone")
