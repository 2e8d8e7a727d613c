"""The door: a text in, the products and competitors it names out.

Every place where a name could begin is looked up in the tree of all spellings; words that were found nowhere are
tried as typos; halves of names ("the 14 or the 16") follow from the names beside them; traps take out what is meant
otherwise. The work grows with the length of the text and with nothing else.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator

from nlp.mentions.boundaries import fits, in_address
from nlp.mentions.candidate import Candidate
from nlp.mentions.catalogue import Catalogue
from nlp.mentions.ellipsis import EllipsisFinder
from nlp.mentions.folding import Folded, fold
from nlp.mentions.mention import How, Mention
from nlp.mentions.name_trie import NameTrie, Node
from nlp.mentions.spellings import spellings
from nlp.mentions.traps import Sense, sense_of, words
from nlp.mentions.typos import TypoFinder

LONGEST_TEXT = 200_000  # characters; what comes after is not read

_WORD = re.compile(r"[a-z]{5,20}")
_KATAKANA_WORD = re.compile(r"(?<![ァ-ヺーｦ-ﾝ])[ァ-ヺーｦ-ﾝ]{4,24}")
_TWO_CAPITALS = re.compile(r"\b([A-Z][A-Za-z]{2,11})(?=[ -]([A-Z][A-Za-z]{1,11})\b)", re.ASCII)
_NUMBER = re.compile("(?<![0-9])[0-9]")
_TWO_WORDS = re.compile(r"(?<![a-z])([a-z]{3,12})[ -]([a-z]{2,12})[ -]?$")
_LONGEST_TWO = 28
_MOST_FOUND = 2_000  # a text that names more is no mail
_MOST_JUDGED = 20  # mentions of one product in one text: those that follow say nothing new
_SCORES: dict[How, float] = {"exact": 1.0, "typo": 0.8, "ellipsis": 0.7}


class MentionFinder:
    """Finds what a text names. Built once for a catalogue; safe to share between threads."""

    def __init__(self, catalogue: Catalogue) -> None:
        spelt = [(spelling, entry) for entry in catalogue.entries for spelling in spellings(entry)]
        self._trie = NameTrie(spelt)
        self._typos = TypoFinder((spelling for spelling, _ in spelt), words()["not_typos"])
        self._ellipses = EllipsisFinder(catalogue)
        firsts = "".join(map(re.escape, sorted(self._trie.root.next)))
        self._starts = re.compile(rf"[{firsts}](?<![a-wyz].)" if firsts else r"(?!)", re.DOTALL)
        self._seconds = {letter: _may_follow(node) for letter, node in self._trie.root.next.items()}

    def find(self, text: str, language: str = "") -> tuple[Mention, ...]:
        """The mentions in order of their place. `text` is the newest part of a mail, its subject in front if wanted.

        Both scripts are looked for in every text; `language` ("en", "ja" or "") is not needed and may be left out.
        """
        folded = fold(text[:LONGEST_TEXT])
        found = self._whole_names(folded)
        found += self._mistyped(folded, found)
        named = _without_traps(found)
        named += self._ellipses.find(folded, named)
        return tuple(_mention(text, one) for one in _without_overlaps(named))

    def _whole_names(self, folded: Folded) -> list[Candidate]:
        found: list[Candidate] = []
        free_from = 0
        for start in self._starts.finditer(folded.text):
            at = start.start()
            if at < free_from or folded.text[at + 1 : at + 2] not in self._seconds[folded.text[at]]:
                continue
            for end, entry in self._trie.walk(folded.text, at):
                if fits(folded, at, end):
                    found.append(Candidate(folded, at, end, entry))
                    free_from = end
                    break
            if len(found) >= _MOST_FOUND:
                break
        return found

    def _mistyped(self, folded: Folded, found: list[Candidate]) -> list[Candidate]:
        more: list[Candidate] = []
        ends = [one.end for one in found]
        starts = [one.start for one in found]
        for at, after, stem in self._stems(folded):
            place = bisect_right(starts, at) - 1
            if place >= 0 and at < ends[place]:
                continue
            for end, entry in self._trie.walk(folded.text, after, self._trie.node_of(stem)):
                if fits(folded, at, end):
                    more.append(Candidate(folded, at, end, entry, "typo"))
                    break
            else:
                node = self._trie.node_of(stem)
                if node is not None and node.entry is not None and fits(folded, at, after):
                    more.append(Candidate(folded, at, after, node.entry, "typo"))
        return more

    def _stems(self, folded: Folded) -> Iterator[tuple[int, int, str]]:
        for word in _WORD.finditer(folded.text):
            stem = self._typos.stem_for(word.group())
            if stem:
                yield word.start(), word.end(), stem
        for at, after, joined in _apart(folded):
            stem = self._typos.stem_for(joined)
            if stem:
                yield at, after, stem
        for word in () if folded.raw.isascii() else _KATAKANA_WORD.finditer(folded.raw):
            stem = self._typos.stem_for(folded.text[word.start() : word.end()])
            if stem:
                yield word.start(), word.end(), stem


def _may_follow(node: Node) -> frozenset[str]:
    """What may stand behind a name's first letter; a gap only where a number comes next (T 150), or kana."""
    others = " -_・ー" if any(not letter.isascii() or letter.isdigit() for letter in node.next) else ""
    return frozenset([*node.next, *others, *("\n\r\u00adッ" if others else "")])


def _apart(folded: Folded) -> Iterator[tuple[int, int, str]]:
    """Two words that may be one, typed apart and wrong: both with a capital, or with a number behind (aero bok 14)."""
    for pair in _TWO_CAPITALS.finditer(folded.raw):
        yield pair.start(), pair.end(2), (pair.group(1) + pair.group(2)).lower()
    for number in _NUMBER.finditer(folded.text):
        from_there = max(0, number.start() - _LONGEST_TWO)
        two = _TWO_WORDS.search(folded.text[from_there : number.start()])
        if two:
            yield from_there + two.start(), from_there + two.end(2), two.group(1) + two.group(2)


def _without_traps(found: list[Candidate]) -> list[Candidate]:
    judged: Counter[str] = Counter()
    senses: list[tuple[Candidate, Sense]] = []
    for one in found:
        judged[one.entry.id] += 1
        if judged[one.entry.id] <= _MOST_JUDGED and not in_address(one.folded, one.start, one.end):
            senses.append((one, sense_of(one)))
    people = {one.entry.id for one, sense in senses if sense is Sense.PERSON}
    return [
        one for one, sense in senses if sense is Sense.NAMED or (sense is Sense.LIKELY and one.entry.id not in people)
    ]


def _without_overlaps(named: list[Candidate]) -> Iterator[Candidate]:
    """In order of place; of two that share letters, the one that begins first."""
    free_from = 0
    for one in sorted(named, key=lambda one: (one.start, -one.end)):
        if one.start >= free_from:
            free_from = one.end
            yield one


def _mention(text: str, one: Candidate) -> Mention:
    start, end = one.folded.place(one.start), one.folded.place(one.end)
    return Mention(one.entry.kind, one.entry.id, start, end, text[start:end], _SCORES[one.how], one.how)
