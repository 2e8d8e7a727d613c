"""A world's record as columns, the same that are read from its files: what a CRM knows, and nothing of the truth."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.worlds import draws
from bench.worlds.clock import DAY, HOUR
from bench.worlds.play import NEVER, Play
from bench.worlds.words import (
    KIND_OF,
    LEAD_SOURCES,
    LEAD_STATUSES,
    PURPOSE_OF,
    SIGNAL_TYPES,
    SIGNALS,
    SUBJECTS,
    TYPES,
)
from motenashi.sales_history.history import (
    DIRECTIONS,
    KINDS,
    NONE,
    RESULTS,
    STATUSES,
    Accounts,
    Activities,
    Contacts,
    Deals,
    Emails,
    Leads,
    Names,
    Organisation,
    SalesHistory,
    StageChanges,
    Touchpoints,
    Users,
)

Columns = dict[str, NDArray[np.generic]]

PURPOSES: Final = tuple(SUBJECTS)
REP_REPLY: Final = "ticket_reply_by_rep"
TOUCHPOINT_TYPES: Final = (*(name for name in SIGNAL_TYPES if SIGNALS[name][0]), REP_REPLY)
CHANNELS: Final = tuple(dict.fromkeys(SIGNALS[name][0] for name in SIGNAL_TYPES if SIGNALS[name][0]))
_CALL, _EVENT, _TASK = (KINDS.index(kind) for kind in ("call", "event", "task"))
_OUT, _IN = (DIRECTIONS.index(way) for way in ("outbound", "inbound"))
_TASK_LUCK, _REPLY_LUCK, _SEEN_LUCK = 31, 32, 33


def history(play: Play, *, as_of: int | None = None, rows: NDArray[np.int64] | None = None) -> SalesHistory:
    """What is known at `as_of` (the end of the run) of these deals (all)."""
    as_of = play.until if as_of is None else as_of
    rows = np.arange(len(play.deals.key)) if rows is None else rows
    place = np.full(len(play.deals.key), NONE)
    place[rows] = np.arange(len(rows))
    tables = {name: _known(play.log.table(name), place, as_of) for name in ("contacts", "signals", "changes")}
    kind, zones = play.truth.kind, tuple(zone for zone, _ in play.truth.kind.zones if zone)
    tasks = _tasks(play, tables["contacts"], rows, as_of)
    return SalesHistory(
        organisation=Organisation(kind.time_zone, kind.business_days, kind.opens * 60, kind.closes * 60, as_of),
        names=Names(
            stages=(*kind.stages, "Closed Won", "Closed Lost"),
            stage_outcomes=(*("open" for _ in kind.stages), "won", "lost"),
            industries=kind.industries,
            types=TYPES,
            lead_sources=LEAD_SOURCES,
            purposes=PURPOSES,
            channels=CHANNELS,
            touchpoint_types=TOUCHPOINT_TYPES,
            time_zones=zones if kind.time_zone in zones else (*zones, kind.time_zone),
            lead_statuses=LEAD_STATUSES,
        ),
        users=Users(
            ids("u", np.arange(len(play.people.pace))),
            _small(np.full(len(play.people.pace), zones.index(kind.time_zone))),
        ),
        accounts=Accounts(ids("a", np.arange(len(play.people.account_industry))), _small(play.people.account_industry)),
        contacts=_contacts(play, zones),
        leads=_leads(play, as_of, len(zones)),
        deals=_deals(play, rows, tables["changes"], as_of),
        stage_changes=_changes(tables["changes"]),
        activities=_activities(play, rows, tables, tasks),
        emails=_emails(play, rows, tables, as_of),
        touchpoints=_touchpoints(play, rows, tables["signals"], as_of),
    )


def ids(letter: str, numbers: NDArray[np.int64]) -> NDArray[np.object_]:
    return np.array([f"{letter}{number:07d}" for number in numbers.tolist()], dtype=object)


def deal_ids(play: Play, rows: NDArray[np.int64]) -> NDArray[np.object_]:
    """`d…` stands in the record, `h…` was held out, `f…` came after it."""
    key = play.deals.key[rows]
    letter = "?dhf"[int(key[0] // 100_000_000)] if len(key) else "d"
    return ids(letter, key % 100_000_000)


def _small(column: NDArray[np.generic]) -> NDArray[np.int32]:
    return np.asarray(column).astype(np.int32)


def _known(table: Columns, place: NDArray[np.int64], as_of: int) -> Columns:
    deal = place[table["deal"]] if table else np.zeros(0, np.int64)
    if not table:
        return {"deal": deal, "at": deal}
    keep = (deal >= 0) & (table["at"] <= as_of)
    return {name: (deal if name == "deal" else values)[keep] for name, values in table.items()}


def _contacts(play: Play, zones: tuple[str, ...]) -> Contacts:
    told = np.array([zones.index(zone) if zone else NONE for zone, _ in play.truth.kind.zones])
    people = play.people
    return Contacts(
        ids("c", np.arange(len(people.profile))), _small(people.contact_account), _small(told[people.contact_zone])
    )


def _leads(play: Play, as_of: int, zones: int) -> Leads:
    rng = np.random.default_rng([play.truth.seed, 16])
    count = len(play.people.profile) // 3
    return Leads(
        ids=ids("l", np.arange(count)),
        industry=_small(rng.integers(0, len(play.truth.kind.industries), count)),
        time_zone=_small(rng.integers(0, zones, count)),
        lead_source=_small(rng.integers(0, len(LEAD_SOURCES), count)),
        status=_small(rng.choice([0, 1, 2, 4], count)),
        owner=_small(np.full(count, NONE)),
        created_at=np.asarray(as_of - rng.integers(DAY, 700 * DAY, count), np.int64),
        converted_deal=_small(np.full(count, NONE)),
    )


def _deals(play: Play, rows: NDArray[np.int64], changes: Columns, as_of: int) -> Deals:
    deals = play.deals
    stage = np.zeros(len(rows), np.int64)
    stage[changes["deal"]] = changes["after"]  # in time order: the last one stays
    closed_at = np.full(len(rows), NEVER)
    closing = changes["after"] >= len(play.truth.kind.stages)
    closed_at[changes["deal"][closing]] = changes["at"][closing]
    created = deals.created[rows]
    expected = (created + (40 + 60 * draws.uniform(deals.key[rows], 1)).astype(np.int64) * DAY) // DAY * DAY
    return Deals(
        ids=deal_ids(play, rows),
        account=_small(play.people.contact_account[deals.contact[rows]]),
        contact=_small(deals.contact[rows]),
        owner=_small(deals.owner[rows]),
        industry=_small(deals.industry[rows]),
        type=_small(deals.type[rows]),
        lead_source=_small(deals.source[rows]),
        stage=_small(stage),
        repeat=deals.repeat[rows],
        amount=deals.amount[rows],
        created_at=created,
        expected_close=expected,
        closed_at=closed_at,
    )


def _changes(changes: Columns) -> StageChanges:
    order = np.lexsort((changes["at"], changes["deal"]))
    return StageChanges(
        *(_small(changes[name][order]) for name in ("deal", "before", "after")), at=changes["at"][order]
    )


def _tasks(play: Play, contacts: Columns, rows: NDArray[np.int64], as_of: int) -> Columns:
    """Work inside the house, the day before some contacts: no contact itself."""
    if not len(contacts["deal"]):
        return {"deal": contacts["deal"], "at": contacts["at"], "open": contacts["deal"]}
    luck = draws.uniform(play.deals.key[rows][contacts["deal"]], contacts["at"], _TASK_LUCK)
    some = luck < 0.14
    created = play.deals.created[rows][contacts["deal"][some]]
    at = np.maximum(contacts["at"][some] - DAY, created + HOUR)
    known = at <= as_of
    return {"deal": contacts["deal"][some][known], "at": at[known], "open": (luck[some] < 0.03)[known]}


def _activities(play: Play, rows: NDArray[np.int64], tables: dict[str, Columns], tasks: Columns) -> Activities:
    contacts, signals = tables["contacts"], tables["signals"]
    action = contacts.get("action", contacts["deal"])
    kind = np.array([KINDS.index(name) if name in KINDS else NONE for name in KIND_OF])[action]
    ours = kind >= 0
    inbound = signals.get("type", signals["deal"]) == SIGNAL_TYPES.index("call_in")
    taken = _call_taken(play, signals, inbound)
    pieces = [
        _acts(contacts, ours, kind=kind, purpose=_purposes(action), direction=np.where(kind == _CALL, _OUT, NONE),
              status=1, result=_results(kind, contacts.get("done", kind)), seconds=contacts.get("seconds", kind)),
        _acts(signals, inbound, kind=_CALL, purpose=NONE, direction=_IN, status=1,
              result=np.where(taken, *(RESULTS.index(name) for name in ("answered", "missed"))),
              seconds=np.where(taken, 240, 0)),
        _acts(tasks, np.ones(len(tasks["deal"]), bool), kind=_TASK, purpose=NONE, direction=NONE,
              status=np.where(tasks["open"], STATUSES.index("open"), 1), result=NONE, seconds=0),
    ]  # fmt: skip
    together = _sorted(pieces)
    whose = rows[together["deal"].astype(np.int64)]
    return Activities(
        contact=_small(np.where(together["kind"] == _TASK, NONE, play.deals.contact[whose])),
        lead=_small(np.full(len(whose), NONE)),
        owner=_small(play.deals.owner[whose]),
        **{
            name: _small(together[name])
            for name in ("deal", "kind", "purpose", "direction", "status", "result", "seconds")
        },
        at=together["at"],
    )


def _acts(table: Columns, which: NDArray[np.bool_], **columns: object) -> Columns:
    size = len(table["deal"])
    made = {name: np.broadcast_to(np.asarray(value), size)[which] for name, value in columns.items()}
    return {"deal": table["deal"][which], "at": table["at"][which], **made}


def _purposes(action: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.array([PURPOSES.index(name) for name in PURPOSE_OF])[action]


def _results(kind: NDArray[np.int64], done: NDArray[np.generic]) -> NDArray[np.int64]:
    answered, no_answer, attended, no_show = (
        RESULTS.index(name) for name in ("answered", "no_answer", "attended", "no_show")
    )
    return np.where(kind == _CALL, np.where(done, answered, no_answer), np.where(done, attended, no_show))


def _call_taken(play: Play, signals: Columns, inbound: NDArray[np.bool_]) -> NDArray[np.bool_]:
    luck = draws.uniform(play.truth.seed, signals["deal"], signals["at"], _SEEN_LUCK)
    return np.asarray(inbound & (luck < 0.6))


def _sorted(pieces: list[Columns]) -> Columns:
    together = {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
    order = np.argsort(together["at"], kind="stable")
    return {name: values[order] for name, values in together.items()}


def _emails(play: Play, rows: NDArray[np.int64], tables: dict[str, Columns], as_of: int) -> Emails:
    contacts, signals = tables["contacts"], tables["signals"]
    action = contacts.get("action", contacts["deal"])
    ours = np.array([kind == "email" for kind in KIND_OF])[action]
    theirs = signals.get("type", signals["deal"]) == SIGNAL_TYPES.index("email_in")
    moments = ("opened_at", "opened_again_at", "clicked_at", "replied_at")
    seen = {name: contacts.get(name, contacts["at"]) for name in moments}
    seen = {name: np.where(values <= as_of, values, NEVER) for name, values in seen.items()}
    together = _sorted([
        _acts(contacts, ours, direction=0, purpose=_purposes(action), **seen),
        _acts(signals, theirs, direction=1, purpose=NONE, **dict.fromkeys(moments, np.int64(NEVER))),
    ])  # fmt: skip
    whose = rows[together["deal"].astype(np.int64)]
    return Emails(
        contact=_small(play.deals.contact[whose]),
        lead=_small(np.full(len(whose), NONE)),
        owner=_small(play.deals.owner[whose]),
        **{name: _small(together[name]) for name in ("deal", "direction", "purpose")},
        **{name: together[name] for name in ("at", *moments)},
    )


def _touchpoints(play: Play, rows: NDArray[np.int64], signals: Columns, as_of: int) -> Touchpoints:
    type_ = signals.get("type", signals["deal"])
    codes = [TOUCHPOINT_TYPES.index(name) if name in TOUCHPOINT_TYPES else NONE for name in SIGNAL_TYPES]
    code = np.array(codes)[type_]
    tickets = type_ == SIGNAL_TYPES.index("ticket")
    luck = draws.uniform(play.truth.seed, signals["deal"], signals["at"], _REPLY_LUCK)
    reply_at = signals["at"] + (HOUR * (0.5 + 9 * luck)).astype(np.int64)
    replied = tickets & (luck < 0.95) & (reply_at <= as_of)
    long = np.isin(type_, [SIGNAL_TYPES.index(name) for name in ("visit", "chat", "webinar")])
    together = _sorted([
        _acts(signals, code >= 0, type=code, signal=True, seconds=np.where(long, 30 + 1740 * luck, 0),
              pages=np.where(type_ == SIGNAL_TYPES.index("visit"), 1 + 11 * luck, 0)),
        _acts({**signals, "at": reply_at}, replied, type=TOUCHPOINT_TYPES.index(REP_REPLY), signal=False,
              seconds=0, pages=0),
    ])  # fmt: skip
    channel = np.array([CHANNELS.index(SIGNALS.get(name, ("support",))[0]) for name in TOUCHPOINT_TYPES])
    whose = rows[together["deal"].astype(np.int64)]
    return Touchpoints(
        contact=_small(play.deals.contact[whose]),
        lead=_small(np.full(len(whose), NONE)),
        channel=_small(channel[together["type"].astype(np.int64)]),
        signal=together["signal"].astype(bool),
        **{name: _small(together[name]) for name in ("deal", "type", "seconds", "pages")},
        at=together["at"],
    )
