"""One text part as people read it: decoded, line ends made one, flowed lines joined; and whether it says anything."""

from __future__ import annotations

import html
import re

from motenashi.inbound_mail.charsets import decode
from motenashi.inbound_mail.flowed import unflow
from motenashi.inbound_mail.limits import LONGEST_HTML_PART, LONGEST_TEXT_PART
from motenashi.inbound_mail.mime_tree import Part

TOO_LONG = "The text is very long; only its beginning was read."

_LINE_END = re.compile(r"\r+\n|\r|\u2028|\u2029|\x85")
_META_CHARSET = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,200}?"
    rb"(?:charset|encoding)\s{0,5}=\s{0,5}[\"']?([\w.:-]{1,40})",
    re.I,
)
_FROM = re.compile(r"^>From ", re.MULTILINE)
_LOOKS_HTML = re.compile(r"\s{0,200}(?:<!doctype html|<html[\s>]|<\?xml[^>]{0,100}>\s{0,20}<html)", re.IGNORECASE)
_CANNOT_SHOW = re.compile(
    r"(?:can ?not|can['’]t|does not|doesn['’]t|unable to|not able to|kann|ne (?:peut|supporte)|no (?:puede|soporta))"
    r"[^.\n]{0,80}\bhtml\b|\bhtml\b[^.\n]{0,60}(?:capable|enabled|compatible|support|viewer|fähig)|"
    r"html\s?(?:形式|メール|表示)[^\n]{0,60}|"
    r"(?:view|read|see|open)[^.\n]{0,60}(?:in|with) (?:your|a|the) (?:web )?browser",
    re.IGNORECASE,
)
_LONGEST_NOTE = 500  # characters of a plain part that only says so
_MORE = 1.3  # the HTML says more than the note: it is no translation of it
_THIN = 20  # the plain text is only a stub beside an HTML that says this many times as much


def plain_text(part: Part, hint: str) -> tuple[str, list[str]]:
    """(the text of a text part, problems). The delimiter "-- " keeps its space; other line ends lose theirs."""
    data, problem = _content(part, LONGEST_TEXT_PART)
    decoded = decode(data, part.parameters.get("charset", ""), hint)
    text = _FROM.sub(_unquoted_from, _LINE_END.sub("\n", decoded.text))
    if part.parameters.get("format", "").strip().lower() == "flowed":
        text = unflow(text, delete_space=part.parameters.get("delsp", "").strip().lower() == "yes")
    return text, [sentence for sentence in (problem, decoded.problem) if sentence]


def html_source(part: Part, hint: str) -> tuple[str, list[str]]:
    """(the HTML as text, problems). Where the header names no charset, the one that the page names is tried."""
    data, problem = _content(part, LONGEST_HTML_PART)
    label = part.parameters.get("charset", "")
    named = None if label else _META_CHARSET.search(data[:4096])
    decoded = decode(data, named.group(1).decode("ascii", "replace") if named else label, hint)
    return _LINE_END.sub("\n", decoded.text), [sentence for sentence in (problem, decoded.problem) if sentence]


def _content(part: Part, most: int) -> tuple[bytes, str]:
    """(the bytes, a problem): never more of them than anybody reads, since each costs many times its size to decode."""
    if part.end - part.start <= most:
        return part.content()
    data, _ = part.content(most)
    return data.rpartition(b"\n")[0] or data, TOO_LONG  # cut at a line's end: never in the middle of a character


def is_html(text: str) -> bool:
    """HTML that was labelled as plain text."""
    return bool(_LOOKS_HTML.match(text))


def says_something(text: str, page: str) -> bool:
    """Is the plain text the mail, or only a stub beside its HTML ("your program can't show HTML")?"""
    bare = text.strip()
    if not bare:
        return False
    if not page:
        return True
    seen = visible_length(page)
    said = len("".join(bare.split()))
    if len(bare) <= _LONGEST_NOTE and seen > said * _MORE and _CANNOT_SHOW.search(bare):
        return False
    return seen < said * _THIN or seen < _LONGEST_NOTE


def visible_length(page: str) -> int:
    """About how many characters a reader of the HTML sees."""
    length = place = 0
    lower = page.lower()
    while place < len(page):
        tag = page.find("<", place)
        end = len(page) if tag < 0 else tag
        length += len("".join(page[place:end].split()).replace("&nbsp;", ""))
        if tag < 0:
            break
        place = _after_tag(lower, tag)
    return length


def as_html(text: str) -> str:
    """Plain text beside HTML parts, as HTML that says the same."""
    return "<div>" + html.escape(text).replace("\n", "<br>\n") + "</div>"


def _after_tag(lower: str, tag: int) -> int:
    closing = ">"
    if lower.startswith("<!--", tag):
        closing = "-->"
    elif lower.startswith("<style", tag):
        closing = "</style>"
    elif lower.startswith("<script", tag):
        closing = "</script>"
    elif lower.startswith("<title", tag):
        closing = "</title>"
    end = lower.find(closing, tag)
    return len(lower) if end < 0 else end + len(closing)


def _unquoted_from(match: re.Match[str]) -> str:
    """ ">From " that a mail store put there; not a quoted line, whose neighbour is quoted too."""
    text = match.string
    above = text.rfind("\n", max(0, match.start() - 1001), max(0, match.start() - 1)) + 1
    below = text.find("\n", match.end(), match.end() + 1000) + 1
    quoted = (match.start() > 0 and text[above : above + 1] == ">") or (below > 0 and text[below : below + 1] == ">")
    return match.group() if quoted else "From "
