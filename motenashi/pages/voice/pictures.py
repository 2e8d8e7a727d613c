"""The pictures of the sections, made of the reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from motenashi.pages.page_language import page_language
from motenashi.pages.page_language import translate as _
from motenashi.pages.voice import voice_words as words
from motenashi.pages.voice.asked import Asked
from motenashi.pages.voice.charts import PALETTE, TONE_COLOURS, Bubble, Chart, Series
from motenashi.pages.voice.filter_links import people_path
from motenashi.voice_reports.causes import Cause
from motenashi.voice_reports.intervals import Share
from motenashi.voice_reports.keywords import Keyword, KeywordReport
from motenashi.voice_reports.nps import Answers, NpsReport
from motenashi.voice_reports.question import SpanKind
from motenashi.voice_reports.rivals import RivalReport
from motenashi.voice_reports.tones import TONES, Counted, SpanTones, Tones
from motenashi.voice_reports.voice_reports import Causes

MOST_BARS = 12
MOST_LINES = 6
NONE = Counted()


def tones_over_time(asked: Asked, spans: Sequence[SpanTones]) -> Chart:
    kind = asked.question.span_kind
    series = []
    for tone in TONES:
        values = [one.tones.get(tone, NONE).customers for one in spans]
        links = [
            people_path(asked, {"tone": tone}, days=(one.span.first, one.span.end - timedelta(days=1))) if value else ""
            for one, value in zip(spans, values, strict=True)
        ]
        series.append(Series(words.tone(tone), TONE_COLOURS[tone], values, links))
    return Chart(
        "stack",
        _("Customers by tone over time."),
        [words.span(one.span, kind) for one in spans],
        series,
        unit=_("customers"),
    )


def tones_by(asked: Asked, field: str, rows: Sequence[tuple[str, Tones]], says: str) -> Chart:
    """Shares of tones by channel or intent."""
    named = {"channel": words.channel, "intent": words.intent}[field]
    rows = rows[:MOST_BARS]
    series = []
    for tone in TONES:
        values = [tones.get(tone, NONE).customers for _name, tones in rows]
        links = [
            people_path(asked, {field: name, "tone": tone}) if value and name else ""
            for (name, _tones), value in zip(rows, values, strict=True)
        ]
        series.append(Series(words.tone(tone), TONE_COLOURS[tone], values, links))
    return Chart("stack", says, [named(name) for name, _tones in rows], series, horizontal=True, unit=_("customers"))


def emotions(asked: Asked, rows: Sequence[tuple[str, Counted]]) -> Chart:
    tones = {"confused": "negative", "dissatisfied": "negative", "disappointed": "negative", "neutral": "neutral"}
    return Chart(
        "bars",
        _("Customers by what they feel."),
        [words.emotion(name) for name, _count in rows],
        [
            Series(
                _("customers"),
                "accent",
                [count.customers for _name, count in rows],
                [people_path(asked, {"emotion": name}) for name, _count in rows],
            )
        ],
        horizontal=True,
        unit=_("customers"),
        colours=[tones.get(name, "positive") for name, _count in rows],
    )


def top_keywords(asked: Asked, keywords: Sequence[Keyword]) -> Chart:
    shown = keywords[:MOST_BARS]
    series = []
    for tone in TONES:
        values = [word.tones.get(tone, 0) for word in shown]
        links = [
            people_path(asked, {"keyword": {"is": word.normal}, "keyword.tone": tone}) if value else ""
            for word, value in zip(shown, values, strict=True)
        ]
        series.append(Series(words.tone(tone), TONE_COLOURS[tone], values, links))
    says = _("The keywords that most customers say, by tone.")
    return Chart("stack", says, [word.text for word in shown], series, horizontal=True, unit=_("customers"))


def keyword_map(asked: Asked, report: KeywordReport) -> Chart:
    place = {(word.kind, word.normal): number for number, word in enumerate(report.keywords)}
    links: dict[int, list[tuple[int, int]]] = {}
    for link in report.links:
        links.setdefault(place[link.one], []).append((place[link.other], link.customers))
    bubbles = [
        Bubble(
            word.text,
            word.balance,
            word.customers,
            _tone_colour(word),
            people_path(asked, {"keyword": {"is": word.normal}, "keyword.kind": word.kind}),
            keyword_words(word),
            links.get(number, ()),
        )
        for number, word in enumerate(report.keywords)
    ]
    return Chart(
        "map",
        _("Keywords: to the right those that sound good, upwards those that more customers say."),
        bubbles=bubbles,
        axes=(_("Tone"), _("Customers")),
        ends=(_("negative"), _("positive")),
    )


def keyword_words(word: Keyword) -> str:
    changed = words.change(word.customers, word.before)
    told = [_("%(count)s customers", count=f"{word.customers:,}"), words.intent(word.intent) if word.intent else ""]
    return " · ".join(part for part in (*told, changed or _("new word")) if part)


def _tone_colour(word: Keyword) -> str:
    if word.kind == "competitor":
        return "rival"
    return "positive" if word.balance > 0.1 else "negative" if word.balance < -0.1 else "neutral"


def rivals_over_time(asked: Asked, report: RivalReport) -> Chart:
    series = []
    for number, rival in enumerate(report.rivals[:MOST_LINES]):
        values = [counts.get(rival.normal, 0) for _span, counts in report.spans]
        links = [
            people_path(asked, {"competitor": {"is": rival.normal}}, days=(span.first, span.end - timedelta(days=1)))
            if value
            else ""
            for (span, _counts), value in zip(report.spans, values, strict=True)
        ]
        series.append(Series(rival.text, PALETTE[number], values, links))
    kind: SpanKind = "month" if asked.question.span_kind == "month" else "week"
    return Chart(
        "lines",
        _("Customers who name each competitor over time."),
        [words.span(span, kind) for span, _counts in report.spans],
        series,
        unit=_("customers"),
    )


def rival_bars(asked: Asked, report: RivalReport) -> Chart:
    return Chart(
        "bars",
        _("Customers who name each competitor."),
        [rival.text for rival in report.rivals],
        [
            Series(
                _("customers"),
                "accent",
                [rival.customers for rival in report.rivals],
                [people_path(asked, {"competitor": {"is": rival.normal}}) for rival in report.rivals],
            )
        ],
        horizontal=True,
        unit=_("customers"),
    )


def win_rates(report: RivalReport) -> Chart:
    shown = [rival for rival in report.rivals if rival.won.whole]
    return _ranges(
        _("Share of deals won after each competitor was named, with its interval (95%)."),
        [rival.text for rival in shown],
        [rival.won for rival in shown],
        (report.won_without.value, _("none named")) if report.won_without.whole else None,
    )


def _ranges(says: str, labels: Sequence[str], shares: Sequence[Share], mark: tuple[float, str] | None) -> Chart:
    series = Series(
        _("deals won"),
        "accent",
        [one.value for one in shares],
        low=[one.low for one in shares],
        high=[one.high for one in shares],
    )
    return Chart("ranges", says, labels, [series], horizontal=True, format="percent", mark=mark)


def nps_over_time(asked: Asked, report: NpsReport) -> Chart:
    kind: SpanKind = "week" if asked.question.span_kind == "day" else "month"
    scores = [answers.score for _span, answers in report.spans]
    series = Series(
        "NPS",
        "accent",
        [one.value if one else None for one in scores],
        low=[one.low if one else None for one in scores],
        high=[one.high if one else None for one in scores],
    )
    labels = [words.span(span, kind) for span, _answers in report.spans]
    says = _("NPS over time, with its interval (95%).")
    return Chart("lines", says, labels, [series], format="score", mark=(0.0, ""))


def nps_distribution(asked: Asked, report: NpsReport) -> Chart:
    colours = ["negative"] * 7 + ["neutral"] * 2 + ["positive"] * 2
    return Chart(
        "bars",
        _("Customers by the score that they gave, 0 to 10."),
        [str(score) for score in range(11)],
        [
            Series(
                _("customers"),
                "accent",
                list(report.distribution),
                [
                    asked.path("responses", score=f"{score}-{score}") if count else ""
                    for score, count in enumerate(report.distribution)
                ],
            )
        ],
        unit=_("customers"),
        colours=colours,
    )


def nps_segments(rows: Sequence[tuple[str, Answers]], now: Answers, named: Callable[[str], str]) -> Chart:
    scores = [(name, answers.score) for name, answers in rows]
    series = Series(
        "NPS",
        "accent",
        [one.value if one else None for _name, one in scores],
        low=[one.low if one else None for _name, one in scores],
        high=[one.high if one else None for _name, one in scores],
    )
    whole = now.score
    labels = [named(name) for name, _score in scores]
    mark = (whole.value, _("everybody")) if whole else None
    says = _("NPS by segment, with its interval (95%).")
    return Chart("ranges", says, labels, [series], horizontal=True, format="score", mark=mark)


def cause_ranges(told: Causes) -> Chart:
    shown: list[Cause] = [*told.report.before_loss, *told.report.before_keeping][: 2 * MOST_BARS]
    language = page_language()
    labels = [
        words.factor(one.kind, one.name, told.texts.get((one.kind, one.name), {}).get(language, "")) for one in shown
    ]
    ratios = [one.ratio for one in shown]
    series = Series(
        _("times as often"),
        "accent",
        [one.value if one else None for one in ratios],
        low=[one.low if one else None for one in ratios],
        high=[one.high if one else None for one in ratios],
    )
    says = _("How many times as often a loss follows, with intervals (95%). Right of the line: more often.")
    colours = ["negative"] * len(told.report.before_loss) + ["positive"] * len(told.report.before_keeping)
    mark = (1.0, _("no difference"))
    return Chart("ranges", says, labels, [series], horizontal=True, format="times", mark=mark, colours=colours)
