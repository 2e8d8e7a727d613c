"""The responses behind a number: what was said, by whom, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, select, tuple_

from crm_client.embedded.tables import crm_contacts, crm_leads
from motenashi.insights.voice.tables import voice_intents, voice_keywords, voice_responses
from motenashi.voice_reports.cause_factors import said_before
from motenashi.voice_reports.cause_people import compared
from motenashi.voice_reports.causes import Cause, Looked, Loss
from motenashi.voice_reports.promoters import Measure, group_people
from motenashi.voice_reports.question import Question
from motenashi.voice_reports.tables import voice_said, voice_said_people, voice_said_words

PAGE = 50

_said, _word, _people, _response = voice_said, voice_said_words, voice_said_people, voice_responses


@dataclass(frozen=True)
class Wanted:
    """Which responses of a question's period. Empty: whatever it is. `keyword` is a normal form, of `keyword_kind`
    (general or competitor); `scores`: lowest and highest; `group`: by people in such a group of promoters."""

    tone: str = ""
    emotion: str = ""
    intent: str = ""
    keyword: str = ""
    keyword_kind: str = "general"
    said_by: str = ""
    scores: tuple[int, int] | None = None
    group: str = ""
    measure: Measure = "tone"


@dataclass(frozen=True)
class SaidWord:
    text: str
    kind: str
    tone: str
    said_by: str


@dataclass(frozen=True)
class Quote:
    """One response. `person_kind` '' where nobody knows who it was. `at` aware. `text`: their own words, an excerpt."""

    id: int
    at: datetime
    channel: str
    type: str
    language: str
    tone: str
    emotion: str
    intent: str
    score: int | None
    text: str
    person_kind: Literal["contact", "lead", ""] = ""
    person_id: str = ""
    person: str = ""
    deal_id: str = ""
    words: tuple[SaidWord, ...] = ()


@dataclass(frozen=True)
class Quotes:
    """`responses` and `customers` of all pages; `next`: what `after` is for the following page, None at the end."""

    quotes: tuple[Quote, ...] = ()
    responses: int = 0
    customers: int = 0
    next: tuple[int, int] | None = None


def quotes_of(
    connection: Connection,
    question: Question,
    wanted: Wanted,
    *,
    after: tuple[int, int] | None = None,
    most: int = PAGE,
) -> Quotes:
    """`after`: second and id of the last response of the page before."""
    tests = _tests(question, wanted)
    counts = select(func.count(), func.count(_said.c.person.distinct())).where(*tests)
    responses, customers = connection.execute(counts).one()
    place = (_said.c.at_s, _said.c.response_id)
    page = select(*place).where(*tests).order_by(_said.c.at_s.desc(), _said.c.response_id.desc()).limit(most + 1)
    if after is not None:
        page = page.where(tuple_(*place) < tuple_(*(literal(one) for one in after)))
    places = [(int(at_s), int(number)) for at_s, number in connection.execute(page)]
    shown = places[:most]
    following = shown[-1] if len(places) > most else None
    return Quotes(load(connection, [number for _, number in shown]), int(responses), int(customers), following)


def load(connection: Connection, ids: Sequence[int]) -> tuple[Quote, ...]:
    """The quotes of responses, in that order; those that are gone are left out."""
    if not ids:
        return ()
    contact, lead = crm_contacts, crm_leads
    ways = _response.outerjoin(_said, _said.c.response_id == _response.c.id)
    ways = ways.outerjoin(_people, _people.c.no == _said.c.person)
    ways = ways.outerjoin(contact, and_(contact.c.id == _people.c.contact_id, _people.c.contact_id != ""))
    ways = ways.outerjoin(lead, and_(lead.c.id == _people.c.lead_id, _people.c.lead_id != ""))
    names = ("id", "at", "channel", "type", "language", "tone", "emotion", "intent", "score", "text", "deal_id")
    query = select(
        *(_response.c[name] for name in names),
        _people.c.contact_id,
        _people.c.lead_id,
        *(contact.c[name] for name in ("first_name", "last_name", "email")),
        contact.c.language.label("person_language"),
        *(lead.c[name].label(f"lead_{name}") for name in ("first_name", "last_name", "email")),
        lead.c.language.label("lead_person_language"),
    ).select_from(ways)
    words = _words(connection, ids)
    found = {}
    for row in connection.execute(query.where(_response.c.id.in_(ids))).mappings():
        told = {name: row[name] for name in names}
        found[int(row["id"])] = Quote(**told, **_person(row), words=words.get(int(row["id"]), ()))
    return tuple(found[number] for number in ids if number in found)


def examples(
    connection: Connection, question: Question, loss: Loss, looked: Looked, causes: Sequence[Cause], each: int = 2
) -> dict[tuple[str, str], tuple[Quote, ...]]:
    """By kind and name of a cause that is in words: what customers who were lost had said, the latest of each."""
    theirs = said_before(question, compared(question, loss, looked.window, looked.margin))
    named: dict[str, list[str]] = {"general": [], "competitor": [], "intent": []}
    for cause in causes:
        kind = {"keyword": "general"}.get(cause.kind, cause.kind)
        if kind in named:
            named[kind].append(cause.name)
    lost = theirs.c.lost == 1
    queries: list[Select[Any]] = []
    for kind in ("general", "competitor"):
        same = and_(_word.c.response_id == theirs.c.response_id, _word.c.kind == kind, _word.c.said_by != "us")
        query = select(_word.c.kind, _word.c.normal.label("name"), theirs.c.response_id, theirs.c.at_s)
        queries.append(query.join_from(theirs, _word, same).where(lost, _word.c.normal.in_(named[kind])))
    intent = voice_intents
    told = select(literal("intent").label("kind"), intent.c.label.label("name"), theirs.c.response_id, theirs.c.at_s)
    told = told.join_from(theirs, intent, intent.c.response_id == theirs.c.response_id)
    queries.append(told.where(lost, intent.c.label.in_(named["intent"])))
    table = queries[0].union_all(*queries[1:]).subquery()
    newest = (table.c.at_s.desc(), table.c.response_id.desc())
    place = func.row_number().over(partition_by=(table.c.kind, table.c.name), order_by=newest)
    ranked = select(table, place.label("place")).subquery()
    rows = connection.execute(select(ranked).where(ranked.c.place <= each).order_by(ranked.c.place)).all()
    quotes = {one.id: one for one in load(connection, sorted({int(row.response_id) for row in rows}))}
    found: dict[tuple[str, str], tuple[Quote, ...]] = {}
    for row in rows:
        key = ("keyword" if row.kind == "general" else row.kind, row.name)
        if row.response_id in quotes:
            found[key] = (*found.get(key, ()), quotes[row.response_id])
    return found


def _tests(question: Question, wanted: Wanted) -> list[ColumnElement[bool]]:
    tests = [question.conditions(_said)]
    for name in ("tone", "emotion", "intent"):
        value = getattr(wanted, name)
        if value:
            tests.append(_said.c[name] == value)
    if wanted.scores is not None:
        tests.append(_said.c.score.between(*wanted.scores))
    if wanted.keyword:
        said = [_word.c.said_by == wanted.said_by] if wanted.said_by else []
        same = (_word.c.kind == wanted.keyword_kind, _word.c.normal == wanted.keyword)
        tests.append(_said.c.response_id.in_(select(_word.c.response_id).where(*same, *said)))
    if wanted.group:
        tests.append(_said.c.person.in_(group_people(question, wanted.measure, wanted.group)))
    return tests


def _person(row: Mapping[Any, Any]) -> dict[str, Any]:
    for kind, prefix in (("contact", ""), ("lead", "lead_")):
        if row[f"{kind}_id"]:
            first, last, language, email = (
                row[f"{prefix}{name}"] or "" for name in ("first_name", "last_name", "person_language", "email")
            )
            name = person_name(first, last, language) or email
            return {"person_kind": kind, "person_id": row[f"{kind}_id"], "person": name}
    return {}


def person_name(first: str, last: str, language: str) -> str:
    """As people of their language write it: 森 遥, Haruka Mori."""
    family_first = not f"{first}{last}".isascii() and language in ("", "ja")
    return " ".join(part for part in ((last, first) if family_first else (first, last)) if part)


def _words(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[SaidWord, ...]]:
    word = voice_keywords
    query = select(word.c.response_id, word.c.text, word.c.kind, word.c.tone, word.c.said_by)
    query = query.where(word.c.response_id.in_(ids)).order_by(word.c.response_id, word.c.place)
    found: dict[int, tuple[SaidWord, ...]] = {}
    for number, *values in connection.execute(query):
        found[int(number)] = (*found.get(int(number), ()), SaidWord(*values))
    return found
