"""Names as people give them: which are no names at all, which part is the given name, and how one addresses somebody.

English speakers are addressed by their given name (Haruka), Japanese speakers by their family name with 様 (森様).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST_NAME = 60

# What chat platforms call somebody who has not said who they are.
_PLACEHOLDER = re.compile(
    r"(?:visitor|guest|anonymous|unknown|user|customer|no ?name|n/?a|none|null|undefined|test|"
    r"訪問者|来訪者|ゲスト|匿名|名無し|名無しさん|名前なし|未設定|不明|お客様|ビジター)"
    r"(?: ?(?:user|visitor|様|さん))?(?:[ #_()-]*\w*\d\w*)?[ )]*",
    re.IGNORECASE,
)
_HONORIFIC = re.compile(r"\s*(?:様|さま|さん|殿)$")
_JAPANESE = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True)
class PersonName:
    """`full` is what to say when it is not known which part is which."""

    given: str = ""
    family: str = ""
    full: str = ""


def name_as_given(text: str) -> PersonName:
    """What a visitor typed as a name, or a platform made up for them; empty when that is no name.

    Written in Japanese the family name stands first (森 はるか), otherwise last (Haruka Mori). Without a space
    nobody can tell, and all of it is the full name.
    """
    name = _cleaned(text)
    if not name or _is_placeholder(name):
        return PersonName()
    parts = name.split(" ")
    if _JAPANESE.search(name):
        name = _HONORIFIC.sub("", name)
        parts = name.split(" ")
        return PersonName(parts[-1], parts[0], name) if len(parts) > 1 else PersonName(full=name)
    return PersonName(parts[0], parts[-1] if len(parts) > 1 else "", name)


def addressed_as(name: PersonName, language: str) -> str:
    """Haruka; in Japanese 森様. Without a name: '' in English, お客様 in Japanese, which always fits."""
    if language != "ja":
        return name.given or name.full or name.family
    # A family name in Latin letters came first or last, who knows: the full name with 様 is never wrong.
    known = name.family if _JAPANESE.search(name.family) else name.full or name.family or name.given
    return f"{known}様" if known else "お客様"


def _cleaned(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    text = "".join(" " if unicodedata.category(mark)[0] in "ZC" else mark for mark in text)
    return " ".join(text.split())[:LONGEST_NAME].strip()


def _is_placeholder(name: str) -> bool:
    no_letters = not any(mark.isalpha() for mark in name)
    return no_letters or "@" in name or "://" in name or _PLACEHOLDER.fullmatch(name) is not None
