"""One call to Zoho with everything around it: token, limits, tries, breaker, credits, log. Nothing of `requests`
leaves this package, and nothing that failed looks like an empty answer."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from crm_client.embedded.store import utc_now
from crm_client.errors import CrmBusy, CrmError, CrmOutcomeUnknown, CrmRefused, CrmUnreachable
from crm_client.zoho.api import answers
from crm_client.zoho.api.answers import Reading, Verdict
from crm_client.zoho.api.breaker import Breaker
from crm_client.zoho.api.credit_count import CreditCount
from crm_client.zoho.api.exchange import Exchange, NoAnswer, NotSent, Request, Response, TooMuch, Waits
from crm_client.zoho.api.pacing import TRIES, Places, pause_before, retry_after
from crm_client.zoho.api.shapes import Answer, Call, Credits
from crm_client.zoho.api.tokens import Token, Tokens
from crm_client.zoho.settings import ZohoLimits, ZohoSettings
from motenashi.database import Database

log = logging.getLogger(__name__)

BACKGROUND_SECONDS: Final = 600.0
_LONGEST_PAUSE: Final = 30.0  # who is told to wait longer is told so, and comes back
_PERMANENT: Final = ("INVALID_HOST",)


class Sender(Protocol):
    def send(self, call: Call, *, deadline: float | None = None) -> Answer:
        """`deadline`: seconds from now for all of it. Errors: crm_client/errors.py."""

    def credits(self) -> Credits: ...
    def can_work(self) -> bool: ...


class Transport:
    """A Sender. One for each process; threads share it."""

    def __init__(
        self,
        tokens: Tokens,
        exchange: Exchange,
        credit_count: CreditCount,
        limits: ZohoLimits,
        *,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
        breaker: Breaker | None = None,
    ) -> None:
        self._tokens = tokens
        self._exchange = exchange
        self._credit_count = credit_count
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._breaker = breaker or Breaker()
        self._places = Places(limits.parallel, limits.heavy)

    def send(self, call: Call, *, deadline: float | None = None) -> Answer:
        """See Sender. Tried again, three times in all: what Zoho refused before doing anything (429), what never
        reached it, and, of `repeatable` calls, what it may have done. What may have been done and is not repeatable is
        CrmOutcomeUnknown. A token that Zoho does not take is renewed once."""
        job = _Job(call, deadline)
        while True:
            job.tries += 1
            attempt = self._attempt(job)
            if attempt.answer is not None:
                return attempt.answer
            self._prepare_next(job, attempt)

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

    # -- one try ---------------------------------------------------------------------------------------------------

    def _attempt(self, job: _Job) -> _Attempt:
        with self._places.taken(job.call.asking, heavy=job.call.heavy, urgent=job.urgent, seconds=job.left()):
            if job.token is None or self._tokens.has_expired(job.token):
                job.token = self._tokens.token(job.left())
            if not self._breaker.may_call(job.left()):
                raise job.last_error or CrmUnreachable(job.call.asking, "Zoho is down", trouble="outage")
            return self._exchanged(job, job.token)

    def _exchanged(self, job: _Job, token: Token) -> _Attempt:
        began = time.monotonic()
        try:
            response = self._exchange.send(_request(job.call, token), self._waits(job))
        except (NotSent, NoAnswer) as error:
            return self._without_answer(job, error, began)
        except TooMuch as error:
            return self._too_much(job, error, began)
        except BaseException:
            self._breaker.never_mind()
            raise
        pause = retry_after(response.headers.get("retry-after", ""), self._clock())
        reading = answers.read(job.call, response, pause)
        if response.file and reading.verdict is not Verdict.GOOD:
            Path(response.file).unlink(missing_ok=True)
        if response.status == 204 and self._tokens.has_expired(token):
            reading = answers.hollow(job.call)
        self._learn(job, response, reading, began)
        if reading.verdict is Verdict.GOOD:
            return _Attempt(answer=reading.answer)
        assert reading.error is not None  # noqa: S101  # every reading that is not good has one
        return _Attempt(error=reading.error, verdict=reading.verdict, pause=pause, sent=True)

    def _without_answer(self, job: _Job, error: Exception, began: float) -> _Attempt:
        sent = not isinstance(error, NotSent)
        self._log(job, "no answer" if sent else "not sent", str(error), began)
        if self._breaker.failed():
            log.error("Zoho does not answer; no calls for half a minute")
        if sent:
            self._credit_count.used(job.call.credits, None)
        what = f"Zoho did not answer ({error})" if sent else f"no connection to Zoho ({error})"
        unreachable = CrmUnreachable(job.call.asking, what, trouble="outage")
        return _Attempt(error=unreachable, verdict=Verdict.SERVER, sent=sent)

    def _too_much(self, job: _Job, error: TooMuch, began: float) -> _Attempt:
        """Asking again would bring the same, so nobody does."""
        self._log(job, "too large an answer", str(error), began)
        self._breaker.worked()
        self._credit_count.used(job.call.credits, None)
        unreachable = CrmUnreachable(job.call.asking, f"the answer is larger than we take ({error})")
        return _Attempt(error=_unknown(job.call, unreachable), verdict=Verdict.WRONG, sent=True)

    def _learn(self, job: _Job, response: Response, reading: Reading, began: float) -> None:
        """What this answer says about Zoho's state, our credits and our token."""
        told = _told_left(response)
        self._log(job, str(response.status), reading.code, began, told)
        if reading.verdict is Verdict.SERVER:
            if self._breaker.failed():
                log.error("Zoho has trouble; no calls for half a minute")
        else:
            self._breaker.worked()
        if reading.verdict is Verdict.BUSY:
            self._credit_count.refused()
        elif reading.verdict is not Verdict.NO_TOKEN:
            self._credit_count.used(job.call.credits, told)
        if isinstance(reading.error, CrmRefused) and reading.code in _PERMANENT:
            self._tokens.only_an_operator_helps(reading.error.trouble)
        elif isinstance(reading.error, CrmRefused) and reading.error.trouble == "missing_scope":
            self._tokens.note_trouble("missing_scope")

    # -- and the next ----------------------------------------------------------------------------------------------

    def _prepare_next(self, job: _Job, attempt: _Attempt) -> None:
        """Get ready for another try, or raise what there is to say."""
        error = attempt.error
        assert error is not None and job.token is not None  # noqa: S101  # an attempt without an answer has both
        job.last_error = error
        hollow = attempt.verdict is Verdict.HOLLOW
        if attempt.verdict is Verdict.NO_TOKEN or hollow:
            if job.renewed:
                raise _unknown(job.call, error) if hollow else error
            job.renewed, job.tries = True, job.tries - 1
            job.token = self._tokens.instead_of(job.token, job.left())
            if hollow and not job.call.repeatable:
                raise _unknown(job.call, error)
            return
        if not _may_repeat(job.call, attempt):
            raise _unknown(job.call, error) if attempt.sent and attempt.verdict is Verdict.SERVER else error
        pause = pause_before(job.tries + 1, attempt.pause)
        if job.tries >= TRIES or pause > min(_LONGEST_PAUSE, job.left()):
            raise error
        self._sleep(pause)

    def _waits(self, job: _Job) -> Waits:
        return Waits(self._limits.connect_seconds, self._limits.read_seconds, job.left())

    def _log(self, job: _Job, status: str, code: str, began: float, told: int | None = None) -> None:
        milliseconds = (time.monotonic() - began) * 1000
        log.info(
            "zoho %s %s: %s%s, %d ms%s [%s, try %d]",
            job.call.method,
            path_template(job.call.path),
            status,
            f" {code}" if code else "",
            milliseconds,
            "" if told is None else f", {told} credits left",
            job.id,
            job.tries,
        )


