"""A Reading laid out for a terminal: the text with its spans coloured, labels with bars, dates in a table."""

from __future__ import annotations

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from nlp.dates.mention import DateMention, NormalForm
from nlp.reading import Reading

_STYLES = {
    "date": "bold cyan",
    "product": "bold green",
    "competitor": "bold red",
    "phone": "magenta",
    "person": "blue",
    "keyword": "underline",
}
_TONES = {"positive": "green", "neutral": "", "negative": "red"}
_BAR = 20


def show_reading(console: Console, reading: Reading, title: str = "") -> None:
    """Everything that was understood, for a person to look at."""
    console.print(Panel(_coloured(reading), title=Text(title), title_align="left", subtitle=_legend()))
    console.print(_labels(reading))
    if reading.dates:
        console.print(_dates(reading))
    words = _words(reading)
    if words.renderables:
        console.print(words)


def _coloured(reading: Reading) -> Text:
    text = Text(reading.text)
    for keyword in reading.keywords:
        text.stylize(_STYLES["keyword"] + " " + _TONES[keyword.tone], keyword.start, keyword.end)
    for person in reading.people:
        text.stylize(_STYLES["person"], person.start, person.end)
    for phone in reading.phone_numbers:
        text.stylize(_STYLES["phone"], phone.start, phone.end)
    for mention in reading.mentions:
        text.stylize(_STYLES[mention.kind], mention.start, mention.end)
    for date in reading.dates:
        text.stylize(_STYLES["date"], date.start, date.end)
    return text


def _legend() -> Text:
    return Text("  ").join(Text(name, style) for name, style in _STYLES.items())


def _labels(reading: Reading) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(style="dim")
    for intent in reading.intents:
        full = round(intent.score * _BAR)
        table.add_row(Text(intent.label, "bold"), Text("█" * full + "░" * (_BAR - full)), Text(intent.sentence))
    if not reading.intents:
        table.add_row(Text("no label is sure enough", "dim"), "", "")
    tone = reading.sentiment
    table.add_row(Text("tone", "bold"), Text(tone.tone, _TONES[tone.tone]), Text(tone.sentence))
    table.add_row(Text("language", "bold"), Text(reading.language), "")
    return table


def _dates(reading: Reading) -> Table:
    table = Table("date", "means", "role", "sure", "not meant", box=None, header_style="dim", pad_edge=False)
    for date in reading.dates:
        others = "; ".join(f"{told(other.value)} ({other.reason})" for other in date.rejected[:3])
        table.add_row(Text(date.text, "cyan"), meaning(date), date.role, f"{date.certainty:.0%}", Text(others, "dim"))
    return table


def meaning(date: DateMention) -> str:
    """When it is, in the zone the mail spoke in; the plain form where it has no place in a calendar."""
    if date.begins is None or date.value.kind in ("duration", "set"):
        return told(date.value)
    begins = date.begins.isoformat(sep=" ", timespec="minutes")
    return f"{begins} – {date.ends.isoformat(sep=' ', timespec='minutes')}" if date.ends else begins


def told(form: NormalForm) -> str:
    if form.kind in ("interval", "timeinterval"):
        return f"{form.start or '…'} – {form.end or '…'}"
    return form.value


def _words(reading: Reading) -> Group:
    lines = []
    for name, words in (
        ("keywords", [keyword.normal for keyword in reading.keywords]),
        ("products", [each.id for each in reading.mentions if each.kind == "product"]),
        ("competitors", [each.id for each in reading.mentions if each.kind == "competitor"]),
        ("people", [person.name for person in reading.people]),
        ("phones", [phone.number for phone in reading.phone_numbers]),
    ):
        if words:
            lines.append(Text.assemble((f"{name}: ", "bold"), ", ".join(dict.fromkeys(words))))
    return Group(*lines)
