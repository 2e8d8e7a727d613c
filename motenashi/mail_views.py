"""What the page /mail shows, gathered from the store of mails, what was read and linked, and the suggestions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from motenashi.inbound_mail.corrections import Corrections
from motenashi.inbound_mail.mail_store import MailStore, StoredMail
from motenashi.inbound_mail.mailbox_progress import MailboxState
from motenashi.inbound_mail.mime_reading import parse_mail
from motenashi.inbound_mail.parsed_mail import Address
from motenashi.inbound_mail.problem_words import problem_in
from motenashi.inbound_mail.raw_or_plain import PASTED
from motenashi.insights.voice.responses import Responses
from motenashi.mail_intake import calm_words
from motenashi.mail_intake.intake import TRIED_OUT, MailIntake
from motenashi.mail_intake.letter import text_of
from motenashi.pages.mail.mail_view import (
    PAGE_LENGTH,
    Advice,
    FileAside,
    FoldedPart,
    Linked,
    MailRow,
    MailView,
    State,
    Trouble,
)
from motenashi.suggestions.store import SuggestionStore
from motenashi.suggestions.suggestion import Suggestion, TimeWindow
from nlp.email_parts.part import EmailText, PartKind
from nlp.email_text import read_email_text
from nlp.reading import Reading, Tone
from nlp.reading_json import from_json

_PASTED = f"{PASTED}:".encode()  # only text was given: that headers are missing is no news
LONGEST_REST = 60_000  # characters of a folded part; the whole mail can be saved


class MailViews:
    """Answers the page: a MailDesk (motenashi/pages/mail/mail_view.py)."""

    def __init__(
        self,
        mails: MailStore,
        intake: MailIntake,
        suggestions: SuggestionStore,
        corrections: Corrections,
        responses: Responses,
        *,
        hint: Callable[[int], object],
        mailboxes: Callable[[], Sequence[MailboxState]] = tuple,
        reader_answers: Callable[[], bool] = lambda: True,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`hint` tells a worker that a mail waits; `mailboxes` says how it stands with each; `reader_answers` whether
        anybody reads now."""
        self._mails = mails
        self._intake = intake
        self._suggestions = suggestions
        self._corrections = corrections
        self._responses = responses
        self._hint = hint
        self._mailboxes = mailboxes
        self._reader_answers = reader_answers
        self._clock = clock

    def rows(self, *, language: str, state: str = "", words: str = "", before: int | None = None) -> Sequence[MailRow]:
        found = self._mails.newest(before=before, most=PAGE_LENGTH, state=state, text=words)
        return [_row(mail, language) for mail in found]

    def counts(self) -> dict[str, int]:
        return self._mails.counts()

    def troubles(self) -> tuple[Trouble, ...]:
        away = () if self._reader_answers() else (Trouble("reader"),)
        return away + tuple(
            Trouble("refused" if box.state == "refused" else "away", box.name, box.trouble)
            for box in self._mailboxes()
            if box.state in ("refused", "away")
        )

    def raw(self, mail_id: int) -> bytes | None:
        return self._mails.raw(mail_id)

    def view(self, mail_id: int, language: str) -> MailView | None:
        stored = self._mails.mail(mail_id)
        raw = self._mails.raw(mail_id)
        if stored is None or raw is None:
            return None
        parsed = parse_mail(raw)
        text, reading = read_email_text(text_of(parsed)), _reading(stored)
        corrected = self._corrections.of_mail(mail_id)
        return MailView(
            row=_row(stored, language),
            to=", ".join(_told(address) for address in parsed.to),
            sent_at=parsed.sent_at,
            reading=reading,
            cause=stored.cause,
            plain="" if reading else _newest(text),
            rest=_rest(text),
            linked=_linked(stored.links or {}, language),
            notes=tuple(_in(words, language) for words in (stored.links or {}).get("notes", ())),
            advice=_advice(self._suggestions.read_from(f"mail:{mail_id}"), language),
            files=tuple(FileAside(file.name, file.media_type, file.size) for file in parsed.attachments),
            unreadable=()
            if raw.startswith(_PASTED)
            else tuple(problem_in(words, language) for words in parsed.problems),
            corrected_intents=corrected.intents if corrected else None,
            corrected_tone=corrected.tone if corrected else None,
        )

    def try_out(self, raw: bytes) -> int:
        """Kept like any mail and read at once where a worker answers; else a worker reads it when it is there."""
        kept = self._mails.keep(raw, source=TRIED_OUT, received_at=self._clock())
        if kept.new:
            self._intake.take_in(kept.id)
        return kept.id

    def correct(self, mail_id: int, *, intents: Sequence[str], tone: Tone, by: str) -> None:
        reading = _reading(self._mails.mail(mail_id))
        if reading is not None:
            self._corrections.add(mail_id, reading, intents=tuple(intents), tone=tone, by=by, at=self._clock())
            self._responses.correct(f"mail:{mail_id}", intents=tuple(intents), tone=tone)

    def read_again(self, mail_id: int) -> None:
        if self._mails.put_back(mail_id, self._clock()):
            self._hint(mail_id)


