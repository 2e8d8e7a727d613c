"""The map of keywords: how many customers say each, how, with what intent, more than before, and beside what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

from sqlalchemy import Connection, and_, case, func, select, true, tuple_

from motenashi.insights.voice.tables import voice_keywords
from motenashi.voice_reports.question import Question
from motenashi.voice_reports.tables import voice_said, voice_said_words
from motenashi.voice_reports.tones import TONES

Kind = Literal["", "general", "competitor"]
INTENTS = ("complaint", "purchase", "inquiry", "other")
MOST = 60  # keywords on the map
LINKED = 24  # the first of these are looked at for what is said together
MOST_LINKS = 40
LINKS_FROM = 15_000  # of the newest responses of the period: enough to see who stands beside whom
FEWEST_TOGETHER = 3  # customers that say both: fewer are chance


@dataclass(frozen=True)
class Keyword:
    """Numbers of customers, but for `responses`. `before`: in the period of the same length just before; `tones` and
    `intents` may add up to more than `customers`, since somebody may say it twice, each time differently."""

    kind: str
    normal: str
    text: str
    customers: int
    responses: int
    before: int = 0
    tones: Mapping[str, int] = field(default_factory=dict)
    intents: Mapping[str, int] = field(default_factory=dict)
    by_customer: int = 0
    by_us: int = 0

    @property
    def growth(self) -> float | None:
        """0.5: half as many again as before. None for a new word."""
        return self.customers / self.before - 1 if self.before else None

    @property
    def balance(self) -> float:
        """-1: only said in a negative tone, 1: only in a positive one."""
        return (self.tones.get("positive", 0) - self.tones.get("negative", 0)) / max(sum(self.tones.values()), 1)

    @property
    def intent(self) -> str:
        """The one that most customers had; '' without any."""
        return min(self.intents, key=lambda name: (-self.intents[name], name), default="")


@dataclass(frozen=True)
class Link:
    """So many customers said both in one response."""

    one: tuple[str, str]  # kind, normal
    other: tuple[str, str]
    customers: int


@dataclass(frozen=True)
class KeywordReport:
    """`keywords`: those of most customers, at most MOST; `customers`: different people who were heard at all."""

    keywords: tuple[Keyword, ...] = ()
    links: tuple[Link, ...] = ()
    customers: int = 0
    customers_before: int = 0


_word = voice_said_words
_who = (_word.c.kind, _word.c.normal)
_people = func.count(_word.c.person.distinct())


def keyword_report(
    connection: Connection,
    question: Question,
    *,
    kind: Kind = "",
    said_by: str = "customer",
    most: int = MOST,
    brief: bool = False,
) -> KeywordReport:
    """`said_by`: customer, us or other; '' for all. `brief`: without intents, speakers and links."""
    first = _first(connection, question, kind, said_by, most)
    customers, before = (_customers(connection, one) for one in (question, question.before))
    if not first:
        return KeywordReport(customers=customers, customers_before=before)
    names = [name for name, *_ in first]
    told = _details(connection, question, names, said_by, brief)
    if said_by in ("customer", "us"):
        for name, people, _responses in first:
            told[name][f"by_{said_by}"] = people
    texts = texts_of(connection, names)
    keywords = tuple(
        Keyword(*name, texts.get(name, name[1]), people, responses, **told.get(name, {}))
        for name, people, responses in first
    )
    together = _links(connection, question, names[:LINKED], said_by) if not brief else ()
    return KeywordReport(keywords, together, customers, before)


def texts_of(connection: Connection, names: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """By kind and normal form, the words as they were written last."""
    found = {}
    table = voice_keywords
    for kind, normal in names:
        query = select(table.c.text).where(table.c.normal == normal, table.c.kind == kind, table.c.text != "")
        text = connection.execute(query.order_by(table.c.response_id.desc()).limit(1)).scalar()
        if text:
            found[(kind, normal)] = text
    return found


def _customers(connection: Connection, question: Question) -> int:
    people = func.count(voice_said.c.person.distinct())
    return int(connection.execute(select(people).where(question.conditions(voice_said))).scalar_one())


def _first(
    connection: Connection, question: Question, kind: Kind, said_by: str, most: int
) -> list[tuple[tuple[str, str], int, int]]:
    """(kind, normal), customers and responses of those that most customers said: one walk along the index."""
    people, times = _people.label("people"), func.count().label("times")
    query = select(*_who, people, times).where(question.conditions(_word), *_said(kind, said_by)).group_by(*_who)
    rows = connection.execute(query.order_by(people.desc(), times.desc(), *_who).limit(most))
    return [((row.kind, row.normal), int(row.people), int(row.times)) for row in rows if row.people]


def _said(kind: Kind, said_by: str) -> list[Any]:
    # `kind` always stands there: the index begins with it.
    kinds = [kind] if kind else ["general", "competitor"]
    return [_word.c.kind.in_(kinds), *([_word.c.said_by == said_by] if said_by else [])]


def _details(
    connection: Connection, question: Question, names: Sequence[tuple[str, str]], said_by: str, brief: bool
) -> dict[tuple[str, str], dict[str, Any]]:
    """What else there is to say of some keywords: one walk along the index for each."""
    ours = _word.c.said_by == said_by if said_by else true()
    now, then = question.conditions(_word), question.before.conditions(_word)
    told: dict[tuple[str, str], dict[str, Any]] = {name: {"tones": {}, "intents": {}} for name in names}
    by_value = (("tones", _word.c.tone, TONES), ("intents", _word.c.intent, INTENTS))
    for name, column, values in by_value[:1] if brief else by_value:
        counts = [func.count(case((column == value, _word.c.person)).distinct()) for value in values]
        for word, numbers in _of_each(connection, names, counts, now, ours):
            told[word][name] = {value: number for value, number in zip(values, numbers, strict=True) if number}
    aspects = [("before", then, ours)]
    if not brief:
        speakers = [who for who in ("customer", "us") if who != said_by]  # that one is counted already
        aspects += [(f"by_{who}", now, _word.c.said_by == who) for who in speakers]
    for name, period, said in aspects:
        for word, numbers in _of_each(connection, names, [_people], period, said):
            told[word][name] = numbers[0]
    return told


def _of_each(
    connection: Connection, names: Sequence[tuple[str, str]], counts: Sequence[Any], *tests: Any
) -> Iterator[tuple[tuple[str, str], list[int]]]:
    query = select(*_who, *counts).where(_among(names), *tests).group_by(*_who)
    wanted = set(names)
    for kind, normal, *numbers in connection.execute(query):
        if (kind, normal) in wanted:
            yield (kind, normal), numbers


def _among(names: Sequence[tuple[str, str]]) -> Any:
    """In the order of the index. It lets the same word of another kind pass, too: whoever asks looks."""
    kinds, normals = sorted({kind for kind, _normal in names}), sorted({normal for _kind, normal in names})
    return and_(_word.c.kind.in_(kinds), _word.c.normal.in_(normals))


def _links(
    connection: Connection, question: Question, names: Sequence[tuple[str, str]], said_by: str
) -> tuple[Link, ...]:
    """Which of the first keywords stand in one response, among the newest responses."""
    newest = select(voice_said.c.response_id).where(question.conditions(voice_said))
    newest = newest.order_by(voice_said.c.at_s.desc()).limit(LINKS_FROM)
    ours = [_word.c.said_by == said_by] if said_by else []
    words = select(_word.c.response_id, _word.c.person, *_who).distinct()
    words = words.where(_word.c.response_id.in_(newest), _among(names), _word.c.person.is_not(None), *ours)
    said = words.cte("said")
    one, other = said.alias("one"), said.alias("other")
    after = tuple_(one.c.kind, one.c.normal) < tuple_(other.c.kind, other.c.normal)
    people = func.count(one.c.person.distinct()).label("people")
    columns = (one.c.kind, one.c.normal, other.c.kind, other.c.normal)
    pairs = select(*columns, people).join_from(one, other, and_(one.c.response_id == other.c.response_id, after))
    pairs = pairs.group_by(*columns).having(people >= FEWEST_TOGETHER)
    rows = connection.execute(pairs.order_by(people.desc(), *columns))
    links = (Link((row[0], row[1]), (row[2], row[3]), int(row[4])) for row in rows)
    wanted = set(names)
    return tuple(islice((link for link in links if {link.one, link.other} <= wanted), MOST_LINKS))
