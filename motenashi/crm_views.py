"""What the page /crm shows: read from the tables that mirror, outbox and API client keep. What is decided there is done
by those parts, which are handed in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, exists, func, select

from crm_client.zoho.api.connecting import ConnectionState as Standing
from crm_client.zoho.api.connecting import connection_state
from crm_client.zoho.api.shapes import Credits
from crm_client.zoho.settings import ZohoSettings
from crm_client.zoho.tables import (
    zoho_channels,
    zoho_conflicts,
    zoho_credits,
    zoho_hints,
    zoho_links,
    zoho_outbox,
    zoho_sync,
)
from motenashi.crm_record_names import Named, Wanted, names_of
from motenashi.database import Database
from motenashi.pages.advice.time_words import money
from motenashi.pages.crm.crm_view import (
    ROWS_A_PAGE,
    ChangedValue,
    ChannelState,
    ConflictRow,
    ConnectionState,
    CreditsHour,
    CreditsState,
    CrmState,
    Examination,
    ModuleState,
    OutboxState,
    Place,
    WaitingWrite,
)
from motenashi.settings import CrmSettings

MODULES = ("accounts", "contacts", "leads", "products", "deals", "calls", "events", "tasks", "notes")  # as mirrored
HOURS = 25  # the first is not all within the last 24 hours; it is counted whole, as the API client does
COUNTED_FOR = timedelta(seconds=20)  # counting a large mirror for every look would cost more than it tells
LONGEST_VALUE = 200  # letters of a value that are shown

# A trouble of one module that is really one of the whole connection.
OF_THE_CONNECTION = frozenset(
    {
        "wrong_client",
        "revoked_token",
        "not_connected",
        "missing_scope",
        "wrong_data_centre",
        "too_many_tokens",
        "outage",
    }
)
REFERENCES = {
    "owner_id": "owners",
    "account_id": "accounts",
    "contact_id": "contacts",
    "converted_contact_id": "contacts",
    "lead_id": "leads",
    "deal_id": "deals",
    "converted_deal_id": "deals",
}
MONEY = frozenset({"amount", "unit_price"})


class CrmViews:
    """Answers the page: a CrmDesk (motenashi/pages/crm/crm_view.py)."""

    def __init__(
        self,
        settings: CrmSettings,
        database: Database,
        *,
        environment: Mapping[str, str],
        try_again: Callable[[int], bool],
        give_up: Callable[[int, str], bool],
        ask_now: Callable[[], bool],
        examination: Callable[[], Examination | None] = lambda: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`environment`: where the client's id and secret may be. `try_again`, `give_up` (and who did it): of an entry
        of the outbox; False when it waits no more. `ask_now` lets the mirror ask for changes; False when nobody does.
        `examination`: what the doctor found last. CrmUnreachable when the database is away."""
        self._settings = settings
        self._database = database
        self._environment = environment
        self.try_again = try_again
        self.give_up = give_up
        self.ask_now = ask_now
        self._examination = examination
        self._clock = clock
        self._counted: tuple[datetime, Mapping[str, int]] | None = None

    def state(self) -> CrmState:
        zoho, now = self._settings.zoho, self._clock()
        if self._settings.backend != "zoho":
            return CrmState(Place())
        standing = connection_state(self._database, zoho, self._environment, clock=self._clock)
        with self._database.read() as connection:
            modules = _modules(connection, self._rows(connection, now))
            channels = _channels(connection, zoho)
            open_ones = [one for one in channels if one.expires_at and one.expires_at > now]
            return CrmState(
                place=Place("zoho", zoho.data_centre, zoho.environment, zoho.version, bool(zoho.fake_url)),
                connection=_as_seen(standing, modules),
                credits=_credits(connection, standing.credits, zoho, now),
                modules=modules,
                channels=channels,
                outbox=_outbox(connection),
                conflicts=_count(connection, select(func.count()).select_from(zoho_conflicts)),
                notify=bool(zoho.sync.notify_url),
                poll_seconds=zoho.sync.poll_seconds if open_ones else zoho.sync.poll_seconds_alone,
                rule=zoho.sync.conflicts,
                examination=self._examination(),
            )

    def waiting(self, show: str = "", after: int = 0) -> Sequence[WaitingWrite]:
        query = _WAITING.where(zoho_outbox.c.number > after)
        if show == "stuck":
            query = query.where(zoho_outbox.c.state == "stuck")
        elif show:
            query = query.where(zoho_outbox.c.state != "stuck")
        return self._writes(query.limit(ROWS_A_PAGE))

    def write(self, number: int) -> WaitingWrite | None:
        found = self._writes(_WAITING.where(zoho_outbox.c.number == number))
        return found[0] if found else None

    def conflicts(self, before: int | None = None) -> Sequence[ConflictRow]:
        query = select(zoho_conflicts).order_by(zoho_conflicts.c.number.desc()).limit(ROWS_A_PAGE)
        if before is not None:
            query = query.where(zoho_conflicts.c.number < before)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            wanted = {(row.module, row.local_id) for row in rows}
            for row in rows:
                wanted |= _referred((row.field, value) for value in (row.base, row.ours, row.theirs))
            names = names_of(connection, wanted)
        return [_conflict(row, names) for row in rows]

    def _writes(self, query: Select[Any]) -> list[WaitingWrite]:
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            wanted = {(row.module, row.local_id) for row in rows}
            for row in rows:
                wanted |= _referred([*row.fields.items(), *row.before.items()])
            names = names_of(connection, wanted)
        return [_write(row, names) for row in rows]

    def _rows(self, connection: Connection, now: datetime) -> Mapping[str, int]:
        if self._counted is None or not self._counted[0] <= now < self._counted[0] + COUNTED_FOR:
            query = select(zoho_links.c.module, func.count()).group_by(zoho_links.c.module)
            self._counted = now, _pairs(connection, query)
        return self._counted[1]


