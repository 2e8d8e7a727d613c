"""The border between the CRM's words and the database: nothing of SQLAlchemy gets past here.

`reading()` and `writing()` hand out a connection and turn every trouble into the CRM's own errors. A database that
is locked, away or without its tables is CrmUnreachable; it never looks like "no such record".
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    SQLAlchemyError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from crm_client.embedded.changes import OnChange, RecordChange
from crm_client.embedded.ledger import Ledger
from crm_client.embedded.settings import EmbeddedCrmSettings
from crm_client.errors import CrmBusy, CrmRejected, CrmUnreachable
from motenashi.database import Database

log = logging.getLogger(__name__)

_TRY_AGAIN = ("40001", "40P01", "55P03")  # PostgreSQL: serialisation, deadlock, a lock not to be had in time


def utc_now() -> datetime:
    return datetime.now(UTC)


class Store:
    """What every part of the embedded CRM stands on."""

    def __init__(
        self,
        database: Database,
        settings: EmbeddedCrmSettings | None = None,
        *,
        clock: Callable[[], datetime] = utc_now,
        on_change: OnChange | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        """`on_change` is told after each write that is on disk; what goes wrong there is logged and breaks nothing.
        `ledger` is told inside the transaction; what goes wrong there undoes the write."""
        self._database = database
        self._settings = settings or EmbeddedCrmSettings()
        self._clock = clock
        self._on_change = on_change
        self._ledger = ledger

    def tell(self, change: RecordChange) -> None:
        """Say that something was written. Called when the transaction is over."""
        if self._on_change is None:
            return
        try:
            self._on_change(change)
        except Exception:  # somebody else's code, and the record is saved
            log.exception("a change of %s could not be passed on", change.module)

    def now(self) -> datetime:
        return self._clock()

    @contextmanager
    def reading(self, asking: str) -> Iterator[Connection]:
        with as_crm_errors(asking), self._database.read() as connection:
            yield connection

    @contextmanager
    def writing(self, asking: str) -> Iterator[Connection]:
        """One transaction: on disk when the block ends, undone when it raises."""
        with as_crm_errors(asking), self._database.write() as connection:
            yield connection if self._ledger is None else connection.execution_options(ledger=self._ledger)
        if self._ledger is not None:
            self._ledger.written()


@contextmanager
def as_crm_errors(asking: str) -> Iterator[None]:
    try:
        yield
    except NoFreeConnection as error:
        raise CrmBusy(asking, "all connections to the database are in use") from error
    except IntegrityError as error:
        raise CrmRejected(asking, "another record has this value already", _field(error)) from error
    except DataError as error:
        raise CrmRejected(asking, f"the database does not take a value: {_first_line(error)}") from error
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) in _TRY_AGAIN:
            raise CrmBusy(asking, f"somebody else is writing: {_first_line(error)}") from error
        raise CrmUnreachable(asking, _first_line(error)) from error
    except (StatementError, OverflowError) as error:  # a value that could not even be sent
        raise CrmRejected(asking, f"a value does not fit: {str(error).splitlines()[0]}") from error
    except SQLAlchemyError as error:
        raise CrmUnreachable(asking, str(error).splitlines()[0]) from error


def _first_line(error: DBAPIError) -> str:
    return (str(error.orig) or type(error.orig).__name__).splitlines()[0]


def _field(error: IntegrityError) -> str:
    """SQLite says 'UNIQUE constraint failed: crm_products.code', PostgreSQL 'Key (code)=(…) already exists'."""
    found = re.search(r"constraint failed: \w+\.(\w+)|Key \((\w+)\)|column \"(\w+)\"", str(error.orig))
    return next((name for name in found.groups() if name), "") if found else ""
