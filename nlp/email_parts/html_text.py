"""HTML mail to plain text, so that the rest of the room understands it: quotes get their `>`, rules a line of signs.

Written for mail, not for web pages: tables are layout, what is hidden (preheaders, styles) is left out, pictures and
links tell only what a reader would see. Broken HTML is fine.
"""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

# fmt: off
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li",
    "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
}
_SPACED = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "dl", "table", "pre",
}  # an empty line stands around them
_SILENT = {
    "head", "script", "style", "title", "template", "noscript", "object", "svg",
}
_VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
}
# fmt: on
_HIDDEN = re.compile(
    r"display\s?:\s?none|mso-hide\s?:\s?all|(?:height|font-size)\s?:\s?0(?:px|pt)?\s?(?:;|$)|visibility\s?:\s?hidden",
    re.IGNORECASE,
)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_RULE = "________________________________"
_DEEPEST = 60  # quotes within quotes; more is somebody's joke
_MOST_OPEN = 2000


def html_to_text(html: str) -> str:
    """The text a reader of this mail sees; lines quoted with <blockquote> begin with "> "."""
    reader = _Reader()
    reader.feed(_without_remarks(html.replace("\x00", "")))
    reader.close()
    return reader.text()


def looks_like_html(text: str) -> bool:
    """Is a text that came without its kind HTML? Asked of its beginning only."""
    return bool(
        re.match(r"\s*(?:<!doctype html|<html|<body|<head|<div|<p[\s>]|<meta|<table)", text[:2000], re.IGNORECASE)
    )


def _without_remarks(html: str) -> str:
    """Without comments, declarations and the torn-off tag at the end: the standard parser is slow on hostile ones."""
    pieces, place = [], 0
    while (start := html.find("<!", place)) >= 0:
        pieces.append(html[place:start])
        end = html.find("-->", start + 4) if html.startswith("<!--", start) else html.find(">", start)
        if end < 0:
            place = start + 2  # never closed: the mark alone goes, what follows is kept
            pieces.append(html[place:].replace("<!", ""))
            place = len(html)
        else:
            place = end + (3 if html.startswith("-->", end) else 1)
    whole = "".join((*pieces, html[place:])).replace("<?", "&lt;?")
    closed = whole.rfind(">") + 1
    return whole[:closed] + whole[closed:].replace("<", "&lt;")


class _Reader(HTMLParser):
    """Collects lines; each remembers how many quotes it stands in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[tuple[int, str]] = []
        self._words: list[str] = []
        self._quotes = 0
        self._open: list[tuple[str, bool, bool]] = []  # tag, silences its content, is a quote
        self._open_now: Counter[str] = Counter()
        self._silent = 0
        self._preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            return self._end_line(even_if_empty=True)
        if tag in _BLOCKS:
            self._begin_block(tag)
        if tag == "hr" and not self._silent:
            self._lines.append((self._quotes, _RULE))
        if tag in ("td", "th") and self._words:
            self._words.append(" ")
        if tag in _VOID or len(self._open) >= _MOST_OPEN:
            return None
        return self._push(tag, {name: value or "" for name, value in attrs})

    def _push(self, tag: str, attributes: dict[str, str]) -> None:
        silent = tag in _SILENT or "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style", "")))
        quote = tag == "blockquote" and "margin:0 0 0 40px" not in attributes.get("style", "").replace(": ", ":")
        self._open.append((tag, silent, quote))
        self._open_now[tag] += 1
        self._silent += silent
        self._quotes += quote
        self._preformatted += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._end_line()
        while self._open_now[tag]:
            closed, silent, quote = self._open.pop()
            self._open_now[closed] -= 1
            self._silent -= silent
            self._quotes -= quote
            self._preformatted -= closed == "pre"
            if closed == tag:
                break
        if tag in _SPACED and not self._silent:
            self._empty_line()

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if not self._preformatted:
            self._words.append(_SPACE.sub(" ", data))
            return
        for number, line in enumerate(data.split("\n")):
            if number:
                self._end_line(even_if_empty=True)
            self._words.append(line)

    def _begin_block(self, tag: str) -> None:
        self._end_line()
        if tag in _SPACED and not self._silent:
            self._empty_line()
        if tag == "li" and not self._silent:
            self._words.append("- ")

    def _end_line(self, *, even_if_empty: bool = False) -> None:
        line = "".join(self._words)
        line = line.rstrip() if self._preformatted else _SPACE.sub(" ", line).strip(" ")
        self._words.clear()
        if (line or even_if_empty) and not self._silent:
            self._lines.append((self._quotes, line))

    def _empty_line(self) -> None:
        if self._lines and self._lines[-1][1]:
            self._lines.append((min(self._quotes, self._lines[-1][0]), ""))

    def text(self) -> str:
        self._end_line()
        told = [f"{'>' * min(quotes, _DEEPEST)} {line}".rstrip() if quotes else line for quotes, line in self._lines]
        return "\n".join(told).strip("\n")
