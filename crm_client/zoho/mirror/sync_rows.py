"""How far each module has been read, and what went wrong, as the table of it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select, update

from crm_client.embedded.columns import MOST_LETTERS_OF_A_NOTE
from crm_client.embedded.store import as_crm_errors
from crm_client.errors import CrmError
from crm_client.zoho.mirror.incoming import Unreadable
from crm_client.zoho.tables import zoho_sync
from motenashi.database import Database

# Troubles of single records stay to be read for this long; those of calls go with the next call that works.
TOLD_FOR = timedelta(days=1)
RECORD_TROUBLES: Final = ("record_unreadable", "unknown_value")


@dataclass(frozen=True)
class SyncRow:
    """One module (`owners` and `stages` have a row, too)."""

    module: str
    watermark: datetime | None = None
    deleted_watermark: datetime | None = None
    asked_at: datetime | None = None
    filled_at: datetime | None = None
    job: str = ""
    job_page: int = 0
    rows_done: int = 0
    rows_expected: int = 0
    trouble: str = ""
    why: str = ""
    trouble_at: datetime | None = None
    unreadable: int = 0


_COLUMNS = tuple(zoho_sync.c[entry.name] for entry in fields(SyncRow))


class SyncRows:
    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, SyncRow]:
        with as_crm_errors("read sync"), self._database.read() as connection:
            return {row.module: SyncRow(*row) for row in connection.execute(select(*_COLUMNS))}

    def of(self, module: str) -> SyncRow:
        with as_crm_errors("read sync"), self._database.read() as connection:
            row = connection.execute(select(*_COLUMNS).where(zoho_sync.c.module == module)).first()
        return SyncRow(*row) if row else SyncRow(module)

    def set(self, module: str, **values: Any) -> None:
        with as_crm_errors("write sync"), self._database.write() as connection:
            connection.execute(self._database.insert_or_ignore(zoho_sync, {"module": module}))
            connection.execute(update(zoho_sync).where(zoho_sync.c.module == module).values(**values))

    def forward(self, module: str, watermark: datetime) -> None:
        """Never back: two processes may read the same pages."""
        with as_crm_errors("write sync"), self._database.write() as connection:
            connection.execute(
                update(zoho_sync)
                .where(zoho_sync.c.module == module)
                .where(func.coalesce(zoho_sync.c.watermark < watermark, True))
                .values(watermark=watermark)
            )

    def failed(self, module: str, error: CrmError, now: datetime) -> None:
        """A call went wrong. Errors hold no personal data."""
        self.set(module, trouble=error.trouble or "outage", why=_cut(str(error)), trouble_at=now)

    def went_well(self, module: str, now: datetime) -> None:
        """Calls work. What single records were wrong about stays to be read for a day."""
        row = self.of(module)
        if not row.trouble:
            return
        if row.trouble not in RECORD_TROUBLES or row.trouble_at is None or now - row.trouble_at > TOLD_FOR:
            self.set(module, trouble="", why="", trouble_at=None)

    def unreadable(self, module: str, bad: Sequence[Unreadable], now: datetime) -> None:
        last = bad[-1]
        field = f", field {last.field}" if last.field else ""
        self.set(
            module,
            trouble="record_unreadable",
            why=_cut(f"record {last.zoho_id}{field}: {last.why}"),
            trouble_at=now,
            unreadable=zoho_sync.c.unreadable + len(bad),
        )

    def unknown_stages(self, names: Sequence[str], now: datetime) -> None:
        said = ", ".join(sorted(names))
        why = f"Zoho lists no stage {said}; deals in it count as open"
        self.set("deals", trouble="unknown_value", why=_cut(why), trouble_at=now)


def _cut(text: str) -> str:
    return text[: min(MOST_LETTERS_OF_A_NOTE, 500)]
