"""config.yaml, section `bulk_actions`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True)
class BulkSettings:
    """How many records may be acted on at once, how fast, and by whom."""

    most_records: Annotated[int, "More records than this are never acted on at once; narrow the filter."] = 50_000
    type_number_over: Annotated[int, "For more records than this the number is to be typed before it begins."] = 500
    mails_per_minute: Annotated[int, "How fast a mass mail leaves, all of them together."] = 120
    best_time_days: Annotated[int, "Within how many days everybody's best hour is looked for."] = 7
    good_for_days: Annotated[
        int, "How long after the preview an action may go on; what is not done by then stays undone. At most 25."
    ] = 14
    undo_days: Annotated[int, "How long new values can be taken back."] = 30
    representatives: Annotated[
        bool, "Representatives may act on records they own, too, and not only supervisors and administrators."
    ] = False
    fallback_language: Annotated[str, "The language for people whose own nobody knows: en or ja."] = "ja"
    footer_en: Annotated[str, "Who the mail is from, below every English mass mail: company, address, phone."] = ""
    footer_ja: Annotated[str, "The same below every Japanese one."] = ""
