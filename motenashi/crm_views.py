"""What the page /crm shows: read from the tables that mirror, outbox and API client keep, so nothing is asked of Zoho.
What is decided there, the outbox does.

What only a house with Zoho needs is imported where it is used: other web processes take two megabytes less.
"""

from __future__ import annotations

import dataclasses
import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, Select, exists, func, select

from crm_client.zoho.settings import ZohoSettings
from crm_client.zoho.tables import (
    zoho_channels,
    zoho_conflicts,
    zoho_credits,
    zoho_hints,
    zoho_links,
    zoho_outbox,
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
    CrmDesk,
    CrmState,
    Examination,
    FindingRow,
    ModuleState,
    OutboxState,
    Place,
    WaitingWrite,
)
from motenashi.pages.crm.crm_view import Named as NamedRecord
from motenashi.settings import CrmSettings

if TYPE_CHECKING:
    from crm_client.zoho.api.connecting import ConnectionState as Standing
    from crm_client.zoho.api.shapes import Credits
    from crm_client.zoho.mirror.freshness import Freshness
    from crm_client.zoho.mirror.sync_rows import SyncRow

log = logging.getLogger(__name__)

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
        "not_json",
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


CrmViews = CrmDesk


class NothingBeside:
    """A CrmDesk of a house that has its CRM all to itself."""

    def state(self) -> CrmState:
        return CrmState(Place())

    def waiting(self, show: str = "", after: int = 0) -> Sequence[WaitingWrite]:
        return ()

    def write(self, number: int) -> WaitingWrite | None:
        return None

    def try_again(self, number: int) -> bool:
        return False

    def give_up(self, number: int, by: str) -> bool:
        return False

    def ask_now(self) -> bool:
        return False

    def conflicts(self, before: int | None = None) -> Sequence[ConflictRow]:
        return ()


