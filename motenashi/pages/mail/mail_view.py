"""What the page /mail shows, and who it asks for it. `motenashi/mail_views.py` answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from nlp.reading import Reading, Tone

State = Literal["waiting", "read", "set_aside", "skipped", "tried"]


@dataclass(frozen=True)
class MailRow:
    """One line of the list. `at` is aware; `why` says in calm words why a mail was set aside, or is one of
    names.WHY: why it was skipped, or why nothing came of it."""

    id: int
    sender: str
    subject: str
    at: datetime
    state: State
    labels: tuple[str, ...] = ()
    tone: Tone = "neutral"
    why: str = ""


@dataclass(frozen=True)
class FoldedPart:
    """Text below or around the newest part: kept, shown folded. `kind` is one of nlp.email_parts.part.PartKind."""

    kind: str
    text: str


@dataclass(frozen=True)
class Linked:
    """Who or what the mail was linked to, how sure that is (0 to 1) and why, in the page's language."""

    kind: Literal["contact", "lead", "deal"]
    name: str
    certainty: float
    reasons: tuple[str, ...] = ()
    record_id: str = ""


@dataclass(frozen=True)
class Advice:
    """The suggestion that came of the mail, in the page's language."""

    action: str  # call, event, e-mail or update
    purpose: str
    windows: tuple[tuple[datetime, datetime], ...] = ()  # best first; aware
    reasons: tuple[str, ...] = ()
    urgent: bool = False


@dataclass(frozen=True)
class FileAside:
    name: str
    media_type: str
    size: int  # bytes


@dataclass(frozen=True)
class MailView:
    row: MailRow
    to: str
    sent_at: datetime | None
    reading: Reading | None  # None: not read yet, or it can't be
    cause: str = ""  # for the operator: what went wrong, technically
    plain: str = ""  # the newest part where there is no reading of it
    rest: tuple[FoldedPart, ...] = ()
    linked: tuple[Linked, ...] = ()
    notes: tuple[str, ...] = ()  # what came of it besides
    advice: Advice | None = None
    files: tuple[FileAside, ...] = ()
    unreadable: tuple[str, ...] = ()  # what of the mail could not be read, in words
    corrected_intents: tuple[str, ...] | None = None
    corrected_tone: Tone | None = None


@dataclass(frozen=True)
class Trouble:
    """Why mail may not come in, or is not read: `what` is reader (no worker answers), away or refused (a mailbox)."""

    what: Literal["reader", "away", "refused"]
    mailbox: str = ""
    cause: str = ""


class MailDesk(Protocol):
    def rows(self, *, language: str, state: str = "", words: str = "", before: int | None = None) -> Sequence[MailRow]:
        """Newest first, at most PAGE_LENGTH; `before` is the id of the last one shown."""

    def counts(self) -> dict[str, int]:
        """How many mails are in each state."""

    def troubles(self) -> Sequence[Trouble]: ...
    def view(self, mail_id: int, language: str) -> MailView | None: ...
    def raw(self, mail_id: int) -> bytes | None: ...
    def try_out(self, raw: bytes) -> int:
        """Read a mail without telling the CRM; its id. It waits when no worker is there to read it."""

    def correct(self, mail_id: int, *, intents: Sequence[str], tone: Tone, by: str) -> None: ...
    def read_again(self, mail_id: int) -> None: ...


PAGE_LENGTH = 50
