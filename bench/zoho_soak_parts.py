"""Our side of the soak, put together as the house puts it together, from addresses that any process can be told."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection

from crm_client.embedded.settings import EmbeddedCrmSettings
from crm_client.zoho.api.shapes import Answer, Call, Credits
from crm_client.zoho.api.transport import Sender, Transport, open_transport
from crm_client.zoho.api.zoho_api import ZohoApi
from crm_client.zoho.mapping.field_map import MIRRORED, FieldMap
from crm_client.zoho.mirror.channels import Channels
from crm_client.zoho.mirror.mirror import Mirror
from crm_client.zoho.mirrored_crm import MirroredCrm
from crm_client.zoho.outbox.ledger import OutboxLedger
from crm_client.zoho.outbox.pushing import Pusher
from crm_client.zoho.settings import ZohoLimits, ZohoSettings, ZohoSync
from motenashi.database import Database
from motenashi.storage.open_database import open_database

LONG = 1.0  # seconds

log = logging.getLogger(__name__)

SECRET = b"the soak's own secret, of no use elsewhere"
CREDITS = 1_000_000  # a day: so that the run ends by itself and tells what it used
READ_SECONDS = 2.0  # instead of 30; the fake keeps a stalled answer for longer than this


class Shift(Protocol):
    """multiprocessing's Value: seconds by which the soak's clock is ahead, for all processes."""

    value: float


class ShiftedClock:
    def __init__(self, shift: Shift) -> None:
        self._shift = shift

    def __call__(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._shift.value)


@dataclass(frozen=True)
class Place:
    """Where everything is; goes to other processes."""

    database: str
    fake: dict[str, str]
    notify_url: str
    folder: str
    poll_seconds: float

    def settings(self) -> ZohoSettings:
        return ZohoSettings(
            data_centre="jp",
            fake_url=self.fake["url"],
            limits=ZohoLimits(credits_a_day=CREDITS, connect_seconds=2.0, read_seconds=READ_SECONDS),
            sync=ZohoSync(notify_url=self.notify_url),
        )

    def environment(self) -> dict[str, str]:
        return {
            "ZOHO_CLIENT_ID": self.fake["client_id"],
            "ZOHO_CLIENT_SECRET": self.fake["client_secret"],
            "ZOHO_REFRESH_TOKEN": self.fake["refresh_token"],
        }


@dataclass
class Counting:
    """A Sender that counts what its process asks for."""

    sender: Sender
    calls: int = 0
    credits_used: int = 0

    def begin_anew(self) -> None:
        self.calls = self.credits_used = 0

    def send(self, call: Call, *, deadline: float | None = None) -> Answer:
        self.calls += 1
        self.credits_used += call.credits
        return self.sender.send(call, deadline=deadline)

    def credits(self) -> Credits:
        return self.sender.credits()

    def can_work(self) -> bool:
        return self.sender.can_work()


def told_of_long_writes(database: Database) -> None:
    """Whoever holds the writers' lock for long is named in the log."""
    write = database.write

    @contextmanager
    def timed() -> Iterator[Connection]:
        with write() as connection:
            begun = time.monotonic()
            yield connection
            held = time.monotonic() - begun
        took = time.monotonic() - begun
        if took > LONG:
            who = [f"{Path(one.filename).name}:{one.lineno}" for one in traceback.extract_stack()[-9:-1]]
            log.warning("a write took %.1f s, %.1f s of it to commit: %s", took, took - held, " ".join(who))

    database.write = timed  # type: ignore[method-assign]


@dataclass
class Parts:
    place: Place
    clock: Callable[[], datetime]
    database: Database = field(init=False)
    transport: Transport = field(init=False)
    sender: Counting = field(init=False)
    api: ZohoApi = field(init=False)
    field_map: FieldMap = field(init=False)

    def __post_init__(self) -> None:
        settings = self.place.settings()
        self.database = open_database(self.place.database)
        told_of_long_writes(self.database)
        self.transport = open_transport(
            settings, self.database, secret=SECRET, environment=self.place.environment(), clock=self.clock
        )
        self.sender = Counting(self.transport)
        self.api = ZohoApi(self.sender, settings)
        self.field_map = FieldMap(settings, clock=self.clock)

    def learn(self) -> None:
        """What the house asks at its start: how Zoho's fields are. Tried until it works."""
        for module in MIRRORED:
            self.field_map.learn(module, self.api.fields(self.field_map.api_module(module)))
        self.field_map.learn_organisation(self.api.organisation())

    def mirror(self, **more: Any) -> Mirror:
        sync = self.place.settings().sync
        return Mirror(self.database, self.api, self.field_map, EmbeddedCrmSettings(), sync, clock=self.clock, **more)

    def channels(self) -> Channels:
        sync = self.place.settings().sync
        return Channels(self.database, self.api, self.field_map, sync, secret=SECRET)

    def pusher(self) -> Pusher:
        return Pusher(self.database, self.api, self.field_map, self.place.settings(), clock=self.clock)

    def crm(self, mirror: Mirror) -> MirroredCrm:
        settings = self.place.settings()
        return MirroredCrm(
            self.database,
            calls=self.api,
            mirror=mirror,
            field_map=self.field_map,
            sync=settings.sync,
            limits=settings.limits,
            ledger=OutboxLedger(self.field_map, clock=self.clock),
            clock=self.clock,
        )

    def close(self) -> None:
        self.transport.close()
        self.database.engine.dispose()
