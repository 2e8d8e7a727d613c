"""What every part of the API client stands on: paths below the API host, names and ids that may stand in them, and the
reading of lists out of answers. Nothing gets into a path or a query unless it looks like what it should be.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final, TypeVar

from crm_client import zoho_names
from crm_client.errors import CrmRejected, CrmUnreachable
from crm_client.zoho.api.shapes import Answer, Call, Raw
from crm_client.zoho.api.transport import Sender
from crm_client.zoho.settings import ZohoSettings

MOST_FIELDS: Final = 50  # of one call
MODIFIED: Final = "Modified_Time"

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}", re.ASCII)
_ID: Final = re.compile(r"[0-9]{1,20}", re.ASCII)
_NOTHING: Final = frozenset({204, 304})

T = TypeVar("T")


class Asker:
    """Sends calls. The parts of the API client are classes over this one; `ZohoApi` is all of them."""

    def __init__(self, sender: Sender, settings: ZohoSettings) -> None:
        self._sender = sender
        self._settings = settings

    def _path(self, *parts: str) -> str:
        return "/".join((f"/crm/{self._settings.version}", *parts))

    def _list_path(self, module: str, record_id: str, related_list: str, asking: str) -> str:
        parts = (checked_module(module, asking), checked_id(record_id, asking), checked_name(related_list, asking))
        return self._path(*parts)

    def _send(self, call: Call, deadline: float | None = None) -> Answer:
        return self._sender.send(call, deadline=deadline)

    def _our_module(self, module: str) -> str:
        """Ours for an API name, with the operator's names; '' for a module we know nothing of."""
        named = {theirs: ours for ours, theirs in self._settings.modules.items()}
        return named.get(module, "" if module in named.values() else zoho_names.our_module(module))

    def _only_leads(self, module: str) -> dict[str, str]:
        """Converted leads are left out unless one asks, and would look deleted."""
        return {"converted": "both"} if self._our_module(module) == "leads" else {}


class Deadline:
    """`seconds` from now (None: none), for what takes several calls."""

    def __init__(self, seconds: float | None) -> None:
        self._ends = None if seconds is None else time.monotonic() + seconds

    def left(self, asking: str) -> float | None:
        if self._ends is None:
            return None
        left = self._ends - time.monotonic()
        if left <= 0:
            raise CrmUnreachable(asking, "the time for it is over")
        return left


def checked_module(module: str, asking: str) -> str:
    if not _NAME.fullmatch(module):
        raise CrmRejected(asking, "that is no API name of a module", trouble="module_missing")
    return module


def checked_fields(fields: Iterable[str], asking: str) -> tuple[str, ...]:
    """Each once, `id` left out (it always comes), in the order given."""
    names = tuple(dict.fromkeys(name for name in fields if name != "id"))
    wrong = next((name for name in names if not _NAME.fullmatch(name)), None)
    if wrong is not None:
        raise CrmRejected(asking, f"{wrong!r} is no API name of a field", wrong, trouble="field_missing")
    return names


def checked_name(name: str, asking: str) -> str:
    """A related list's name."""
    if not _NAME.fullmatch(name):
        raise CrmRejected(asking, f"{name!r} is no API name", name)
    return name


def is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def checked_id(text: str, asking: str) -> str:
    if not is_id(text):
        raise CrmRejected(asking, "that is no id of Zoho's", "id")
    return text


def rows_of(answer: Answer, name: str, asking: str) -> tuple[dict[str, Any], ...]:
    """The records in an answer. An answer without the list is a trouble, never `nothing there`: a success with nothing
    in it is what some servers say to an expired token."""
    if answer.status in _NOTHING:
        return ()
    found = answer.body.get(name)
    if not isinstance(found, Sequence) or isinstance(found, str):
        raise CrmUnreachable(asking, f"the answer holds no list {name!r}", trouble="empty_success")
    if not all(isinstance(row, Mapping) for row in found):
        raise CrmUnreachable(asking, f"the list {name!r} of the answer holds something else than records")
    return tuple(dict(row) for row in found)


def records_of(answer: Answer, asking: str, name: str = "data") -> tuple[dict[str, Any], ...]:
    """Rows that each have an id, as text."""
    rows = rows_of(answer, name, asking)
    for row in rows:
        row["id"] = str(row.get("id") or "")
        if not row["id"]:
            raise CrmUnreachable(asking, "a record of the answer has no id")
    return rows


def info_of(answer: Answer) -> Mapping[str, Any]:
    return mapping(answer.body.get("info"))


def mapping(value: object) -> Mapping[str, Any]:
    """The value, or an empty one where Zoho left it out or wrote something else."""
    return value if isinstance(value, Mapping) else {}


def mappings(value: object) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    return tuple(one for one in value if isinstance(one, Mapping))


def text_of(value: object) -> str:
    return "" if value is None else str(value)


def whole_number(value: object) -> int | None:
    """Zoho writes some numbers as texts."""
    try:
        return int(str(value))
    except ValueError:
        return None


def moment(value: object) -> datetime | None:
    """An aware time in UTC; None for what is none."""
    try:
        read = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return read.astimezone(UTC) if read.tzinfo is not None else None


def moment_text(moment: datetime) -> str:
    """As Zoho reads it: whole seconds, rounded down, so that nothing that changed after it is left out."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def in_lots(things: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    left = iter(things)
    while lot := tuple(islice(left, size)):
        yield lot


def merged(first: Raw, second: Raw) -> dict[str, Any]:
    """Two readings of one record's fields. What both have is the first's: an older Modified_Time only means that the
    record is read again, a newer one that a change is missed."""
    return {**second, **first}
