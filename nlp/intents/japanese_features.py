"""What the model sees of a Japanese sentence: words (Sudachi), characters, concepts, and what is negated.

Spellings of the same word (下さい and ください, 見積り and 見積もり, 全角 and 半角) are made one before anything else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

from nlp.intents.concepts import Concepts, concept_views, read_sections
from nlp.intents.views import Views, running_grams, word_grams

_LONGEST_GAP = 8
_REACH = 16  # characters between two concepts that are looked at together
_SCOPE = 16  # characters before a negation that it may still negate
_ONE_SPELLING = {
    "下さい": "ください",
    "頂": "いただ",
    "致": "いた",
    "出来": "でき",
    "打ち合わせ": "打合せ",
    "打合わせ": "打合せ",
    "打ち合せ": "打合せ",
    "見積もり": "見積",
    "見積り": "見積",
    "問い合わせ": "問合せ",
    "問合わせ": "問合せ",
    "お問い合せ": "お問合せ",
    "申し込み": "申込",
    "申込み": "申込",
    "取り消し": "取消",
    "有難う": "ありがとう",
    "有り難う": "ありがとう",
    "宜し": "よろし",
    "宜敷": "よろし",
    "無い": "ない",
    "無く": "なく",
    "欲し": "ほし",
    "貰": "もら",
    "分か": "わか",
    "判り": "わかり",
    "解り": "わかり",
    "良い": "よい",
    "良かった": "よかった",
    "是非": "ぜひ",
    "既に": "すでに",
    "全て": "すべて",
    "全部": "すべて",
    "貴社": "御社",
    "当社": "弊社",
    "小社": "弊社",
    "支払い": "支払",
    "振り込み": "振込",
    "振込み": "振込",
    "値引き": "値引",
    "割り引き": "割引",
    "割引き": "割引",
    "取り扱い": "取扱",
    "取扱い": "取扱",
    "受け取り": "受取",
    "繋": "つな",
    "為": "ため",
    "事が": "ことが",
    "事は": "ことは",
    "何処": "どこ",
    "何方": "どなた",
    "様な": "ような",
    "位で": "くらいで",
    "パソコン": "PC",
    "メイル": "メール",
    "貸し出し": "貸出",
    "ミーティング": "打合せ",
    "サーバー": "サーバ",
    "プリンター": "プリンタ",
    "ユーザー": "ユーザ",
    "メモリー": "メモリ",
    "モニター": "モニタ",
}
_SPELLINGS = re.compile("|".join(sorted(map(re.escape, _ONE_SPELLING), key=len, reverse=True)))
_POLITE_PREFIX = re.compile("御(?!社|中|座)")
_MASKS = (
    (re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\w+"), "址"),
    (re.compile(r"[¥¥$]\s?\d[\d,.]*(?:万|千)?|\d[\d,.]*(?:万|千|億)?円"), "＄"),
    (re.compile(r"\d{1,2}:\d\d|(?:午前|午後)?\d{1,2}時(?:半|\d{1,2}分)?(?!間)"), "時"),
    (re.compile(r"\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?|\d{1,2}月\d{1,2}日|\d{1,2}/\d{1,2}|\d{1,2}日(?!間)"), "日"),
    (re.compile(r"\d[\d,.]*"), "0"),
)
# A request in the form of a negated question is no negation.
_NO_NEGATION = re.compile(
    r"(?:いただけ|もらえ|くれ|くださ[いり]?|願え|でき|貸せ|なり|あり|え|け|せ|れ|め)(?:ませんか|ませんでしょうか|ないでしょうか|ないですか|ないか|ませんかね)"
    r"|かもしれ(?:ない|ません)|に違いない|しか(?:ない|ありません)|なければ|ないと(?:いけ|なら|困)|なくては|ねばな|間違いな|申し訳(?:ない|あり|ござい)|すみません|すいません"
)
_NEGATIONS = (
    ("not_but", re.compile(r"(?:では|じゃ|で)な(?:く|い)|(?:では|じゃ)ありません|よりも|より先に|代わりに|かわりに")),
    (
        "not_wanted",
        re.compile(
            r"不要|要りません|いりません|いらな|要らな|必要(?:は|が)?(?:ありません|ございません|な[いく])|結構です|無用|には及びません"
            r"|(?:し|せ|ら|か|ま|わ|れ|え|け|べ|め)ないで(?:ください|ほしい|もら|いただ)|なくて(?:も)?(?:結構|いい|よい|かま|大丈夫)"
        ),
    ),
    (
        "cannot",
        re.compile(r"(?:でき|られ|れ|え|け|せ|て|め|げ|べ|かね)(?:ません|ない|ず|なく|なかっ)|かねま|難しい|無理"),
    ),
    ("not", re.compile(r"ません|ない|なかった|なかっ|なくな|ずに|ず、|まい")),
)
_CLAUSE_ENDS = re.compile(r"[、。，,！!？?\n]|(?:です|ます|した)が|ので|けど|から、")


def japanese_views(text: str) -> Views:
    """The views of one sentence, by name."""
    plain = one_spelling(text)
    kinds = negation_kinds(plain)
    masked = masked_numbers(plain)
    grams = word_grams(words_of(masked))
    place = 0
    for word in words_of(plain):
        if kinds[place]:
            grams.append(f"{kinds[place]}:{word}")
        place = min(place + len(word), len(plain) - 1)
    concepts = concept_views(_concepts().find(plain), kinds, _REACH)
    return {"words": grams, "letters": running_grams(f"^{masked}$"), **concepts}


def one_spelling(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    return _POLITE_PREFIX.sub("ご", _SPELLINGS.sub(lambda match: _ONE_SPELLING[match.group()], plain))


def masked_numbers(text: str) -> str:
    """Addresses, sums of money, times, dates and numbers by their class."""
    for pattern, sign in _MASKS:
        text = pattern.sub(sign, text)
    return text


def negation_kinds(text: str) -> list[str]:
    """For each character: "" or how it is negated (`not_but`, `not_wanted`, `cannot`, `not`)."""
    kinds = [""] * len(text)
    exempt = {place for match in _NO_NEGATION.finditer(text) for place in range(*match.span())}
    for kind, pattern in _NEGATIONS:
        for match in pattern.finditer(text):
            if match.end() - 1 in exempt:
                continue
            for index in range(_scope_start(text, match.start()), match.start()):
                kinds[index] = kinds[index] or kind
    return kinds


def _scope_start(text: str, end: int) -> int:
    start = max(0, end - _SCOPE)
    for match in _CLAUSE_ENDS.finditer(text, start, end):
        start = match.end()
    return start


@cache
def _tokenizer() -> Any:
    from sudachipy import Dictionary, SplitMode

    return Dictionary().tokenizer(mode=SplitMode.B)


def words_of(text: str) -> list[str]:
    """The words in their dictionary form."""
    return [morpheme.normalized_form() for morpheme in _tokenizer().tokenize(text)]


@cache
def _concepts() -> Concepts:
    return Concepts(read_sections("ja"), _parse, _LONGEST_GAP)


def _parse(phrase: str) -> Iterator[list[str]]:
    yield list(one_spelling(phrase))
