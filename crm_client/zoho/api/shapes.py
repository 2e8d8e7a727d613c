"""What Zoho's answers are, once read: the shapes that everything above the API client works with.

Records are plain mappings with Zoho's API names, exactly as they came. Times are aware; ids are texts.
Source: Zoho CRM REST API v8, https://www.zoho.com/crm/developer/docs/api/v8/.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Raw = Mapping[str, Any]


@dataclass(frozen=True)
class Call:
    """One request. `path` begins with / and lies below the API host (`/crm/v8/Contacts`); `params` are not encoded
    yet. `asking` is said in errors and logs and holds no personal data. `credits`: what Zoho counts for it.
    `heavy`: Zoho allows fewer of these at a time. `repeatable`: doing it twice is as good as once, so an unknown
    outcome may be tried again. `entries`: name of the list in the body whose members say what became of each record
    (data, watch, Emails). When the answer has that list, it is an Answer whatever its status, 401, 429 and 5xx
    excepted: the members are judged one by one by whoever asked."""

    method: str
    path: str
    asking: str
    params: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    credits: int = 1
    heavy: bool = False
    repeatable: bool = True
    binary: bool = False  # the answer is a file
    entries: str = ""


@dataclass(frozen=True)
class Answer:
    """`body` is {} for 204 and 304. `content`: path of the downloaded file, of binary calls only; who asked removes
    it."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str]
    content: str = ""


@dataclass(frozen=True)
class Page:
    """Some records of a list. `next_token`: '' on the last page. `more`: Zoho has more of them but says no way to get
    there; ask again since the last Modified_Time (`ZohoCalls.pages` does)."""

    records: Sequence[Raw]
    next_token: str = ""
    more: bool = False


@dataclass(frozen=True)
class Entry:
    """What became of one record of a write, in the order they were given. `id` is Zoho's; '' when it failed.
    `action` (upserts): insert or update. `duplicate_of`: id of the record that has the unique value already.
    `expected`: what Zoho would have taken (a data type, a length, `one of its values`); '' when it did not say."""

    ok: bool
    id: str = ""
    action: str = ""
    modified_at: datetime | None = None
    code: str = ""  # SUCCESS, or Zoho's word for what is wrong
    message: str = ""
    field: str = ""  # API name of the field that is wrong
    duplicate_of: str = ""
    expected: str = ""


@dataclass(frozen=True)
class Deleted:
    id: str
    deleted_at: datetime
    kind: str = ""  # recycle, permanent


@dataclass(frozen=True)
class PickValue:
    """`actual` is what records hold and writes send; `forecast_type` (stages): Open, Closed Won, Closed Lost."""

    actual: str
    display: str = ""
    position: int = 0
    probability: int | None = None
    forecast_type: str = ""


@dataclass(frozen=True)
class FieldMeta:
    name: str  # API name
    label: str
    data_type: str
    length: int | None = None
    read_only: bool = False
    mandatory: bool = False
    unique: bool = False
    lookup_module: str = ""
    values: tuple[PickValue, ...] = ()


@dataclass(frozen=True)
class ModuleMeta:
    name: str  # API name
    label: str
    api_supported: bool = True
    editable: bool = True
    creatable: bool = True


@dataclass(frozen=True)
class LayoutMeta:
    """`fields`: API names of the fields that this layout shows; `required`: those it will not be saved without."""

    id: str
    name: str
    active: bool
    fields: frozenset[str]
    required: frozenset[str] = frozenset()


@dataclass(frozen=True)
class RelatedListMeta:
    name: str  # API name
    module: str
    linking_module: str = ""


@dataclass(frozen=True)
class BulkJob:
    """`state`: ADDED, QUEUED, IN PROGRESS, COMPLETED, FAILURE."""

    id: str
    state: str
    count: int = 0
    more: bool = False
    page: int = 1


@dataclass(frozen=True)
class Channel:
    """A notification channel as Zoho has it."""

    id: str
    events: tuple[str, ...]
    expires_at: datetime
    notify_url: str = ""


@dataclass(frozen=True)
class Credits:
    """What is left today: by our own count, and what Zoho said last (None until it speaks, from half on)."""

    budget: int
    used: int  # in the last 24 hours
    told_left: int | None = None
    told_at: datetime | None = None

    @property
    def left(self) -> int:
        counted = max(0, self.budget - self.used)
        return counted if self.told_left is None else min(counted, self.told_left)
