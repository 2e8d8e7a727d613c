"""`GET /api/people/<id>/timeline`: everything that happened with a person, as JSON or as a CSV file.

What can't be read in the question is told by its field; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Protocol, TypeVar, get_args

from flask import Blueprint, Response, request
from limits.storage import Storage

from crm_client.touch_channels import CHANNELS
from motenashi.channels.api.bodies import BodyWrong
from motenashi.channels.api.manners import MAY_SEE, Guarded, answer_troubles, count_calls, is_id, missing
from motenashi.channels.api.settings import ApiSettings
from motenashi.channels.salesiq.door import answered
from motenashi.insights.timeline.as_json import timeline_json
from motenashi.insights.timeline.export import CONTENT_TYPES, exported, file_name
from motenashi.insights.timeline.timeline import Period, PersonKind, Query, RhythmKind, Timeline, View

SCOPE = "timeline"
MOST, MOST_AT_ONCE = 100, 1_000
MOST_USERS, LONGEST_ID = 100, 255
BIGGEST_SKIP = 2**31
_KNOWN = ("kind", "view", "channel", "user", "period", "day", "from", "to", "rhythm", "most", "skip", "format")
_KINDS: tuple[PersonKind, ...] = get_args(PersonKind)
_VIEWS: tuple[View, ...] = get_args(View)
_RHYTHMS: tuple[RhythmKind, ...] = get_args(RhythmKind)
_PERIODS: tuple[Period, ...] = get_args(Period)

Word = TypeVar("Word", bound=str)


class TimelineDesk(Protocol):
    """What this door asks for; CrmError when the store is away."""

    def read(
        self, kind: PersonKind, person_id: str, query: Query, *, most: int | None, skip: int = 0
    ) -> Timeline | None:
        """Newest rows first (`most` None: all of them); None: there is no such person."""


def build_timeline_api(
    settings: ApiSettings,
    desk: TimelineDesk,
    *,
    require_scope: Guarded,
    caller: Callable[[], str],
    rate_storage: Storage,
) -> Blueprint:
    """Guarded, counted and in trouble as the other doors below `/api` are."""
    door = Blueprint("timeline_api", __name__, url_prefix="/api")
    count_calls(door, settings, caller, rate_storage)
    answer_troubles(door)

    @door.get("/people/<person_id>/timeline")
    @require_scope(SCOPE, *MAY_SEE)
    def timeline(person_id: str) -> Response:
        kinds, query = _kinds(), _query()
        as_file = _one_of("format", ("json", "csv"), "json") == "csv"
        most = None if as_file else _number("most", MOST, 1, MOST_AT_ONCE)
        skip = 0 if as_file else _number("skip", 0, 0, BIGGEST_SKIP)
        found = _find(desk, kinds, person_id, query, most, skip) if is_id(person_id) else None
        if found is None:
            return missing("person")
        return _file(found) if as_file else answered(timeline_json(found))

    return door


def _find(
    desk: TimelineDesk, kinds: Iterable[PersonKind], person_id: str, query: Query, most: int | None, skip: int
) -> Timeline | None:
    """Without a kind contacts are looked up before leads."""
    found = (desk.read(kind, person_id, query, most=most, skip=skip) for kind in kinds)
    return next((one for one in found if one is not None), None)


def _file(timeline: Timeline) -> Response:
    response = Response(exported(timeline, "csv"), content_type=CONTENT_TYPES["csv"])
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(timeline, "csv")}"'
    return response


def _kinds() -> tuple[PersonKind, ...]:
    said = request.args.get("kind", "")
    return (_one_of("kind", _KINDS, "contact"),) if said else _KINDS


def _query() -> Query:
    for name in request.args:
        if name not in _KNOWN:
            raise BodyWrong(f"{name[:40]} is none of: {', '.join(_KNOWN)}", name[:40])
    period = _one_of("period", _PERIODS, "")
    first, last = _day("from", wanted=False), _day("to", wanted=False)
    if period == "range" and first is None and last is None:
        raise BodyWrong("a range needs from, to or both", "from")
    if first is not None and last is not None and first > last:
        raise BodyWrong("from lies after to", "from")
    return Query(
        view=_one_of("view", _VIEWS, "all"),
        rhythm=_one_of("rhythm", _RHYTHMS, "module"),
        channels=frozenset(_channels()),
        users=frozenset(_users()),
        period=period,
        day=_day("day", wanted=period == "day"),
        first=first,
        last=last,
    )


def _said(name: str) -> list[str]:
    """`?channel=call&channel=chat` and `?channel=call,chat` mean the same."""
    return [word.strip() for text in request.args.getlist(name) for word in text.split(",") if word.strip()]


def _channels() -> list[str]:
    said = _said("channel")
    if any(word not in CHANNELS for word in said):
        raise BodyWrong(f"channel must be one of: {', '.join(CHANNELS)}", "channel")
    return said


def _users() -> list[str]:
    said = _said("user")
    if len(said) > MOST_USERS or any(len(user) > LONGEST_ID or not user.isprintable() for user in said):
        raise BodyWrong(f"user must be ids of owners, at most {MOST_USERS}", "user")
    return said


def _one_of(name: str, known: tuple[Word, ...], otherwise: Word) -> Word:
    said = request.args.get(name, "")
    if not said:
        return otherwise
    for word in known:
        if word == said:
            return word
    raise BodyWrong(f"{name} must be one of: {', '.join(word for word in known if word)}", name)


def _day(name: str, *, wanted: bool) -> date | None:
    said = request.args.get(name, "")
    if not said and not wanted:
        return None
    try:
        if len(said) != len("2026-05-11"):
            raise ValueError(said)
        return date.fromisoformat(said)
    except ValueError:
        raise BodyWrong(f"{name} must be a day such as 2026-05-11", name) from None


def _number(name: str, otherwise: int, least: int, greatest: int) -> int:
    said: Any = request.args.get(name, "")
    if not said:
        return otherwise
    number = int(said) if said.isascii() and said.isdigit() and len(said) <= len(str(greatest)) else -1
    if not least <= number <= greatest:
        raise BodyWrong(f"{name} must be a whole number from {least} to {greatest}", name)
    return number