class _Job:
    """One call with all its tries."""

    def __init__(self, call: Call, deadline: float | None) -> None:
        self.call = call
        self.urgent = deadline is not None
        self.id = secrets.token_hex(4)  # Zoho's answers have no number that one could quote
        self.tries = 0
        self.token: Token | None = None
        self.renewed = False
        self.last_error: CrmError | None = None
        self._until = time.monotonic() + (BACKGROUND_SECONDS if deadline is None else deadline)

    def left(self) -> float:
        return max(0.0, self._until - time.monotonic())


@dataclass(frozen=True)
class _Attempt:
    """Either an answer, or an error and what it means. `sent`: Zoho may have done it. `pause`: as Zoho asked."""

    answer: Answer | None = None
    error: CrmError | None = None
    verdict: Verdict = Verdict.GOOD
    pause: float = 0.0
    sent: bool = False


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
    credit_count = CreditCount(database, settings.limits, clock)
    return Transport(tokens, exchange, credit_count, settings.limits, clock=clock, sleep=sleep)


def path_template(path: str) -> str:
    """The path with ids, addresses and other values taken out of it."""
    return "/".join(
        part if re.fullmatch(r"[A-Za-z_$]*|v\d+(\.\d+)?", part) else "{id}"
        for part in path.partition("?")[0].split("/")
    )


def _request(call: Call, token: Token) -> Request:
    return Request(
        call.method,
        token.api + call.path,
        params=call.params,
        json=call.body,
        headers=call.headers,
        token=token.access,
        to_file=call.binary,
    )


def _may_repeat(call: Call, attempt: _Attempt) -> bool:
    if attempt.verdict is Verdict.BUSY or not attempt.sent:
        return True
    return attempt.verdict is Verdict.SERVER and call.repeatable


def _unknown(call: Call, error: CrmError) -> CrmError:
    """What is raised for a call that may have been done and must not be done twice."""
    if call.repeatable or isinstance(error, CrmBusy):
        return error
    return CrmOutcomeUnknown(call.asking, "it may have been done, and no proper answer came", trouble=error.trouble)


def _told_left(response: Response) -> int | None:
    text = response.headers.get("x-api-credits-remaining", "").strip()
    return int(text) if text.isdecimal() and len(text) < 12 else None