def _row(mail: StoredMail, language: str) -> MailRow:
    summary = mail.summary or {}
    tried = mail.source == TRIED_OUT and mail.state == "read"
    state = "tried" if tried else cast("State", mail.state)
    error = calm_words.in_language(mail.error, language)
    why = mail.why or error or str(summary.get("why") or "")
    return MailRow(
        id=mail.id,
        sender=mail.sender,
        subject=mail.subject,
        at=mail.received_at,
        state=state,
        labels=tuple(summary.get("labels", ())),
        tone=summary.get("tone", "neutral"),
        why=why,
    )


def _reading(mail: StoredMail | None) -> Reading | None:
    if mail is None or mail.reading is None:
        return None
    try:
        return from_json(mail.reading)
    except (KeyError, TypeError, ValueError):  # written by an older version: it can be read again
        return None


def _told(address: Address) -> str:
    return f"{address.name} <{address.address}>" if address.name else address.address


def _newest(read: EmailText) -> str:
    return "".join(read.text_of(part) for part in read.parts if part.kind is PartKind.NEWEST)[:LONGEST_REST]


def _rest(read: EmailText) -> tuple[FoldedPart, ...]:
    """What is not the newest part, in the order it stands; neighbours of one kind together."""
    rest: list[FoldedPart] = []
    for part in read.parts:
        text = read.text_of(part)
        if part.kind is PartKind.NEWEST or not text.strip():
            continue
        if rest and rest[-1].kind == part.kind:
            rest[-1] = FoldedPart(part.kind, (rest[-1].text + text)[:LONGEST_REST])
        else:
            rest.append(FoldedPart(part.kind, text[:LONGEST_REST]))
    return tuple(rest)


def _linked(links: Mapping[str, Any], language: str) -> tuple[Linked, ...]:
    return tuple(
        Linked(
            link["kind"],
            link["name"],
            link["certainty"],
            tuple(_in(reason, language) for reason in link["reasons"]),
            str(link.get("id", "")),
        )
        for link in links.get("linked", ())
    )


def _in(words: Mapping[str, str], language: str) -> str:
    return words.get(language) or words.get("en", "")


def _advice(found: Sequence[Suggestion], language: str) -> Advice | None:
    """The first of a mail's suggestions: the most urgent one."""
    if not found:
        return None
    first = min(found, key=lambda one: ("urgent", "soon", "normal").index(one.urgency))
    reasons = [_in(reason.text, language) for reason in first.reasons]
    return Advice(
        action=first.action,
        purpose=_in(first.title, language),
        windows=tuple((window.start, window.end) for window in _best(first.windows)),
        reasons=tuple(reasons),
        urgent=first.urgency == "urgent",
    )


def _best(windows: Sequence[TimeWindow]) -> Sequence[TimeWindow]:
    return windows[:3]
