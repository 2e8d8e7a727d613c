"""Telephone numbers in a text, in E.164, and nothing that merely has as many digits.

Where a number could be is found by its own shape (cheap on long texts); whether it is one is asked of the library
`phonenumbers`, which knows the numbering plans. Numbers of orders, dates, prices, versions and fax lines are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers
from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.doc_text import text_of
from nlp.reading import PhoneNumber

LONGEST_TEXT = 50_000  # characters; what comes after is not searched
MOST_NUMBERS = 50

_REGIONS = {"ja": ("JP",), "en": ("GB", "US", "JP")}  # tried in this order where no country is known
_WIDE = {0xFF10 + n: str(n) for n in range(10)} | dict.fromkeys(map(ord, "－‐‑–—―−ｰ"), "-")
_WIDE |= {ord("（"): "(", ord("）"): ")", ord("＋"): "+", ord("\u3000"): " ", ord("．"): ".", ord("："): ":", 0xA0: " "}

# At least eight digits, with at most two separators between them; the bound keeps it linear.
_SHAPE = re.compile(r"(?<![\w.,/@#=+&-])(?:\+|\(\+?)?\d(?:[ \-.()/]{0,2}\d){7,16}(?![\w@]|[.,/-]\d)", re.ASCII)
_KANJI_BEFORE = re.compile(r"(?:電話|携帯|番号|TEL|Tel|tel)\Z")
_EXTENSION = re.compile(
    r"[ ,;]{0,3}[(]?(?:内線(?:番号)?|ext(?:ension|n)?\.?|x)[ :]{0,2}(?P<digits>\d{1,6})[)]?(?!\w)", re.ASCII | re.I
)
_LABEL = re.compile(
    r"(?:\b(?:tel|telephone|phone|mobile|mob|cell|call|ring|dial|hotline|direct|reach|number|whatsapp|text|[tmp])\b"
    r"|☎|📞|電話|携帯|直通|連絡先|ダイヤル|代表)[^\d\n]{0,30}\Z",
    re.I,
)
_FAX = re.compile(r"(?:\bfax\b|\bf\b ?[:.]|ファックス|ファクス|ＦＡＸ|ﾌｧｯｸｽ)[^\d\n]{0,16}\Z", re.I)
_NOT_A_PHONE = re.compile(
    r"(?:\b(?:order|invoice|inv|po|ref|reference|serial|s/n|sn|ticket|case|part|article|item|account|acct|iban|vat|"
    r"customer|tracking|parcel|consignment|licence|license|quote|quotation|version|build|isbn|ean|sku|imei|model|id|"
    r"contract|registration|receipt|no|nr|asset)\b[^\n\d]{0,16}"
    r"|(?:注文|受注|発注|伝票|請求|見積|管理|製造|シリアル|お客様|顧客|会員|口座|追跡|送り状|問い?合わせ|契約|登録|品番|型番|"
    r"案件|ライセンス|インボイス|法人)[^\n\d]{0,12}|[$€£¥#№])\Z",
    re.I,
)
_MONEY_AFTER = re.compile(r" ?(?:円|ドル|ユーロ|USD|EUR|GBP|JPY|yen|pounds?|dollars?|euros?|%)", re.I)
_DATE = re.compile(r"(?:19|20)\d\d[-/. ]?(?:0?[1-9]|1[0-2])[-/. ]?(?:0?[1-9]|[12]\d|3[01])(?:[ \-T]?\d{2}){0,3}\Z")
_DATE_DAY_FIRST = re.compile(r"(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|1[0-2])[-/.](?:19|20)\d\d(?: \d+)?\Z")
_ADDRESS_OF_A_MACHINE = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}\Z")
_NORTH_AMERICAN = re.compile(r"(?:1[ \-.])?[(]?\d{3}[)]?[ \-.]{1,2}\d{3}[ \-.]\d{4}\Z")


@dataclass(frozen=True)
class _Candidate:
    text: str
    start: int
    end: int
    labelled: bool


def find_phone_numbers(text: str, language: str = "en", country: str = "") -> tuple[PhoneNumber, ...]:
    """Every telephone number of `text` in order; `country` (ISO 3166, "JP") is where the writer sits, where known.

    Works on any plain text: the newest part of a mail as well as a signature that was cut off.
    """
    plain = text[:LONGEST_TEXT].translate(_WIDE)
    regions = ((country.upper(),) if country else ()) + _REGIONS.get(language, ())
    found: list[PhoneNumber] = []
    for candidate in _candidates(plain):
        number = _number(candidate, tuple(dict.fromkeys(regions)))
        if number is not None:
            extension = _EXTENSION.match(plain, candidate.end)
            end = extension.end() if extension else candidate.end
            digits = extension["digits"] if extension else ""
            found.append(PhoneNumber(text[candidate.start : end], number, candidate.start, end, digits))
        if len(found) == MOST_NUMBERS:
            break
    return tuple(found)


def _candidates(plain: str) -> Iterator[_Candidate]:
    for shape in _SHAPE.finditer(plain):
        start, end = shape.span()
        if plain[start] == "(" and ")" not in shape.group():
            start += 1
        before = plain[max(0, start - 48) : start]
        before = before[before.rfind("\n") + 1 :]
        labelled = _LABEL.search(before) is not None
        if _FAX.search(before) or _MONEY_AFTER.match(plain, end):
            continue
        if _NOT_A_PHONE.search(before) and not labelled:
            continue
        yield _Candidate(plain[start:end], start, end, labelled)


def _number(candidate: _Candidate, regions: tuple[str, ...]) -> str | None:
    written = candidate.text
    if _DATE.match(written) or _DATE_DAY_FIRST.match(written) or _ADDRESS_OF_A_MACHINE.match(written):
        return None
    if written.lstrip("(").startswith("+"):
        return _parsed(written, None, True)
    if written.startswith("00"):
        return _parsed("+" + written[2:], None, False)
    for region in regions:
        if _written_as_in(region, written, candidate.labelled):
            number = _parsed(written, region, candidate.labelled and region == regions[0])
            if number is not None:
                return number
    return None


def _written_as_in(region: str, written: str, labelled: bool) -> bool:
    """Whether people of that country would write a number like this; bare digits alone are no phone number."""
    if region in ("US", "CA"):
        return _NORTH_AMERICAN.match(written) is not None or labelled
    if written.lstrip("(").startswith("0"):
        return labelled or not written.isdigit() or len(written) in (10, 11)
    return labelled and region not in ("JP", "GB")


def _parsed(written: str, region: str | None, lenient: bool) -> str | None:
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    # Beside "tel:" and after "+" a number need not have been given out by an operator, if only its length is right.
    right = phonenumbers.is_possible_number(number) if lenient else phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if right else None


class PhoneNumberFinder:
    """spaCy component: `doc.user_data["country"]` (may be missing) in, `doc._.phone_numbers` out."""

    def __call__(self, doc: Doc) -> Doc:
        doc._.phone_numbers = find_phone_numbers(text_of(doc), doc.lang_, doc.user_data.get("country", ""))
        return doc


if not Doc.has_extension("phone_numbers"):
    Doc.set_extension("phone_numbers", default=())


@Language.factory("phone_numbers")
def make_phone_numbers(nlp: Language, name: str) -> PhoneNumberFinder:
    return PhoneNumberFinder()