class ZohoViews:
    """A CrmDesk (motenashi/pages/crm/crm_view.py) of a house whose CRM is Zoho's."""

    def __init__(
        self,
        settings: CrmSettings,
        database: Database,
        *,
        environment: Mapping[str, str],
        wake: Callable[[], object] = lambda: None,
        ask_now: Callable[[], bool] = lambda: False,
        workflow_url: Callable[[], str] = lambda: "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`environment`: where the client's id and secret may be. `wake` tells whoever sends the outbox that something
        may go out. `ask_now` lets the mirror ask for changes; False when it does already. `workflow_url`: where
        webhooks of Zoho's workflows are to point to; '' for nowhere. CrmUnreachable when the database is away."""
        from crm_client.zoho.mapping.examinations import Examinations
        from crm_client.zoho.mapping.field_map import FieldMap
        from crm_client.zoho.mirror.hints import Hints
        from crm_client.zoho.mirror.sync_rows import SyncRows
        from crm_client.zoho.outbox.waiting import Waiting

        self._settings = settings
        self._database = database
        self._environment = environment
        self._map = FieldMap(settings.zoho, settings.embedded.custom_fields)
        self._outbox = Waiting(database, self._map, clock=clock, wake=wake)
        self._sync, self._hints = SyncRows(database), Hints(database)
        self._examinations = Examinations(database)
        self._ask_now = ask_now
        self._workflow_url = workflow_url
        self._clock = clock
        self._counted: tuple[datetime, Mapping[str, int]] | None = None

    def state(self) -> CrmState:
        from crm_client.zoho.api.connecting import connection_state
        from crm_client.zoho.mirror.freshness import freshness

        zoho, now = self._settings.zoho, self._clock()
        standing = connection_state(self._database, zoho, self._environment, clock=self._clock)
        fresh = freshness(self._sync, self._hints)
        with self._database.read() as connection:
            modules = _modules(fresh, self._rows(connection, now), _hinted(connection))
            channels = [self._channel(row) for row in connection.execute(_CHANNELS)]
            open_ones = [one for one in channels if one.expires_at and one.expires_at > now]
            return CrmState(
                place=Place("zoho", zoho.data_centre, zoho.environment, zoho.version, bool(zoho.fake_url)),
                connection=_as_seen(standing, modules),
                credits=_credits(connection, standing.credits, zoho, now),
                modules=modules,
                as_of=fresh.as_of,
                details=fresh.details,
                channels=channels,
                outbox=_outbox(connection),
                conflicts=_count(connection, select(func.count()).select_from(zoho_conflicts)),
                notify=bool(zoho.sync.notify_url),
                workflow_url=self._workflow_url(),
                poll_seconds=zoho.sync.poll_seconds if open_ones else zoho.sync.poll_seconds_alone,
                rule=zoho.sync.conflicts,
                examination=self._examined(),
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

    def try_again(self, number: int) -> bool:
        return self._outbox.try_again(number)

    def give_up(self, number: int, by: str) -> bool:
        given_up = self._outbox.give_up(number)
        if given_up.rows:
            log.warning("row %d of Zoho's outbox was given up by %s, %d rows in all", number, by, given_up.rows)
        return given_up.rows > 0

    def ask_now(self) -> bool:
        return self._ask_now()

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
            first = {row.number: self._waits_for(connection, row) for row in rows}
            wanted |= {one for those in first.values() for one in those}
            for row in rows:
                wanted |= _referred([*row.fields.items(), *row.before.items()])
            names = names_of(connection, wanted)
        return [_write(row, first[row.number], names) for row in rows]

    def _waits_for(self, connection: Connection, row: Row[Any]) -> list[Wanted]:
        from crm_client.zoho.outbox import entries
        from crm_client.zoho.outbox.pushing import needs
        from crm_client.zoho.outbox.references import not_there_yet

        entry = entries.Row(*(getattr(row, one.name) for one in dataclasses.fields(entries.Row)))
        return sorted(not_there_yet(connection, set(needs(connection, self._map, entry)) - {entry.record}))

    def _channel(self, row: Row[Any]) -> ChannelState:
        from crm_client.zoho.mapping.field_map import MIRRORED

        watched = {self._map.our_module(event.partition(".")[0]) for event in row.events}
        about = [module for module in MIRRORED if module in watched]
        return ChannelState(row.id, about, row.expires_at, row.checked_at, row.last_push_at)

    def _examined(self) -> Examination | None:
        last = self._examinations.last()
        if last is None:
            return None
        at, found = last
        return Examination(at, [FindingRow(**dataclasses.asdict(one)) for one in found])

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
    wake: Callable[[], object] = lambda: None,
    ask_now: Callable[[], bool] = lambda: False,
    workflow_url: Callable[[], str] = lambda: "",
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> CrmViews:
    """As ZohoViews says. With the embedded CRM there is nothing to decide, and nobody need be woken or asked."""
    if settings.backend != "zoho":
        return NothingBeside()
    return ZohoViews(
        settings,
        database,
        environment=environment,
        wake=wake,
        ask_now=ask_now,
        workflow_url=workflow_url,
        clock=clock,
    )


_earlier = zoho_outbox.alias("earlier")
_BEHIND = exists().where(
    _earlier.c.module == zoho_outbox.c.module,
    _earlier.c.local_id == zoho_outbox.c.local_id,
    _earlier.c.number < zoho_outbox.c.number,
    _earlier.c.state == "stuck",
)
_CHANNELS = select(zoho_channels).order_by(zoho_channels.c.id)
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
    return dataclasses.replace(connection, trouble=latest.trouble, since=latest.trouble_at)


def _modules(fresh: Freshness, rows: Mapping[str, int], hinted: Mapping[str, int]) -> list[ModuleState]:
    # Owners and stages are read as well; they are told of when something is wrong with them.
    read = [*fresh.modules, *(row for row in fresh.others if row.trouble)]
    return [_module(row, rows.get(row.module, 0), hinted.get(row.module, 0)) for row in read]


def _module(row: SyncRow, rows: int, hinted: int) -> ModuleState:
    return ModuleState(
        module=row.module,
        rows=rows,
        as_of=row.asked_at,
        watermark=row.watermark,
        filled_at=row.filled_at,
        filling=row.filled_at is None and (bool(row.job) or row.rows_done > 0),
        done=row.rows_done,
        expected=row.rows_expected,
        hinted=hinted,
        trouble=row.trouble,
        why=row.why,
        trouble_at=row.trouble_at,
        unreadable=row.unreadable,
    )


def _hinted(connection: Connection) -> dict[str, int]:
    return _pairs(connection, select(zoho_hints.c.module, func.count()).group_by(zoho_hints.c.module))


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


def _write(row: Row[Any], first: Sequence[Wanted], names: Mapping[Wanted, Named]) -> WaitingWrite:
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
        waits_for=[NamedRecord(*one, names[one].name if one in names else "") for one in first],
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
