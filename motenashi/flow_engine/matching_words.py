"""What surrounds the words that matter when people type a choice: politeness, negations, counting, yes and no."""

from __future__ import annotations

import re

from motenashi.conversation.folding import bare, fold, has_japanese

# Words that say nothing about which choice is meant.
_FILLER_WORDS = """
    a an the to of for with on about in at and me my i you your we us it its is are be do does can could would will
    please pls thanks thank id im ill want wanna need like love lets let go show see view look get give tell choose
    pick take select option choice one this that hi hello hey ok okay so just some maybe have what whats
"""
_FILLERS = frozenset(_FILLER_WORDS.split())
_SAME = {"speak": "talk", "chat": "talk", "buy": "purchase", "appointment": "meeting", "previous": "past"}
_JAPANESE_START = re.compile(
    r"^(?:すみません|すいません|えっと|ええと|じゃあ|では|それでは|あの|はい|やっぱり|その)\s*"
)
_JAPANESE_END = re.compile(
    r"\s*(?:を|が|は|に|で|の(?=ほう|方))?\s*"
    r"(?:(?:お願い|おねがい)(?:します|いたします|致します|できますか|できませんか)?|(?:下|くだ)さい(?:ませんか)?"
    r"|(?:を|に|が|で)?(?:見|み|知り|しり|聞き|選び|話し|し|相談し)たい|(?:見|み)せて|教えて|おしえて|(?:くれ|もらえ|いただけ)(?:ます|ません)?か?|あります|ある|(?:つない|繋い|呼ん)で|(?:代|か)わって|もらいたい|見る|みる|確認"
    r"|表示|ほう|方|について|に関して|のこと|(?:いい|良い|よい)|希望|する|して|します|にする|です|でしょうか|ですか|か|ね|よ|な"
    r"|を|が|は|で|に)$"
)

_ENGLISH_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|except|nope|nah|cannot|dont|doesnt|didnt|wont|cant|isnt|arent"
    r"|wouldnt|shouldnt|stop)\b"
)
# Requests and excuses are negative in grammar only (くれませんか, すみません, 構いません), other words only in sound.
_POLITE_NEGATIVE = re.compile(
    r"すみません|すいません|かもしれ(?:ません|ない)|(?:構い|かまい)ません|つないで|少ない|(?:ません|ない)(?:です|でしょう)?か"
)
_JAPANESE_NEGATION = re.compile(
    r"ません|ない(?!よう)|違う|違い|ちがう|ちがい|以外|不要|結構です|けっこうです|いらん|要らん|やめ|止め|なし(?!で)|嫌"
)

_NUMBERS = {
    "first": 1, "1st": 1, "one": 1, "second": 2, "2nd": 2, "two": 2, "third": 3, "3rd": 3, "three": 3,
    "fourth": 4, "4th": 4, "four": 4, "fifth": 5, "5th": 5, "five": 5, "sixth": 6, "6th": 6, "six": 6,
    "seventh": 7, "7th": 7, "seven": 7, "eighth": 8, "8th": 8, "eight": 8, "ninth": 9, "9th": 9, "nine": 9,
    "tenth": 10, "10th": 10, "ten": 10,
    "ひと": 1, "ふた": 2, "みっ": 3, "よっ": 4, "いつ": 5,
    "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
}  # fmt: skip
_LAST = frozenset(("last", "bottom", "最後", "いちばん下", "一番下"))
_TOP = frozenset(("top", "最初", "いちばん上", "一番上"))
_ORDINAL = re.compile(
    r"(?:the |number |no |nr |option |choice |answer |button )*"
    r"(?P<word>\d{1,3}|[a-z]+|1st|2nd|3rd|\dth|(?:ひと|ふた|みっ|よっ|いつ)(?=つ)|[一二三四五六七八九十]"
    r"|最後|最初|(?:いちばん|一番)[上下])"
    r"\s*(?:番目|番|つめ|つ目|個目|個め|つ|目)?(?:のもの|のやつ|のほう|の方)?(?: (?:one|option|choice))?"
)

_YES = "yes, yeah, yep, yup, sure, ok, okay, yes please, of course, はい, うん, ええ, そう, そうです, お願いします"
_NO = "no, nope, nah, no thanks, no thank you, not now, いいえ, いえ, いや, 違います, 結構です, いりません, 不要です"
YES = frozenset({bare(word) for word in _YES.split(", ")} | {bare("はい、お願いします")})
NO = frozenset({bare(word) for word in _NO.split(", ")} | {bare("いいえ、結構です")})


def is_negated(text: str) -> bool:
    """'not that', 'いりません': names a choice, if at all, to decline it."""
    plain = fold(text).replace("'", "").replace("’", "")
    return bool(_ENGLISH_NEGATION.search(plain) or _JAPANESE_NEGATION.search(_POLITE_NEGATIVE.sub(" ", plain)))


def content(text: str) -> str:
    """`bare` text without politeness and filling words; may be empty."""
    plain = bare(text)
    if has_japanese(plain):
        return _japanese_content(plain)
    return " ".join(_SAME.get(word, word) for word in plain.split() if word not in _FILLERS)


def ordinal(text: str) -> int | None:
    """The place that a text names, from 1 ('the second one', '２番', '二つ目でお願いします'); -1 is the last."""
    for plain in (bare(text.replace("#", " ")), _japanese_content(bare(text)), _without_courtesy(bare(text))):
        found = _ORDINAL.fullmatch(plain)
        if found and (place := _place(found["word"])) is not None:
            return place
    return None


def _place(word: str) -> int | None:
    if word in _LAST or word in _TOP:
        return -1 if word in _LAST else 1
    return int(word) if word.isdecimal() else _NUMBERS.get(word)


def _japanese_content(plain: str) -> str:
    """Endings come several in a row: 注文を見たいです -> 注文."""
    rest = _JAPANESE_START.sub("", plain)
    while (shorter := _JAPANESE_END.sub("", rest)) not in (rest, ""):
        rest = shorter
    return rest.strip()


def _without_courtesy(plain: str) -> str:
    courtesy = {"please", "pls", "thanks", "id", "like", "i", "want", "take", "ill", "show", "me", "lets", "go", "with"}
    return " ".join(word for word in plain.split() if word not in courtesy)
