"""The sentences of a mail, in English and Japanese: greetings, lists, line breaks and missing full stops included.

`split_sentences` works on plain text; the component `mail_sentences` sets `Doc.sents` from it and keeps the exact
places, without surrounding white space, at `doc._.sentence_places`. A line break inside a sentence (mail programs break
lines at some 72 columns) does not end it; a short line, a blank line or a list item does.
"""

from __future__ import annotations

import re
from bisect import bisect_left

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.doc_text import text_of

Place = tuple[int, int]

_JAPANESE_LETTERS = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")

# A mark that may end a sentence, with what closes behind it.
_ENGLISH_END = re.compile(r"[.!?…。！？]+[\"'”’)\]]*(?=\s|$)|[!?]+(?=[A-Z])|(?<=[a-z]{2})\.(?=[A-Z][a-z])")
_JAPANESE_END = re.compile(
    r"[。！？!?♪☆★]+[」』）)\]]?|(?<=[ぁ-ん])[．.](?=\s|[ぁ-んァ-ヶ一-龥]|$)|(?<=[すたんいか])[w笑]+(?=\s|$)"
    r"|(?<=です|ます|した|せん|さい|たい)(?:[ 　]+|…+)|[.!?]+(?=[ 　\n])"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:mr|mrs|ms|mx|dr|prof|st|sr|jr|messrs|e\.g|i\.e|eg|ie|cf|vs|approx|no|nos"
    r"|ref|art|fig|vol|ext|tel|inv|incl|excl|max|min|dept|est|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|[a-z]|(?:[a-z]\.)+[a-z])\.$",
    re.IGNORECASE,
)
_ENDS_FOR_SURE = re.compile(r"(?:p\.m|a\.m|etc|no|[a-z])\.$", re.IGNORECASE)
_LIST_ITEM = re.compile(r"[ \t　]*(?:[-–—*+•・◆◇■□●○▪>※→]|\(?\d{1,2}[.)）、]|[①-⑳]|[a-hA-H][.)])[ \t　]*\S")
_LINE_ENDS = re.compile(r"[.!?:;…。！？：；」』）♪☆★]\s*$")
_GREETING = re.compile(
    r"\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings|hiya|all|team|folks|to whom)\b"
    r"[^.?!\n]{0,40}[,:!]?\s*$",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"\s*(?:thanks?|thank you|many thanks|cheers|ta|(?:(?:best|kind|warm|kindest) )?(?:regards|wishes)"
    r"|with (?:best|kind) regards|best|all the best|yours(?: \w+)?|sincerely|respectfully|rgds|br|xx?)\b"
    r"[^.?!\n]{0,25}[,.!]?\s*$",
    re.IGNORECASE,
)
_JAPANESE_GOES_ON = re.compile(r"(?:[、，,]|[はがをにでとのもへやて]|ので|けど|から|および|または|ため|場合)\s*$")
_JAPANESE_LINE_STOPS = re.compile(r"(?:です|ます|した|せん|さい|たい|様|御中|さん|殿|各位|にて|まで|こと|以上)\s*$")
_BEGINS = re.compile(
    r"\s*(?:please|pls|plz|can|could|would|will|do|does|how|what|when|where|is|are|also|btw|i'm|i|we|thx)\b"
)
_NARROWEST_WRAP = 45
_QUOTE_GOES_ON = re.compile(r"(?:と|って|など|の|を|が|は|に|で|、)")
_OPENING, _CLOSING = "「『（(【", "」』）)】"
_LONGEST_BRACKET = 150


def split_sentences(text: str, language: str = "") -> list[Place]:
    """Where each sentence of `text` stands, in order, without white space around it.

    `language` is "en" or "ja"; "" looks at the letters. Everything but white space lies in exactly one place.
    """
    japanese = language == "ja" or (language != "en" and bool(_JAPANESE_LETTERS.search(text)))
    places: list[Place] = []
    for start, end in _blocks(text, japanese):
        cuts = _japanese_cuts(text, start, end) if japanese else _english_cuts(text, start, end)
        for first, last in zip([start, *cuts], [*cuts, end], strict=True):
            place = _trimmed(text, first, last)
            if place is not None:
                places.append(place)
    return places


def _trimmed(text: str, start: int, end: int) -> Place | None:
    piece = text[start:end]
    inner = piece.strip()
    if not inner:
        return None
    start += len(piece) - len(piece.lstrip())
    return start, start + len(inner)


def _blocks(text: str, japanese: bool) -> list[Place]:
    """Runs of lines that belong together: a line is joined to the one before only where that one clearly goes on."""
    blocks: list[Place] = []
    previous = ""
    for match in re.finditer(r"[^\n]*\n?", text):
        line = match.group()
        if not line:
            continue
        if blocks and previous.strip() and line.strip() and _goes_on(previous, line, japanese):
            blocks[-1] = (blocks[-1][0], match.end())
        else:
            blocks.append((match.start(), match.end()))
        previous = line
    return blocks


