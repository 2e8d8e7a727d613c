"""One try of one call: a place, a token, the request, and what its answer teaches about Zoho, our credits and token."""

from __future__ import annotations

import logging
import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from crm_client.errors import CrmError, CrmRefused, CrmUnreachable
from crm_client.zoho.api import answers
from crm_client.zoho.api.answers import Reading, Verdict
from crm_client.zoho.api.breaker import Breaker
from crm_client.zoho.api.credit_count import CreditCount
from crm_client.zoho.api.exchange import Exchange, NoAnswer, NotSent, Request, Response, TooMuch, Waits
from crm_client.zoho.api.pacing import Places, retry_after
from crm_client.zoho.api.shapes import Answer, Call
from crm_client.zoho.api.tokens import Token, Tokens
from crm_client.zoho.settings import ZohoSettings

log = logging.getLogger(__name__)

BACKGROUND_SECONDS: Final = 600.0
# Shorter than whoever sends may keep a row of the outbox for himself: another process that takes it then must find in
# Zoho what this call has made, and not be overtaken by it.
ONCE_ONLY_SECONDS: Final = 240.0
# "Nothing there" is believed when the token was seen to work this short a time ago; otherwise one call that always has
# an answer is asked first. Somebody who waits is not to be told "we don't know you" because a token has died.
_PROOF_HOLDS: Final = 60.0
_PROOF_HOLDS_FOR_VISITORS: Final = 5.0


class Job:
    """One call with all its tries."""

    def __init__(self, call: Call, deadline: float | None) -> None:
        self.call = call
        self.urgent = deadline is not None
        self.id = secrets.token_hex(4)  # Zoho's answers have no number that one could quote
        self.tries = 0
        self.token: Token | None = None
        self.renewed = False
        self.last_error: CrmError | None = None
        longest = BACKGROUND_SECONDS if call.repeatable else ONCE_ONLY_SECONDS
        self._until = time.monotonic() + (longest if deadline is None else deadline)

    def left(self) -> float:
        return max(0.0, self._until - time.monotonic())


@dataclass(frozen=True)
class Attempt:
    """Either an answer, or an error and what it means. `sent`: Zoho may have done it. `pause`: as Zoho asked."""

    answer: Answer | None = None
    error: CrmError | None = None
    verdict: Verdict = Verdict.GOOD
    pause: float = 0.0
    sent: bool = True


