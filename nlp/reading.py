"""The words of what we understood of one text.

All places (`start`, `end`; the end excluded) are characters of `Reading.text`: subject, an empty line, and the newest
part of the body; without a subject the newest part alone. A place of -1 means that it is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # only for the types: who hands a Reading on need not load what made it
    from nlp.dates.mention import DateMention
    from nlp.mentions.mention import Mention

Tone = Literal["positive", "neutral", "negative"]
Voice = Literal["sender", "us", "other"]


@dataclass(frozen=True)
class TextToRead:
    """One text as it came in.

    `body` is plain text; of a mail, quotes, forwards and signature may still stand in it and are cut off (`is_mail`);
    of a chat nothing is cut off. `language` is "en", "ja" or "" (find out). `sent_at` is aware; `time_zone` is the
    writer's own (IANA name or offset such as "+09:00") and `sender_name` what stands in From, where they are known.
    """

    body: str
    subject: str = ""
    language: str = ""
    sent_at: datetime | None = None
    time_zone: str = ""
    sender_name: str = ""
    is_mail: bool = True


@dataclass(frozen=True)
class Intent:
    """`label` is one of the taxonomy's; `score` 0 to 1; `sentence` is the piece of text that gave it."""

    label: str
    score: float
    sentence: str = ""
    start: int = -1
    end: int = -1


@dataclass(frozen=True)
class Sentiment:
    """The tone towards us, courtesy formulas aside. `positive` and `negative` are how sure each is, 0 to 1."""

    tone: Tone = "neutral"
    positive: float = 0.0
    negative: float = 0.0
    sentence: str = ""  # what decided it; "" for a neutral text
    start: int = -1
    end: int = -1


@dataclass(frozen=True)
class Keyword:
    """A noun phrase that matters. `normal` is its form for counting; `score` 0 to 1 says how much it matters here.

    `said_by`: the sender, us (quoted words of ours), or other (somebody whom the sender quotes). `tone` is that of
    what is said about it.
    """

    text: str
    normal: str
    start: int
    end: int
    score: float
    said_by: Voice = "sender"
    tone: Tone = "neutral"


@dataclass(frozen=True)
class Person:
    """A person named in the text, `role`: sender (signs), addressed (greeted), mentioned."""

    name: str
    start: int
    end: int
    role: Literal["sender", "addressed", "mentioned"] = "mentioned"


@dataclass(frozen=True)
class PhoneNumber:
    """`text` as written, `number` in E.164 ("+81312345678"), `extension` its digits alone ("214")."""

    text: str
    number: str
    start: int
    end: int
    extension: str = ""


@dataclass(frozen=True)
class Reading:
    language: str
    intents: tuple[Intent, ...] = ()
    text: str = ""
    body_start: int = 0  # where the newest part begins in `text`
    shortened: bool = False  # the text was longer: what came after ten pages, or in a run of 200 signs, was not read
    sentiment: Sentiment = Sentiment()
    dates: tuple[DateMention, ...] = ()
    mentions: tuple[Mention, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    people: tuple[Person, ...] = ()
    phone_numbers: tuple[PhoneNumber, ...] = ()

    def score_of(self, label: str) -> float:
        return max((intent.score for intent in self.intents if intent.label == label), default=0.0)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(intent.label for intent in self.intents)
