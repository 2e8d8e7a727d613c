"""The store of responses: written whole, each under its key, and found again by person, deal or time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, delete, or_, select, update

from motenashi.clean_text import clean_text
from motenashi.conversation.folding import fold
from motenashi.database import Database
from motenashi.insights.voice.response import Response, SaidIntent, SaidKeyword, SaidProduct, Tone
from motenashi.insights.voice.tables import (
    LONGEST_NAME,
    voice_event_responses,
    voice_intents,
    voice_keywords,
    voice_products,
    voice_responses,
)
from nlp.emotions.finding import emotion_of
from nlp.labels import coarse_class
from nlp.reading import Sentiment

LONGEST_TEXT = 4_000  # characters of an excerpt

_PARTS: Mapping[str, tuple[Table, type]] = {
    "intents": (voice_intents, SaidIntent),
    "keywords": (voice_keywords, SaidKeyword),
    "products": (voice_products, SaidProduct),
}
_FIELDS = {kind: tuple(field.name for field in fields(kind)) for _, kind in _PARTS.values()}
_COLUMNS = tuple(voice_responses.c[field.name] for field in fields(Response) if field.name not in _PARTS)


class Responses:
    """All methods raise SQLAlchemy's DBAPIError when the database is away; nothing is half done then."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, response: Response) -> Response:
        """Store a response with all its parts. The same key again gives back the one stored first, unchanged."""
        return self._keep(response, anew=False)

    def put(self, response: Response) -> Response:
        """As `add`, but the same key again is told anew, whole: a chat that went on, a text that was read again."""
        return self._keep(response, anew=True)

    def _keep(self, response: Response, *, anew: bool) -> Response:
        self.add_all([response], anew=anew)
        with self._database.read() as connection:
            return _read(connection, _SELECT.where(voice_responses.c.key == response.key[:LONGEST_NAME]))[0]

    def add_all(self, responses: Sequence[Response], *, anew: bool = False) -> int:
        """Many in one transaction, all or none; how many there were not yet. Those that were there stay as they are, or
        are told anew and keep their ids. ValueError for one without a key."""
        by_key = {one.key[:LONGEST_NAME]: one for one in responses}
        if not all(by_key):
            raise ValueError("a response needs a key")
        if not by_key:
            return 0
        with self._database.write() as connection:
            before = _ids_of(connection, by_key)
            fresh = [one for key, one in by_key.items() if key not in before]
            if fresh:
                adding = self._database.insert_or_ignore(voice_responses, _row(fresh[0]))
                connection.execute(adding, [_row(one) for one in fresh])
            if anew and before:
                _tell_anew(connection, {before[key]: by_key[key] for key in before})
            wanted = [one.key[:LONGEST_NAME] for one in fresh] + (list(before) if anew else [])
            self._add_parts(connection, {number: by_key[key] for key, number in _ids_of(connection, wanted).items()})
        return len(fresh)

    def _add_parts(self, connection: Connection, responses: Mapping[int, Response]) -> None:
        for name, (table, _) in _PARTS.items():
            rows = [
                _part(part, number, place)
                for number, response in responses.items()
                for place, part in enumerate(getattr(response, name))
            ]
            if rows:  # another process may have stored the same response in this very moment
                connection.execute(self._database.insert_or_ignore(table, rows[0]), rows)

    def correct(self, key: str, *, intents: Sequence[str], tone: Tone) -> bool:
        """A person says what the response of this key wants and in which tone: tone, emotion, intents and the coarse
        intent follow, of the keywords, too. False when there is no such response."""
        coarse = coarse_class(intents)
        with self._database.write() as connection:
            found = _read(connection, _SELECT.where(voice_responses.c.key == key))
            if not found:
                return False
            number, sure = found[0].id, Sentiment(tone, float(tone == "positive"), float(tone == "negative"))
            emotion = emotion_of(found[0].text, found[0].language, sure).name
            mine = voice_responses.c.id == number
            values = {"tone": tone, "positive": sure.positive, "negative": sure.negative, "intent": coarse}
            connection.execute(update(voice_responses).where(mine).values(emotion=emotion, **values))
            connection.execute(
                update(voice_keywords).where(voice_keywords.c.response_id == number).values(intent=coarse)
            )
            connection.execute(delete(voice_intents).where(voice_intents.c.response_id == number))
            sentences = {one.label: one.sentence for one in found[0].intents}
            told = tuple(SaidIntent(label, 1.0, sentences.get(label, "")) for label in dict.fromkeys(intents))
            self._add_parts(connection, {number: replace(found[0], intents=told, keywords=(), products=())})
        return True

    def find(self, response_id: int) -> Response | None:
        with self._database.read() as connection:
            found = _read(connection, _SELECT.where(voice_responses.c.id == response_id))
        return found[0] if found else None

    def of(
        self,
        *,
        contact_id: str = "",
        lead_id: str = "",
        deal_id: str = "",
        most: int = 100,
        before: datetime | None = None,
    ) -> tuple[Response, ...]:
        """Those that fit all the ids named, newest first; none when no id is named."""
        wanted = {"contact_id": contact_id, "lead_id": lead_id, "deal_id": deal_id}
        named = [voice_responses.c[name] == value for name, value in wanted.items() if value]
        if not named:
            return ()
        if before is not None:
            named.append(voice_responses.c.at < before)
        newest = (voice_responses.c.at.desc(), voice_responses.c.id.desc())
        with self._database.read() as connection:
            return _read(connection, _SELECT.where(*named).order_by(*newest).limit(most))

    def forget(self, *, contact_id: str = "", lead_id: str = "") -> int:
        """Delete all responses of a person with their parts; says how many there were."""
        table = voice_responses
        theirs = or_(
            and_(table.c.contact_id == contact_id, table.c.contact_id != ""),
            and_(table.c.lead_id == lead_id, table.c.lead_id != ""),
        )
        with self._database.write() as connection:
            ids = select(table.c.id).where(theirs)
            for part, _ in _PARTS.values():
                connection.execute(delete(part).where(part.c.response_id.in_(ids)))
            links = voice_event_responses
            connection.execute(delete(links).where(links.c.response_id.in_(ids)))
            return connection.execute(delete(table).where(theirs)).rowcount


