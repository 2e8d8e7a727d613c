"""Mails that only the CRM has are heard in the background: a few at a time, the newest first, once each.

A mail that can't be read is left for the next time round, so that it keeps no other waiting.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from motenashi.insights.voice.from_reading import with_reading
from motenashi.insights.voice.old_mails import CrmMails
from motenashi.insights.voice.response import Response
from motenashi.insights.voice.responses import Responses
from nlp.reading import Reading, TextToRead

log = logging.getLogger(__name__)

AT_ONCE = 25  # mails heard in one go
LOOKED_UP = 2_000  # mails found in one go: finding them looks at all mails
AGAIN_AFTER = timedelta(minutes=10)  # once all are heard

ReadMail = Callable[[TextToRead], Reading]
Leads = Callable[[datetime], bool]


class HearOldMails:
    """One thread of one process hears: whoever `leads`. Others would only read the same mails again; what is stored
    is stored once, whoever hears it."""

    def __init__(self, mails: CrmMails, responses: Responses, read: ReadMail, leads: Leads) -> None:
        """`read`: a mail to its reading; what it raises is logged and costs that mail alone."""
        self._mails = mails
        self._responses = responses
        self._read = read
        self._leads = leads
        self._waiting: deque[str] = deque()
        self._last: tuple[datetime, str] | None = None
        self._pause_until: datetime | None = None

    def hear_some(self, now: datetime) -> int:
        """Hear a few; how many became responses. DBAPIError when the database is away: the few are heard later."""
        if not self._leads(now) or (self._pause_until is not None and now < self._pause_until):
            return 0
        if not self._waiting:
            self._look_up(now)
        ids = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
        heard = [one for told in self._mails.of(ids) if told.text and (one := self._heard(told.response, told.text))]
        return self._responses.add_all(heard)

    def _look_up(self, now: datetime) -> None:
        found = self._mails.newest(LOOKED_UP, before=self._last)
        self._waiting.extend(id_ for _, id_ in found)
        self._last = found[-1] if found else None
        self._pause_until = None if found else now + AGAIN_AFTER

    def _heard(self, response: Response, text: TextToRead) -> Response | None:
        try:
            return with_reading(response, self._read(text))
        except Exception as error:  # one mail that can't be read must not stop the others
            log.warning("a mail of the CRM could not be heard: %s", type(error).__name__)
            return None
