"""The words of the voice as people read them, in the page's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_babel import format_date, format_decimal

from motenashi.filters.entities import voice as vocabulary
from motenashi.filters.model import Choice
from motenashi.pages.mail.names import INTENTS as FINE_INTENTS
from motenashi.pages.page_language import page_language
from motenashi.pages.page_language import translate as gettext
from motenashi.pages.page_language import translate_later as _
from motenashi.pages.timeline.timeline_words import CHANNELS
from motenashi.voice_reports.intervals import Interval
from motenashi.voice_reports.question import Span, SpanKind

SECTIONS = {
    "overview": _("Overview"),
    "tones": _("How they sound"),
    "keywords": _("Keywords"),
    "rivals": _("Competitors"),
    "promoters": _("Promoters"),
    "nps": _("NPS"),
    "causes": _("Before a loss"),
}
GROUPS = {
    "new_promoter": _("New promoters"),
    "won_back": _("Won back"),
    "stays_promoter": _("Stay promoters"),
    "new_detractor": _("New detractors"),
    "lost": _("Turned away"),
    "stays_detractor": _("Stay detractors"),
}
GROUP_WORDS = {
    "new_promoter": _("Spoke well of us for the first time ever."),
    "won_back": _("Were unhappy before, and spoke well of us since."),
    "stays_promoter": _("Spoke well of us before, and again."),
    "new_detractor": _("Spoke badly of us for the first time ever."),
    "lost": _("Spoke well of us before, and badly since."),
    "stays_detractor": _("Spoke badly of us before, and again."),
}
MEASURES = {"tone": _("By what they say"), "score": _("By survey score")}
LANGUAGES = {"ja": _("Japanese"), "en": _("English")}
FACTORS = {
    "keyword": _("Keyword"),
    "competitor": _("Competitor"),
    "intent": _("Intent"),
    "product": _("Product"),
    "channel": _("Channel"),
    "tone": _("Tone"),
    "emotion": _("Feeling"),
    "silence": _("Silence"),
    "unanswered": _("No answer"),
}


def tone(name: str) -> str:
    return _choice(vocabulary.TONES, name)


def emotion(name: str) -> str:
    return _choice(vocabulary.EMOTIONS, name)


def intent(name: str) -> str:
    return _choice(vocabulary.INTENTS, name)


def said_by(name: str) -> str:
    return _choice(vocabulary.SAID_BY, name)


def channel(name: str) -> str:
    return str(CHANNELS.get(name, name)) if name else gettext("unknown")


def language(name: str) -> str:
    return str(LANGUAGES.get(name, name)) if name else gettext("unknown")


def factor(kind: str, name: str, text: str = "") -> str:
    """What goes before a loss, as a person says it; `text` where it has words of its own."""
    if kind == "silence":
        return gettext("No word of either side for %(days)s days or more", days=name)
    if kind == "unanswered":
        return gettext("Their last word unanswered for %(days)s days or more", days=name)
    named = {"channel": channel, "tone": tone, "emotion": emotion, "intent": fine_intent}.get(kind)
    return named(name) if named else text or name


def as_it_is(name: str) -> str:
    return name


def fine_intent(name: str) -> str:
    return str(FINE_INTENTS.get(name, name))


def span(one: Span, kind: SpanKind) -> str:
    """A day, a week by its first day, or a month, short enough for an axis."""
    if kind == "month":
        return str(format_date(one.first, "LLL yyyy" if page_language() == "en" else "y年M月"))
    return short_day(one.first)


def short_day(day: date) -> str:
    return str(format_date(day, "d MMM" if page_language() == "en" else "M/d"))


def long_day(day: date) -> str:
    return str(format_date(day, "d MMM y" if page_language() == "en" else "y年M月d日"))


def first_day(one: Span) -> str:
    return long_day(one.first)


def small(chance: float) -> str:
    """A chance near nothing is not written as nothing."""
    return "< 0.001" if chance < 0.001 else f"{chance:.3f}" if chance < 0.1 else f"{chance:.2f}"


def change(now: int, before: int) -> str:
    """'+12%'; '' where there is nothing to compare with."""
    if not before:
        return ""
    return f"{round(100 * (now - before) / before):+d}%".replace("-", "−")


def percent(share: float) -> str:
    return f"{round(100 * share)}%"


def score(value: float) -> str:
    """An NPS: with its sign, since it has one."""
    return f"{round(value):+d}".replace("-", "−") if round(value) else "0"


def score_range(one: Interval) -> str:
    return gettext("%(low)s to %(high)s", low=score(one.low), high=score(one.high))


def times(value: float) -> str:
    return f"×{format_decimal(value, format='0.0' if value >= 1 else '0.00')}"


def _choice(choices: Iterable[Choice], name: str) -> str:
    found = next((one for one in choices if one.value == name), None)
    return found.label[page_language()] if found else name or gettext("unknown")
