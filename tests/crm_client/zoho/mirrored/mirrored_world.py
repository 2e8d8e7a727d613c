"""The whole backend before a fake Zoho: mirror, outbox and the CRM that everybody else uses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from crm_client.zoho.mirror.mirror import Mirror
from crm_client.zoho.mirrored_crm import MirroredCrm
from motenashi.database import Database
from tests.crm_client.zoho.outbox.outbox_world import EMBEDDED, OutboxWorld, outbox_world
from tests.fake_zoho.fake import FakeZoho


class MirroredWorld:
    """`crm` is what is tested; `outbox` holds its other parts."""

    def __init__(self, outbox: OutboxWorld) -> None:
        self.outbox = outbox
        self.zoho = outbox.zoho
        self.mirror = Mirror(
            outbox.database,
            outbox.calls,
            outbox.field_map,
            EMBEDDED,
            outbox.settings.sync,
            clock=outbox.now,
            pause=lambda seconds: None,
        )
        self.crm = self.another_crm()

    def another_crm(self, **more: Any) -> MirroredCrm:
        given: dict[str, Any] = {"calls": self.outbox.calls, "mirror": self.mirror} | more
        return MirroredCrm(
            self.outbox.database,
            EMBEDDED,
            calls=given["calls"],
            mirror=given["mirror"],
            field_map=self.outbox.field_map,
            sync=self.outbox.settings.sync,
            limits=self.outbox.settings.limits,
            ledger=self.outbox.ledger,
            clock=self.outbox.now,
        )

    def credits(self) -> int:
        """Used up to now."""
        return sum(call.credits for call in self.zoho.calls_log)

    def filled(self) -> None:
        self.mirror.fill()
        self.mirror.poll()

    def filled_long_ago(self, seconds: float = 3_600) -> None:
        self.filled()
        self.zoho.advance(seconds)


@contextmanager
def mirrored_world(zoho: FakeZoho, database: Database, **choices: Any) -> Iterator[MirroredWorld]:
    with outbox_world(zoho, database, **choices) as outbox:
        yield MirroredWorld(outbox)
