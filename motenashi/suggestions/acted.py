"""What came of acting on a suggestion, told to whoever acted: pages, the API and the CRM's embedded page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from motenashi.suggestions.suggestion import State, Suggestion, Words


@dataclass(frozen=True)
class Acted:
    """`result`: done; unknown (there is no such suggestion); gone (somebody was faster, or it was replaced: `state`,
    `by` and `at` say what became of it); not_possible (`words` say why, `field` what has to be changed, if anything).

    `made`: call, event, e-mail or update, and `record_id` its id, where accepting made one in the CRM.
    """

    result: Literal["done", "unknown", "gone", "not_possible"]
    suggestion: Suggestion | None = None
    made: str = ""
    record_id: str = ""
    state: State | Literal[""] = ""
    by: str = ""
    at: datetime | None = None
    words: Words | None = None
    field: str = ""