def _goes_on(previous: str, line: str, japanese: bool) -> bool:
    """Whether a sentence runs over the break between these two lines."""
    if _LIST_ITEM.match(line) or _LINE_ENDS.search(previous):
        return False
    if japanese and _JAPANESE_LETTERS.search(previous):
        return bool(_JAPANESE_GOES_ON.search(previous)) or _japanese_wrap(previous)
    if _GREETING.match(previous) or _SIGN_OFF.match(previous) or _SIGN_OFF.match(line):
        return False
    if line.lstrip()[0].islower():
        complete = len(previous.strip()) < _NARROWEST_WRAP and _BEGINS.match(line)
        return not (complete or (previous.rstrip().endswith(",") and len(previous.split()) <= 3))
    return len(previous.strip()) > 50 or (previous.rstrip().endswith(",") and len(previous.split()) > 4)


def _japanese_wrap(previous: str) -> bool:
    """A line broken for its width stops in the midst of a word or clause, at about the width of mail."""
    return 30 <= len(previous.strip()) <= 40 and not _JAPANESE_LINE_STOPS.search(previous)


def _english_cuts(text: str, start: int, end: int) -> list[int]:
    cuts = []
    for match in _ENGLISH_END.finditer(text, start, end):
        before, after = text[max(start, match.start() - 12) : match.end()], text[match.end() : match.end() + 3].lstrip()
        marks = match.group()
        goes_on = after[:1].islower() and marks.startswith(("..", "…"))
        if "?" in marks or "!" in marks or not after or not (goes_on or _abbreviated(before, after[0])):
            cuts.append(match.end())
    return cuts


def _abbreviated(before: str, after: str) -> bool:
    if not _ABBREVIATION.search(before):
        return before.endswith(("etc.", "a.m.", "p.m.", "Inc.", "Ltd.", "Co.")) and after.islower()
    return not (after.isupper() and _ENDS_FOR_SURE.search(before) and len(before.split()) > 1 and _is_word(before))


def _is_word(before: str) -> bool:
    """ "say no. We…", "at 5 p.m. We…" end a sentence; "No. 5" and "J. Smith" do not."""
    last = before.split()[-1].lower()
    return last in {"no.", "p.m.", "a.m.", "etc.", "pm.", "am."}


def _japanese_cuts(text: str, start: int, end: int) -> list[int]:
    closing_of = dict(_bracketed(text, start, end))
    openings = sorted(closing_of)
    cuts = []
    for match in _JAPANESE_END.finditer(text, start, end):
        before = bisect_left(openings, match.end() - 1) - 1
        if match.group()[-1] in _CLOSING and _QUOTE_GOES_ON.match(text, match.end()):
            continue
        if before < 0 or closing_of[openings[before]] <= match.end() - 1:
            cuts.append(match.end())
    return cuts


def _bracketed(text: str, start: int, end: int) -> list[Place]:
    """Pieces in brackets and quotation marks that close soon: a full stop in there ends nothing."""
    found: list[Place] = []
    opened = -1
    for match in re.finditer(f"[{re.escape(_OPENING + _CLOSING)}]", text[start:end]):
        place = start + match.start()
        if match.group() in _OPENING:
            opened = place if opened < 0 else opened
        elif opened >= 0:
            if place - opened <= _LONGEST_BRACKET:
                found.append((opened, place))
            opened = -1
    return found


@Language.factory("mail_sentences")
class MailSentences:
    """Sets `Doc.sents` and `doc._.sentence_places` (characters, the end excluded)."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self._language = nlp.lang or ""
        if not Doc.has_extension("sentence_places"):
            Doc.set_extension("sentence_places", default=())

    def __call__(self, doc: Doc) -> Doc:
        places = split_sentences(text_of(doc), self._language)
        doc._.sentence_places = tuple(places)
        if len(doc):
            _begin_sentences(doc, [start for start, _ in places[1:]])
        return doc


def _begin_sentences(doc: Doc, starts: list[int]) -> None:
    """Tell spaCy, for all tokens at once. A boundary inside a token (a missing space) begins at the token after it."""
    first = np.searchsorted(doc.to_array("IDX"), np.array(starts, np.uint64))
    begins = np.full(len(doc), -1, np.int64)
    begins[0] = 1
    begins[first[first < len(doc)]] = 1
    doc.from_array(["SENT_START"], begins.astype(np.uint64))  # type: ignore[arg-type]  # its own stub asks for "2d"