_SELECT: Select[Any] = select(*_COLUMNS)


def _ids_of(connection: Connection, keys: Iterable[str]) -> dict[str, int]:
    table = voice_responses
    found = connection.execute(select(table.c.key, table.c.id).where(table.c.key.in_(list(keys))))
    return {row.key: row.id for row in found}


def _tell_anew(connection: Connection, responses: Mapping[int, Response]) -> None:
    for table, _ in _PARTS.values():
        connection.execute(delete(table).where(table.c.response_id.in_(list(responses))))
    for number, response in responses.items():
        connection.execute(update(voice_responses).where(voice_responses.c.id == number).values(_row(response)))


def _read(connection: Connection, query: Select[Any]) -> tuple[Response, ...]:
    """Responses with their parts: one query a table, whatever the number of responses."""
    found = [Response(**row) for row in connection.execute(query).mappings()]
    parts = {name: _parts(connection, name, [one.id for one in found]) for name in _PARTS} if found else {}
    return tuple(_with_parts(one, parts) for one in found)


def _with_parts(one: Response, parts: Mapping[str, Mapping[int, tuple[Any, ...]]]) -> Response:
    told: dict[str, Any] = {name: of_each.get(one.id, ()) for name, of_each in parts.items()}
    return replace(one, **told)


def _parts(connection: Connection, name: str, ids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    table, kind = _PARTS[name]
    columns = [table.c[field.name] for field in fields(kind)]
    query = select(table.c.response_id, *columns).where(table.c.response_id.in_(ids))
    together: dict[int, list[Any]] = {}
    for response_id, *values in connection.execute(query.order_by(table.c.response_id, table.c.place)):
        together.setdefault(response_id, []).append(kind(*values))
    return {response_id: tuple(parts) for response_id, parts in together.items()}


def _row(response: Response) -> dict[str, Any]:
    names = (field.name for field in fields(Response) if field.name not in _PARTS and field.name != "id")
    row = _stored({name: getattr(response, name) for name in names}, whole=("text",), longest=LONGEST_TEXT)
    return {**row, "text_folded": fold(row["text"])}


def _part(part: Any, response_id: int, place: int) -> dict[str, Any]:
    # dataclasses.asdict copies deeply, and would take longer than writing.
    values = _stored({name: getattr(part, name) for name in _FIELDS[type(part)]}, ("sentence",), LONGEST_TEXT)
    if "normal" in values:
        values["normal"] = fold(values["normal"])  # filters compare it as it stands
    return {"response_id": response_id, "place": place, **values}


def _stored(values: Mapping[str, Any], whole: Iterable[str], longest: int) -> dict[str, Any]:
    """As the database takes it. Texts named in `whole` may be `longest` characters, all others are names."""
    return {
        name: clean_text(value)[: longest if name in whole else LONGEST_NAME] if isinstance(value, str) else value
        for name, value in values.items()
    }