def build_crm_views(
    settings: CrmSettings,
    database: Database,
    *,
    environment: Mapping[str, str],
    try_again: Callable[[int], bool] = lambda number: False,
    give_up: Callable[[int, str], bool] = lambda number, by: False,
    ask_now: Callable[[], bool] = lambda: False,
    examination: Callable[[], Examination | None] = lambda: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> CrmViews:
    """With the embedded CRM nothing need be handed in: there is nothing to decide."""
    return CrmViews(
        settings,
        database,
        environment=environment,
        try_again=try_again,
        give_up=give_up,
        ask_now=ask_now,
        examination=examination,
        clock=clock,
    )


_earlier = zoho_outbox.alias("earlier")
_BEHIND = exists().where(
    _earlier.c.module == zoho_outbox.c.module,
    _earlier.c.local_id == zoho_outbox.c.local_id,
    _earlier.c.number < zoho_outbox.c.number,
    _earlier.c.state == "stuck",
)
_WAITING = select(zoho_outbox, _BEHIND.label("behind")).order_by(zoho_outbox.c.number)


def _as_seen(standing: Standing, modules: Sequence[ModuleState]) -> ConnectionState:
    """A module that could not be asked because of the whole connection says so for it, when nothing else does."""
    connection = ConnectionState(
        trouble=standing.trouble or ("too_many_tokens" if standing.wait_until else ""),
        api_domain=standing.api_domain,
        needs_consent=not standing.connected,
    )
    told = [one for one in modules if one.trouble in OF_THE_CONNECTION]
    if connection.trouble or not told:
        return connection
    latest = max(told, key=lambda one: one.trouble_at or datetime.min.replace(tzinfo=UTC))
    return replace(connection, trouble=latest.trouble, since=latest.trouble_at)


def _modules(connection: Connection, rows: Mapping[str, int]) -> list[ModuleState]:
    hints = _pairs(connection, select(zoho_hints.c.module, func.count()).group_by(zoho_hints.c.module))
    read = {row.module: row for row in connection.execute(select(zoho_sync).order_by(zoho_sync.c.module))}
    # Owners and stages are read as well; they are told of when something is wrong with them.
    others = [name for name, row in read.items() if name not in MODULES and row.trouble]
    return [_module(name, read.get(name), rows.get(name, 0), hints.get(name, 0)) for name in (*MODULES, *others)]


def _module(name: str, row: Row[Any] | None, rows: int, hinted: int) -> ModuleState:
    if row is None:
        return ModuleState(name, rows=rows, hinted=hinted)
    return ModuleState(
        module=name,
        rows=rows,
        as_of=row.asked_at,
        watermark=row.watermark,
        filled_at=row.filled_at,
        filling=bool(row.job) or (row.filled_at is None and row.rows_done > 0),
        done=row.rows_done,
        expected=row.rows_expected,
        hinted=hinted,
        trouble=row.trouble,
        why=row.why,
        trouble_at=row.trouble_at,
        unreadable=row.unreadable,
    )


def _channels(connection: Connection, zoho: ZohoSettings) -> list[ChannelState]:
    query = select(zoho_channels).order_by(zoho_channels.c.id)
    return [
        ChannelState(row.id, _about(row.events, zoho), row.expires_at, row.checked_at, row.last_push_at)
        for row in connection.execute(query)
    ]


def _about(events: Mapping[str, Any], zoho: ZohoSettings) -> list[str]:
    """Modules of events such as 'Contacts.all', in our words and the mirror's order."""
    ours = {api: module for module, api in zoho.modules.items()} | {"Meetings": "events"}
    said = {str(word).partition(".")[0] for value in (events, *events.values()) for word in _words(value)}
    about = {ours.get(api, api.lower()) for api in said}
    return [module for module in MODULES if module in about]


def _words(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list | tuple | dict) else ()


def _outbox(connection: Connection) -> OutboxState:
    query = select(zoho_outbox.c.state, func.count(), func.min(zoho_outbox.c.at)).group_by(zoho_outbox.c.state)
    found = {state or "waiting": (count, oldest) for state, count, oldest in connection.execute(query)}
    counts = {state: count for state, (count, _oldest) in found.items()}
    return OutboxState(
        waiting=counts.get("waiting", 0),
        sending=counts.get("sending", 0),
        stuck=counts.get("stuck", 0),
        oldest=min((oldest for _count, oldest in found.values() if oldest), default=None),
    )


def _credits(connection: Connection, credits: Credits, zoho: ZohoSettings, now: datetime) -> CreditsState:
    last = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    first = last - timedelta(hours=HOURS - 1)
    rows = {row.hour: row for row in connection.execute(select(zoho_credits).where(zoho_credits.c.hour >= first))}
    hours = []
    for number in range(HOURS):
        at = first + timedelta(hours=number)
        row = rows.get(at)
        hours.append(CreditsHour(at, row.used, row.told_left) if row else CreditsHour(at))
    return CreditsState(
        budget=credits.budget,
        used=credits.used,
        left=credits.left,
        kept=credits.budget * zoho.limits.credits_kept // 100,
        alarm=credits.budget * zoho.limits.alarm_below // 100,
        told_at=credits.told_at,
        hours=hours,
    )


def _pairs(connection: Connection, query: Select[Any]) -> dict[str, int]:
    return {str(row[0]): int(row[1]) for row in connection.execute(query)}


def _count(connection: Connection, query: Select[Any]) -> int:
    return int(connection.execute(query).scalar_one())


def _write(row: Row[Any], names: Mapping[Wanted, Named]) -> WaitingWrite:
    named = names.get((row.module, row.local_id), Named(""))
    return WaitingWrite(
        number=row.number,
        module=row.module,
        record_id=row.local_id,
        name=named.name,
        action=row.action,
        state=row.state or "waiting",
        at=row.at,
        changes=_changes(row, named, names),
        by=row.by,
        attempts=row.attempts,
        next_at=row.next_at,
        unsure=row.sent_at is not None and row.state != "sending",
        behind=bool(row.behind),
        trouble=row.trouble,
        why=row.why,
    )


def _changes(row: Row[Any], named: Named, names: Mapping[Wanted, Named]) -> list[ChangedValue]:
    if row.action != "update":
        return []
    return [
        ChangedValue(
            field,
            _shown(field, row.before[field], named, names) if field in row.before else None,
            _shown(field, value, named, names),
        )
        for field, value in row.fields.items()
    ]


def _conflict(row: Row[Any], names: Mapping[Wanted, Named]) -> ConflictRow:
    named = names.get((row.module, row.local_id), Named(""))
    base, ours, theirs = (_shown(row.field, value, named, names) for value in (row.base, row.ours, row.theirs))
    return ConflictRow(
        number=row.number,
        at=row.at,
        module=row.module,
        record_id=row.local_id,
        name=named.name,
        field=row.field,
        base=base,
        ours=ours,
        theirs=theirs,
        won=row.won,
        ours_at=row.ours_at,
        theirs_at=row.theirs_at,
    )


def _referred(fields: Iterable[tuple[str, Any]]) -> set[Wanted]:
    return {(REFERENCES[field], str(value)) for field, value in fields if field in REFERENCES and value}


def _shown(field: str, value: Any, named: Named, names: Mapping[Wanted, Named]) -> str:
    """A value as text: whom it refers to by name, money with its currency, the rest as it stands, cut to length."""
    if field in REFERENCES and value:
        found = names.get((REFERENCES[field], str(value)))
        return found.name if found and found.name else str(value)
    if value is None or value == "":
        return ""
    if field in MONEY and named.currency and str(value).lstrip("-").isdigit():
        return money(int(value), named.currency)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
