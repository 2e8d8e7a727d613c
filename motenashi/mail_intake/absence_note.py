"""When somebody who is away will be back, from the dates of their absence note."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from nlp.dates.mention import DateMention
from nlp.reading import Reading

LONGEST_ABSENCE = timedelta(days=200)  # a date further ahead is about something else
_BACK = re.compile(
    r"\b(?:back|return(?:ing|s)?|again|resum\w+|reopen\w*|available (?:from|again))\b|"
    r"戻|復帰|出社|再開|営業開始|帰社|以降|より",
    re.IGNORECASE,
)
_AROUND = 40  # characters before and after a date in which its sense is looked for


def back_at(reading: Reading, sent_at: datetime) -> datetime | None:
    """The latest moment the note names as the end of the absence; None when it names none."""
    ends = [_end_of_absence(mention, reading.text) for mention in reading.dates]
    plausible = [end for end in ends if end is not None and sent_at < end <= sent_at + LONGEST_ABSENCE]
    return max(plausible, default=None)


def _end_of_absence(mention: DateMention, text: str) -> datetime | None:
    """ "back on the 8th" ends when the 8th begins, "away until the 8th" when it ends."""
    if mention.start < 0 or mention.value.kind not in ("instant", "interval"):
        return None
    around = text[max(0, mention.start - _AROUND) : mention.end + _AROUND // 2]
    if (
        mention.begins is not None
        and (mention.ends is None or _BACK.search(around))
        and mention.value.kind == "instant"
    ):
        return mention.begins
    if mention.begins is not None and mention.ends is None:  # "from the 8th on"
        return mention.begins
    return mention.ends


def sentence_of(reading: Reading) -> str:
    """Their own words that say so."""
    said = next((one.sentence for one in reading.intents if one.label == "out_of_office"), "")
    return said or reading.text[reading.body_start :].strip()[:500]
