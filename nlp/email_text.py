"""The newest part of a mail: what its sender wrote, without quotes, forwards, signatures and disclaimers.

read_email_text() tells every line apart and keeps everything; newest_part() is the plain function. For HTML mails there
is email_parts.html_text.html_to_text(), whose text is understood here. Standard library only; how each part is
recognised stands in nlp/email_parts/, one idea a file.
"""

from __future__ import annotations

from itertools import groupby

from nlp.email_parts.lines import Line, lines_of
from nlp.email_parts.part import EmailText, Part, PartKind
from nlp.email_parts.posting import Label, label_lines
from nlp.email_parts.quote_headers import shared_line

__all__ = ["EmailText", "Part", "PartKind", "newest_part", "read_email_text"]


def newest_part(text: str) -> str:
    """The sender's own words in a mail's plain text (headers of the mail itself are not part of it).

    Any text is fine, of any length; '' when there are no own words. Closing formula and bare name stay.
    """
    return read_email_text(text).newest


def read_email_text(text: str) -> EmailText:
    """A mail's plain text, told apart; the parts together are the whole text."""
    lines = _unshared(lines_of(text))
    return EmailText(text, tuple(_parts(lines, label_lines(lines))))


def _unshared(lines: list[Line]) -> list[Line]:
    """A line that holds own words and then a quote header, as two."""
    result = []
    for line in lines:
        place = shared_line(line.text)
        if not place:
            result.append(line)
            continue
        cut = line.raw.index(line.text) + place
        result.append(Line(line.raw[:cut].strip(), line.start, line.start + cut, line.raw[:cut]))
        result.append(Line(line.raw[cut:].strip(), line.start + cut, line.end, line.raw[cut:]))
    return result


def _parts(lines: list[Line], labels: list[Label]) -> list[Part]:
    found = []
    for (kind, why), run in groupby(zip(labels, lines, strict=True), key=lambda pair: pair[0]):
        members = [line for _, line in run]
        found.append(Part(kind, members[0].start, members[-1].end, why))
    return found
