"""What happened, out of files: stage changes, activities, e-mails, touchpoints, with the codes of whom they concern."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from motenashi.sales_history.history import (
    DIRECTIONS,
    KINDS,
    RESULTS,
    STATUSES,
    Activities,
    Emails,
    StageChanges,
    Touchpoints,
)
from motenashi.sales_history.purposes import PURPOSES, purposes_of
from motenashi.sales_history.records_in_files import Limits
from motenashi.sales_history.sql_text import as_columns, case, select
from motenashi.sales_history.staging import Plan, Staging, code_in, coded, ever, moment, said

OURS: Final = "ticket_reply_by_rep"  # the one type of touchpoint that is a follow-up of ours

_CHANGE: Final = "hash(line.deal_id, line.from_stage, line.to_stage, line.at)"  # changes have no ids
_WHOM: Final = {"deal": "deals", "contact": "contacts", "lead": "leads", "owner": "users"}
_LONGEST: Final = 366 * 86_400  # nothing anybody does takes longer than a year
_MAIL_TIMES: Final = ("opened_at", "opened_again_at", "clicked_at", "replied_at")


def read_stage_changes(staging: Staging, limits: Limits) -> StageChanges:
    staging.stage(
        Plan(
            "stage_history",
            {
                "deal": coded("deal_code"),
                "from_stage": coded("was"),
                "to_stage": coded("stages"),
                "happened": moment("at"),
                "created_at": "deal.created_at",
                "from_nowhere": f"{said('from_stage')} IS NULL",
            },
            {
                "unknown_deal": "deal < 0",
                "unknown_stage": "to_stage < 0 OR (from_stage < 0 AND NOT from_nowhere)",
                "no_time": "happened IS NULL",
                **limits.too_late("happened"),
                "before_its_deal": "happened < created_at",
            },
            key=_CHANGE,
            mark=_CHANGE,
            joins=(
                "LEFT JOIN deals_codes deal_code ON deal_code.id = line.deal_id "
                "LEFT JOIN deals deal ON deal.same = line.deal_id AND deal.why IS NULL "
                "LEFT JOIN stages ON stages.word = line.to_stage LEFT JOIN stages was ON was.word = line.from_stage"
            ),
        )
    )
    chosen = {"deal": "deal", "from_stage": "from_stage", "to_stage": "to_stage", "at": "happened"}
    columns = _kept(staging, "stage_history", chosen, "deal, happened, from_stage, to_stage")
    return StageChanges(**columns)


def read_activities(staging: Staging, limits: Limits) -> Activities:
    staging.stage(
        Plan(
            "activities",
            {
                **_whom(),
                "kind": code_in(said("kind"), KINDS),
                **_purpose(),
                "direction": code_in(said("direction"), DIRECTIONS),
                "status": code_in(said("status"), STATUSES),
                "result": code_in(said("result"), RESULTS),
                "unknown_result": f"{said('result')} IS NOT NULL",
                "happened": moment("start_at"),
                "seconds": f"try_cast({said('duration_s')} AS DOUBLE)",
            },
            {
                "unknown_kind": "kind < 0",
                "no_time": "happened IS NULL",
                **_too_late(limits),
                "impossible_duration": f"seconds < 0 OR seconds > {_LONGEST}",
                **_NOBODY,
            },
            key=_event_id(),
            joins=_joins(),
        )
    )
    staging.note(
        "activities",
        _unknown_whom()
        | {
            "no_direction": "kind = 0 AND direction < 0",
            "unknown_status": "status < 0",
            "unknown_result": "result < 0 AND unknown_result",
        },
    )
    columns = _events(
        staging,
        "activities",
        {name: name for name in ("kind", "direction", "status", "result")}
        | {"at": "happened", "seconds": "CAST(coalesce(seconds, 0) AS INTEGER)"},
    )
    return Activities(**columns)


def _too_late(limits: Limits) -> dict[str, str]:
    """What is planned may lie ahead; but what was planned at an earlier moment nobody knows any more."""
    if limits.until < limits.end:
        return limits.too_late("happened")
    return {"after_the_end": f"happened > {limits.end} AND status <> {STATUSES.index('open')}"}


def read_emails(staging: Staging, limits: Limits) -> Emails:
    staging.stage(
        Plan(
            "emails",
            {
                **_whom(),
                **_purpose(),
                "direction": code_in(said("direction"), ("out", "in")),
                "happened": moment("sent_at"),
                **{column: moment(column) for column in _MAIL_TIMES},
                "unreadable": " OR ".join(
                    f"({said(column)} IS NOT NULL AND {moment(column)} IS NULL)" for column in _MAIL_TIMES
                ),
            },
            {
                "unknown_direction": "direction < 0",
                "no_time": "happened IS NULL",
                **limits.too_late("happened"),
                **_NOBODY,
            },
            key=_event_id(),
            joins=_joins(),
        )
    )
    early = " OR ".join(f"coalesce({column} < happened, false)" for column in _MAIL_TIMES)
    late = " OR ".join(f"coalesce({column} > {limits.end}, false)" for column in _MAIL_TIMES)
    staging.note(
        "emails",
        _unknown_whom() | {"unreadable_time": "unreadable", "opened_before_sent": early, "opened_after_the_end": late},
    )
    times = {
        column: ever(f"CASE WHEN {column} BETWEEN happened AND {limits.until} THEN {column} END")
        for column in _MAIL_TIMES
    }
    columns = _events(staging, "emails", {"direction": "direction", "at": "happened"} | times)
    return Emails(**columns)


def read_touchpoints(staging: Staging, limits: Limits) -> tuple[Touchpoints, tuple[str, ...], tuple[str, ...]]:
    """The touchpoints, and the names of their channels and types."""
    whom = _whom()
    del whom["owner"], whom["unknown_owner"]
    staging.stage(
        Plan(
            "touchpoints",
            {
                **whom,
                "channel": said("channel"),
                "type": said("type"),
                "signal": f"coalesce(try_cast({said('signal')} AS BOOLEAN), {said('type')} <> '{OURS}')",
                "happened": moment("at"),
                "seconds": f"try_cast({said('duration_s')} AS DOUBLE)",
                "pages": f"try_cast({said('pages')} AS DOUBLE)",
            },
            {
                "no_type": "type IS NULL",
                "no_time": "happened IS NULL",
                **limits.too_late("happened"),
                "impossible_duration": f"seconds < 0 OR seconds > {_LONGEST} OR pages < 0 OR pages > 1000000",
                **_NOBODY,
            },
            key=_event_id(),
            joins=_joins("deal", "contact", "lead"),
        )
    )
    staging.note("touchpoints", _unknown_whom("deal", "contact", "lead"))
    channels = staging.name_codes("channels", staging.words(("touchpoints", "channel")))
    types = staging.name_codes("touchpoint_types", staging.words(("touchpoints", "type")))
    chosen = {
        **{column: column for column in ("deal", "contact", "lead")},
        "channel": coded("channels"),
        "type": "touchpoint_types.code",
        "signal": "signal",
        "at": "happened",
        "seconds": "CAST(coalesce(seconds, 0) AS INTEGER)",
        "pages": "CAST(coalesce(pages, 0) AS INTEGER)",
    }
    named = (
        "LEFT JOIN channels ON channels.word = touchpoints.channel "
        "JOIN touchpoint_types ON touchpoint_types.word = touchpoints.type"
    )
    order = "happened, deal, contact, lead, touchpoint_types.code, channels.code, seconds, pages"
    columns = _kept(staging, "touchpoints", chosen, order, named)
    return Touchpoints(**columns), channels, types


def _events(staging: Staging, table: str, plain: Mapping[str, str]) -> dict[str, Any]:
    """Kept rows in time order; those of one moment in the order of their values, so always in the same."""
    # Work inside the house and what the customer does by themselves need no purpose.
    _name_purposes(staging, table, "kind <> 2 AND direction <> 1" if table == "activities" else "direction <> 1")
    chosen = {
        **{column: column for column in _WHOM},
        "purpose": case([("purpose >= 0", "purpose")], coded("told")),
        **plain,
    }
    order = ", ".join(("happened", *_WHOM, "purpose", *(sql for column, sql in plain.items() if column != "at")))
    return _kept(staging, table, chosen, order, f"LEFT JOIN told ON told.word = {table}.subject")


def _kept(staging: Staging, table: str, chosen: dict[str, str], order: str, joins: str = "") -> dict[str, Any]:
    """The columns of what is not left out; the table is forgotten."""
    columns = staging.columns(select(as_columns(chosen), f"{table} {joins}", where=["why IS NULL"], order=order))
    staging.forget(table)
    return columns


def _name_purposes(staging: Staging, table: str, wanted: str) -> None:
    """A table `told`: subject -> purpose, for subjects of rows without a purpose."""
    told = purposes_of(staging.words((table, "subject")))
    staging.pairs("told", {subject: PURPOSES.index(purpose) for subject, purpose in told.items()})
    known = "coalesce(subject IN (FROM told SELECT word), false)"
    staging.note(
        table,
        {
            "purpose_told_by_subject": f"{wanted} AND purpose < 0 AND {known}",
            "no_purpose": f"{wanted} AND purpose < 0 AND NOT {known}",
        },
    )


def _purpose() -> dict[str, str]:
    """The purpose's code; the subject only where it is needed to tell the purpose."""
    code = code_in(said("purpose"), PURPOSES)
    return {"purpose": code, "subject": f"CASE WHEN {code} < 0 THEN {said('subject')} END"}


def _event_id() -> str:
    """Ids of events are only ever compared, and a number takes a fifth of the memory."""
    return f"CASE WHEN {said('id')} IS NOT NULL THEN hash(line.id) END"


_NOBODY: Final = {"concerns_nobody": "deal < 0 AND contact < 0 AND lead < 0"}


def _whom() -> dict[str, str]:
    codes = {word: f"coalesce({word}_code.code, -1)" for word in _WHOM}
    unknown = {f"unknown_{word}": f"{said(f'{word}_id')} IS NOT NULL AND {word}_code.code IS NULL" for word in _WHOM}
    return codes | unknown


def _unknown_whom(*words: str) -> dict[str, str]:
    return {f"unknown_{word}": f"unknown_{word}" for word in words or _WHOM}


def _joins(*words: str) -> str:
    return " ".join(
        f"LEFT JOIN {_WHOM[word]}_codes {word}_code ON {word}_code.id = line.{word}_id" for word in words or _WHOM
    )
