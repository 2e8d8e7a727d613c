"""What stands below and above the sender's own words in one stretch of text: signatures, notices, banners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlp.email_parts.closings import is_closing
from nlp.email_parts.contact_details import is_running_text
from nlp.email_parts.device_lines import is_device_line
from nlp.email_parts.lines import Line
from nlp.email_parts.notices import is_banner, is_notice, is_print_plea
from nlp.email_parts.part import PartKind
from nlp.email_parts.signature_frames import is_rule
from nlp.email_parts.signatures import DELIMITERS, signature_start

_MOST_ROUNDS = 7  # nobody has more signatures below a mail


@dataclass(frozen=True)
class Found:
    """Lines first to end (exclusive) are no own words."""

    first: int
    end: int
    kind: PartKind
    why: str


def below_own_words(
    lines: Sequence[Line], first: int, end: int, *, whole: bool, between_quotes: bool = False
) -> list[Found]:
    """What to take off the end of lines[first:end]. `whole`: all of it may go, since own words stand elsewhere.

    `between_quotes`: an answer with the quote going on below it; only what can't be mistaken is taken off.
    """
    found: list[Found] = []
    below, end = end, _written_end(lines, first, end)
    least = first if whole else _first_written(lines, first, end) + 1
    step = _machine_text(lines, first, end, least)
    for _ in range(_MOST_ROUNDS):
        if step is None and not between_quotes:
            step = _signature(lines, first, end, least)
        if step is None:
            break
        found.append(replace(step, end=below))  # with the empty lines below it
        below, end, step = step.first, _written_end(lines, first, step.first), None
    return found


def opens_with_sentence(lines: Sequence[Line], first: int, end: int) -> bool:
    """Quickly told: the line `first` is a sentence of the sender's own."""
    text = lines[first].text
    return is_running_text(text) and not (is_device_line(text) or is_banner(text) or is_notice(lines, first, end))


def above_own_words(lines: Sequence[Line], first: int, end: int) -> Found | None:
    """A banner that opens a mail: its paragraph."""
    start = _first_written(lines, first, end)
    if start >= end or not is_banner(lines[start].text):
        return None
    last = start + 1
    while last < end and lines[last].text:
        last += 1
    if _first_written(lines, last, end) >= end:
        return None
    return Found(first, last, PartKind.BANNER, "A warning that a mail server puts above mails from outside.")


def _machine_text(lines: Sequence[Line], first: int, end: int, least: int) -> Found | None:
    """The first device line or notice; everything below it goes with it."""
    opens_paragraph = True
    for index in range(first, end):
        text = lines[index].text
        if not text:
            opens_paragraph = True
            continue
        if is_rule(text) or text in DELIMITERS:
            opens_paragraph = True
            continue
        if is_device_line(text) and (index >= least or _only_device_lines(lines, first, end)):
            return Found(index, end, PartKind.DEVICE_LINE, "Says with what the mail was sent.")
        if index >= least and ((opens_paragraph and is_notice(lines, index, end)) or is_print_plea(text)):
            start = _with_rule_above(lines, least, index)
            return Found(start, end, PartKind.NOTICE, "A disclaimer or footer that no person wrote.")
        opens_paragraph = False
    return None


def _only_device_lines(lines: Sequence[Line], first: int, end: int) -> bool:
    return all(is_device_line(line.text) for line in lines[first:end] if line.text)


def _with_rule_above(lines: Sequence[Line], least: int, index: int) -> int:
    above = index - 1
    while above > least and not lines[above].text:
        above -= 1
    if above >= least and (is_rule(lines[above].text) or lines[above].text in DELIMITERS):
        return above
    return index


def _signature(lines: Sequence[Line], first: int, end: int, least: int) -> Found | None:
    result = signature_start(lines, first, end) if end > first else None
    if result is None:
        return None
    start, why = result
    if start < least and is_closing(lines[start].text) and least < end:
        start = least  # "Thanks!" is all that was written: it stays
    if start < least and lines[start].text != "--":
        return None
    return Found(start, end, PartKind.SIGNATURE, why)


def _written_end(lines: Sequence[Line], first: int, end: int) -> int:
    while end > first and not lines[end - 1].text:
        end -= 1
    return end


def _first_written(lines: Sequence[Line], first: int, end: int) -> int:
    while first < end and not lines[first].text:
        first += 1
    return first
