"""One call to Zoho with everything around it: token, limits, tries, breaker, credits, log. Nothing of `requests`
leaves this package, and nothing that failed looks like an empty answer."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, Protocol

from crm_client.embedded.store import utc_now
from crm_client.errors import CrmError, CrmOutcomeUnknown
from crm_client.zoho.api.answers import Verdict
from crm_client.zoho.api.breaker import Breaker
from crm_client.zoho.api.credit_count import CreditCount
from crm_client.zoho.api.exchange import Exchange
from crm_client.zoho.api.one_try import Attempt, Job, OneTry
from crm_client.zoho.api.pacing import LONGEST_PAUSE, TRIES, pause_before
from crm_client.zoho.api.shapes import Answer, Call, Credits
from crm_client.zoho.api.tokens import Tokens
from crm_client.zoho.settings import ZohoSettings
from motenashi.database import Database

log = logging.getLogger(__name__)

_TOKEN_TROUBLE: Final = (Verdict.NO_TOKEN, Verdict.HOLLOW)


class Sender(Protocol):
    def send(self, call: Call, *, deadline: float | None = None) -> Answer:
        """`deadline`: seconds from now for all of it. Errors: crm_client/errors.py."""

    def credits(self) -> Credits: ...
    def can_work(self) -> bool: ...


class Transport:
    """A Sender. One for each process; threads share it, and it survives a fork."""

    def __init__(
        self,
        settings: ZohoSettings,
        tokens: Tokens,
        exchange: Exchange,
        credit_count: CreditCount,
        *,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
        breaker: Breaker,
    ) -> None:
        self._tokens = tokens
        self._exchange = exchange
        self._credit_count = credit_count
        self._sleep = sleep
        self._breaker = breaker
        self._one_try = OneTry(settings, tokens, exchange, credit_count, breaker, clock)

    def send(self, call: Call, *, deadline: float | None = None) -> Answer:
        """See Sender. Tried again, three times in all: what Zoho refused before doing anything (429), what never
        reached it, and, of `repeatable` calls, what it may have done. What may have been done and is not repeatable is
        CrmOutcomeUnknown. A token that Zoho does not take is renewed once."""
        job = Job(call, deadline)
        while True:
            job.tries += 1
            attempt = self._one_try.of(job)
            if attempt.answer is not None:
                return attempt.answer
            self._get_ready_again(job, attempt)

    def credits(self) -> Credits:
        return self._credit_count.credits()

    def can_work(self) -> bool:
        """False, too, when the database is away: background work then waits."""
        try:
            return (
                self._breaker.seconds_left() == 0.0
                and self._credit_count.enough_for_background()
                and self._tokens.can_be_had()
            )
        except CrmError:
            return False

    def close(self) -> None:
        """Connections end; what was counted is written down."""
        try:
            self._credit_count.write()
        except CrmError as error:
            log.warning("the API credits of Zoho could not be counted: %s", error)
        self._tokens.close()
        self._exchange.close()

    def _get_ready_again(self, job: Job, attempt: Attempt) -> None:
        """Returns when the call may be tried again, and raises what there is to say when it may not."""
        error = attempt.error
        assert error is not None  # noqa: S101  # an attempt without an answer has one
        job.last_error = error
        if attempt.verdict in _TOKEN_TROUBLE:
            self._get_another_token(job, attempt, error)
            return
        if not _may_repeat(job.call, attempt):
            raise _as_it_is(job.call, attempt, error)
        pause = pause_before(job.tries + 1, attempt.pause)
        if job.tries >= TRIES or pause > min(LONGEST_PAUSE, job.left()):
            raise error
        self._sleep(pause)

    def _get_another_token(self, job: Job, attempt: Attempt, error: CrmError) -> None:
        if job.renewed or job.token is None:
            raise _as_it_is(job.call, attempt, error)
        job.renewed, job.tries = True, job.tries - 1
        job.token = self._tokens.instead_of(job.token, job.left())
        if attempt.verdict is Verdict.HOLLOW and not job.call.repeatable:
            raise _as_it_is(job.call, attempt, error)


def open_transport(
    settings: ZohoSettings,
    database: Database,
    *,
    secret: bytes,
    environment: Mapping[str, str],
    clock: Callable[[], datetime] = utc_now,
    sleep: Callable[[float], None] = time.sleep,
) -> Transport:
    """The transport of this process. `secret`: the house's, tokens are sealed with a key derived from it.
    `environment`: where client id, client secret and (perhaps) the refresh token are. Nothing is asked yet."""
    exchange = Exchange(use_proxies=not settings.fake_url)
    tokens = Tokens(settings, database, exchange, secret=secret, environment=environment, clock=clock, sleep=sleep)
    count = CreditCount(database, settings.limits, clock)
    return Transport(settings, tokens, exchange, count, clock=clock, sleep=sleep, breaker=Breaker())


def _may_repeat(call: Call, attempt: Attempt) -> bool:
    if attempt.verdict is Verdict.BUSY or not attempt.sent:
        return True
    return attempt.verdict is Verdict.SERVER and call.repeatable


def _as_it_is(call: Call, attempt: Attempt, error: CrmError) -> CrmError:
    """The error; CrmOutcomeUnknown for a call that may have been done and must not be done twice."""
    decided = attempt.verdict in (Verdict.WRONG, Verdict.NO_TOKEN, Verdict.BUSY) or not attempt.sent
    if decided or call.repeatable:
        return error
    what = "it may have been done, and no proper answer came"
    return CrmOutcomeUnknown(call.asking, what, trouble=error.trouble, code=error.code)
