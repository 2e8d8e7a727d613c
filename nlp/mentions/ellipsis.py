"""Halves of names: "the AeroBook 14 or the 16", 「クリアビューの27と34ワイド」.

Products that share their first word are a family. Where a member or the family's bare name stands, a variant alone
names its product if it is joined to it ("14/16", "14 and 16", 14と16), or if it stands nearby with an article or a
particle that only a thing can have. Numbers with a unit, a counter or a month behind them are amounts and dates.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace

from nlp.mentions.boundaries import fits
from nlp.mentions.candidate import Candidate
from nlp.mentions.catalogue import Catalogue, CatalogueEntry
from nlp.mentions.folding import Folded
from nlp.mentions.spellings import spellings, words_of

_NEAR = 200  # characters between a family's name and a variant alone
_MOST_ANCHORS = 200
_JOINED = re.compile(
    r"s?[ \t]*(?:\((?=[a-z0-9])|/|&|,|、|,? ?\b(?:and|or|vs\.?|versus|nor)\b|ト|カ|ヤ|マタハ|アルイハ|・)"
    r"[ \t]*(?:the +)?"
)
_NO_AMOUNT = (
    r"(?!(?!s\b)[a-z0-9%])(?![.,:]\d)"
    r"(?!\s*-?(?:gb|tb|mb|kg|cm|mm|inch|\"|hours?|days?|weeks?|months?|years?|units?|pcs|pieces|people|users?|seats?|"
    r"licen[cs]es?|docks?|th\b|am\b|pm\b|o'clock|percent|euros?|pounds?|dollars?|of (?:them|us|these|those)|"
    r"jan|feb|mar|apr|may\b|jun|jul|aug|sep|oct|nov|dec))"
    # "34 users", but not "the 16 looks"
    r"(?! +(?!(?:is|was|has|does|looks|seems|weighs|comes|costs|runs|feels|fits|suits|needs|works|laptops|notebooks|"
    r"models|versions|monitors|screens|as|inches|plus|s)\b)[a-z]{3,}s\b)"
    r"(?!\s*(?:台|個|本|枚|名|人|年|月|日|時|円|万|千|%|セツト|番|件|回|カ所|割|歳|インチ|ポト|ポート|週|分|階|号|箇|億|期))"
)
_ARTICLE = re.compile(r"(?<!on )(?<!by )(?<!until )(?<!before )(?<!after )(?<!since )(?<!for )\bthe +$")
_PARTICLE = re.compile(r"(?:^|[、。「・\s ]|ト|ノ|ハ|ヤ|カ|ヨリ|デハ)$")
_PARTICLE_AFTER = re.compile(r"ト(?=[0-9])|ノ方|ノホウ|トノ違イ|ノ違イ|ハ|ガ|ヲ|ヨリ|カ[、?]|デハ")


@dataclass(frozen=True)
class _Family:
    stem: re.Pattern[str]
    ids: frozenset[str]
    variants: dict[str, CatalogueEntry]  # folded, as it may stand alone: 14, lite, 34wide, r350, 350
    pattern: re.Pattern[str]


class EllipsisFinder:
    def __init__(self, catalogue: Catalogue) -> None:
        self._families = _families(catalogue)
        self._family_of = {identity: family for family in self._families for identity in family.ids}

    def find(self, folded: Folded, named: list[Candidate]) -> list[Candidate]:
        anchors = [
            (one.start, one.end, self._family_of[one.entry.id]) for one in named if one.entry.id in self._family_of
        ]
        for family in self._families:
            stems = (stem.span() for stem in family.stem.finditer(folded.text))
            anchors += [(start, end, family) for start, end in stems if fits(folded, start, end)]
        taken = [(one.start, one.end) for one in named]
        found: list[Candidate] = []
        searched: dict[int, int] = {}  # up to where, by family
        for start, end, family in sorted(anchors, key=lambda anchor: anchor[:2])[:_MOST_ANCHORS]:
            first = max(0, start - _NEAR, searched.get(id(family), 0))
            searched[id(family)] = end + _NEAR
            for one in (*_joined(folded, end, family), *_nearby(folded, first, end + _NEAR, family)):
                if not any(one.start < last and first < one.end for first, last in taken):
                    found.append(one)
                    taken.append((one.start, one.end))
        return found


def _joined(folded: Folded, end: int, family: _Family) -> list[Candidate]:
    """The variants in a row behind a name."""
    found: list[Candidate] = []
    while (joint := _JOINED.match(folded.text, end)) is not None:
        variant = family.pattern.match(folded.text, joint.end())
        if variant is None:
            break
        found.append(_candidate(folded, variant, family))
        end = variant.end()
    return found


def _nearby(folded: Folded, first: int, last: int, family: _Family) -> list[Candidate]:
    found: list[Candidate] = []
    text = folded.text
    for variant in family.pattern.finditer(text, first, last):
        before = text[max(0, variant.start() - 12) : variant.start()]
        after = text[variant.end() : variant.end() + 6]
        if _ARTICLE.search(before):
            found.append(_candidate(folded, variant, family))
        elif _PARTICLE.search(before) and _PARTICLE_AFTER.match(after) and not variant.group().isalpha():
            found.append(_candidate(folded, variant, family))
            found += _joined(folded, variant.end(), family)
    return found


def _candidate(folded: Folded, variant: re.Match[str], family: _Family) -> Candidate:
    entry = family.variants[re.sub(r"[\s-]|ー", "", variant.group())]
    return Candidate(folded, variant.start(), variant.end(), entry, "ellipsis")


def _families(catalogue: Catalogue) -> list[_Family]:
    by_stem: dict[str, list[tuple[CatalogueEntry, tuple[str, ...]]]] = defaultdict(list)
    for entry in catalogue.entries:
        if entry.kind == "product":
            for name in entry.names:
                stem, *rest = words_of(name) or ("",)
                if len(stem) > 3 and rest:
                    by_stem[stem].append((entry, tuple(rest)))
    families = [
        _family(stem, members, catalogue) for stem, members in by_stem.items() if len({e.id for e, _ in members}) > 1
    ]
    return _same_members(families)


def _family(stem: str, members: list[tuple[CatalogueEntry, tuple[str, ...]]], catalogue: Catalogue) -> _Family:
    variants: dict[str, CatalogueEntry] = {}
    unclear: set[str] = set()
    for entry, rest in members:
        for variant in _alone(entry, stem, rest):
            if variants.setdefault(variant, entry) is not entry:
                unclear.add(variant)
    clear = {variant: entry for variant, entry in variants.items() if variant not in unclear}
    return _Family(_stem_pattern(stem), frozenset(e.id for e, _ in members), clear, _variant_pattern(clear))


def _alone(entry: CatalogueEntry, stem: str, rest: tuple[str, ...]) -> set[str]:
    """lite13, lite; 16pro, 16, pro; t150, 150. The name's aliases tell which shorter ones are usual."""
    alone = {"".join(rest), *(word for word in rest if len(word) > 2 or word.isdigit())}
    alone |= {word[1:] for word in rest if re.fullmatch(r"[a-z][0-9]{3,}", word)}
    if any(not word.isdigit() and len(rest) > 1 and place == 0 for place, word in enumerate(rest)):
        alone -= {word for word in rest[1:] if word.isdigit()}
    return alone | {spelt.removeprefix(stem) for spelt in spellings(entry) if spelt.startswith(stem) and spelt != stem}


def _stem_pattern(stem: str) -> re.Pattern[str]:
    loose = "ッ?ー?".join(map(re.escape, stem)) + "ー?" if not stem.isascii() else re.escape(stem)
    return re.compile(loose)


def _variant_pattern(variants: dict[str, CatalogueEntry]) -> re.Pattern[str]:
    loose = "|".join(r"[ -]?ー?".join(map(re.escape, spelt)) for spelt in sorted(variants, key=len, reverse=True))
    return re.compile(rf"(?<![a-z0-9.,:])(?:{loose or '(?!)'})ー?" + _NO_AMOUNT)


def _same_members(families: list[_Family]) -> list[_Family]:
    """AeroBook and エアロブック are one family: each takes the other's variants."""
    joined: list[_Family] = []
    for family in families:
        variants = dict(family.variants)
        for other in families:
            if other.ids == family.ids:
                variants = {**other.variants, **variants}
        joined.append(replace(family, variants=variants, pattern=_variant_pattern(variants)))
    return joined