class OneTry:
    """Shared by all threads of a process."""

    def __init__(
        self,
        settings: ZohoSettings,
        tokens: Tokens,
        exchange: Exchange,
        credit_count: CreditCount,
        breaker: Breaker,
        clock: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._tokens = tokens
        self._exchange = exchange
        self._credit_count = credit_count
        self._breaker = breaker
        self._clock = clock
        self._places = Places(settings.limits.parallel, settings.limits.heavy)
        self._proof: tuple[str, float] = ("", 0.0)  # the access token that worked last, and when
        self._lock = threading.Lock()

    def of(self, job: Job) -> Attempt:
        """CrmError of the token, or when no call may go out; what became of the call itself is in the attempt."""
        call = job.call
        with self._places.taken(call.asking, heavy=call.heavy, urgent=job.urgent, seconds=job.left()):
            if job.token is None or self._tokens.has_expired(job.token):
                job.token = self._tokens.token(job.left())
            if not self._breaker.may_call(job.left()):
                raise job.last_error or CrmUnreachable(call.asking, "Zoho is down", trouble="outage")
            attempt = self._asked(job, call, job.token)
            if attempt.answer is None or not _says_nothing(attempt.answer):
                return attempt
            return self._nothing(job, job.token, attempt)

    # -- the call ------------------------------------------------------------------------------------------------

    def _asked(self, job: Job, call: Call, token: Token) -> Attempt:
        limits, began = self._settings.limits, time.monotonic()
        try:
            waits = Waits(limits.connect_seconds, limits.read_seconds, job.left())
            response = self._exchange.send(_request(call, token), waits)
        except (NotSent, NoAnswer, TooMuch) as error:
            return self._without_answer(job, call, error, began)
        except BaseException:
            self._breaker.never_mind()
            raise
        pause = retry_after(response.headers.get("retry-after", ""), self._clock())
        reading = answers.read(call, response, pause)
        if response.file and reading.verdict is not Verdict.GOOD:
            Path(response.file).unlink(missing_ok=True)
        self._learn(job, call, response, reading, began)
        self._note_proof(token, reading)
        return Attempt(reading.answer, reading.error, reading.verdict, pause)

    def _without_answer(self, job: Job, call: Call, error: Exception, began: float) -> Attempt:
        sent = not isinstance(error, NotSent)
        _log(job, call, "no answer" if sent else "not sent", str(error), began)
        if sent:
            self._credit_count.used(call.credits, None, urgent=job.urgent)
        if isinstance(error, TooMuch):  # asking again would bring the same
            self._breaker.worked()
            what = f"the answer is larger than we take ({error})"
            return Attempt(error=CrmUnreachable(call.asking, what), verdict=Verdict.TOO_MUCH)
        self._failed("does not answer")
        what = f"Zoho did not answer ({error})" if sent else f"no connection to Zoho ({error})"
        return Attempt(error=CrmUnreachable(call.asking, what, trouble="outage"), verdict=Verdict.SERVER, sent=sent)

    def _learn(self, job: Job, call: Call, response: Response, reading: Reading, began: float) -> None:
        told = _told_left(response)
        _log(job, call, str(response.status), reading.code, began, told)
        if reading.verdict is Verdict.SERVER:
            self._failed("has trouble")
        else:
            self._breaker.worked()
        if reading.verdict is Verdict.BUSY:
            self._credit_count.refused()
        elif reading.verdict is not Verdict.NO_TOKEN:
            self._credit_count.used(call.credits, told, urgent=job.urgent)
        if not isinstance(reading.error, CrmRefused):
            return
        if reading.code == "INVALID_HOST":
            self._tokens.only_an_operator_helps(reading.error.trouble)
        elif reading.error.trouble == "missing_scope":
            self._tokens.note_trouble("missing_scope")

    def _failed(self, how: str) -> None:
        if self._breaker.failed():
            log.error("Zoho %s; no calls for half a minute", how)

    # -- "nothing there" -------------------------------------------------------------------------------------------

    def _nothing(self, job: Job, token: Token, attempt: Attempt) -> Attempt:
        """Is there nothing, or is it what Zoho says to a token that is dead?"""
        if job.call.entries or self._tokens.has_expired(token):
            return _hollow(job.call)
        if self._worked_lately(job, token):
            return attempt
        call = Call("GET", f"/crm/{self._settings.version}/org", job.call.asking)
        proof = self._asked(job, call, token)
        if proof.verdict is Verdict.WRONG or (proof.answer is not None and not _says_nothing(proof.answer)):
            return attempt
        if proof.verdict in (Verdict.NO_TOKEN, Verdict.HOLLOW, Verdict.GOOD):
            return _hollow(job.call)
        return replace(proof, sent=True)

    def _note_proof(self, token: Token, reading: Reading) -> None:
        said_something = reading.answer is not None and not _says_nothing(reading.answer)
        if said_something or reading.verdict is Verdict.WRONG:
            with self._lock:
                self._proof = (token.access, time.monotonic())

    def _worked_lately(self, job: Job, token: Token) -> bool:
        with self._lock:
            access, at = self._proof
        holds = _PROOF_HOLDS_FOR_VISITORS if job.urgent else _PROOF_HOLDS
        return access == token.access and time.monotonic() - at < holds


def path_template(path: str) -> str:
    """The path with ids, addresses and other values taken out of it."""
    parts = path.partition("?")[0].split("/")
    return "/".join(part if re.fullmatch(r"[A-Za-z_$]*|v\d+(\.\d+)?", part) else "{id}" for part in parts)


def _says_nothing(answer: Answer) -> bool:
    return not answer.content and (not answer.body or answer.body.get("data") == [])


def _hollow(call: Call) -> Attempt:
    reading = answers.hollow(call)
    return Attempt(error=reading.error, verdict=reading.verdict)


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


def _told_left(response: Response) -> int | None:
    text = response.headers.get("x-api-credits-remaining", "").strip()
    return int(text) if text.isdecimal() and len(text) < 12 else None


def _log(job: Job, call: Call, status: str, code: str, began: float, told: int | None = None) -> None:
    log.info(
        "zoho %s %s: %s%s, %d ms%s [%s, try %d]",
        call.method,
        path_template(call.path),
        status,
        f" {code}" if code else "",
        (time.monotonic() - began) * 1000,
        "" if told is None else f", {told} credits left",
        job.id,
        job.tries,
    )
