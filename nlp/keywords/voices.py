"""Who says what stands in a sentence: the sender, somebody whom the sender quotes, or we, held to our words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.keywords.english_words import PERSON_NOUNS
from nlp.reading import Voice


@dataclass(frozen=True)
class Stretch:
    """A stretch of the text in somebody else's words."""

    start: int
    end: int
    voice: Voice


_SAYS = (
    r"(?:says?|said|tells?|told|thinks?|thought|claims?|claimed|complains?|complained|reports?|reported|"
    r"feels?|felt|insists?|"
    r"insisted|mentions?|mentioned|points? out|pointed out|reckons?|believes?|argues?|writes|wrote|asks?|"
    r"asked|finds?|"
    r"keeps? (?:saying|asking|telling)|wants? to know|swears?|suggests?|suggested|has (?:said|told|asked|complained))"
)
_PEOPLE = "|".join(sorted(PERSON_NOUNS))
_OTHER_EN = re.compile(
    rf"\b(?:(?i:my|our|the|his|her|one of (?:my|our)|some of (?:my|our)|as (?:my|our)|"
    rf"a) (?:[\w-]+ ){{0,2}}?(?:{_PEOPLE})s?|[A-Z][\w.]+(?: [A-Z]\w+)?) "
    rf"(?:also |now |has |have |just )?{_SAYS}\b"
    rf"|\b(?i:according to|in the words of)\b|\b(?:heard|learnt|learned|hear) (?:from|that)\b"
    rf"|\b(?i:people|they|everybody|some) (?:say|tell me|tell us)\b|\bwas told by (?:a|my|our)\b",
)
_US_EN = re.compile(
    r"\b(?i:you|your (?:\w+ ){0,2}?(?:website|site|brochure|catalogue|catalog|offer|quote|quotation|mail|"
    r"email|ad|advert|advertisement|"
    r"salesman|salesperson|sales team|sales people|technician|engineer|colleague|hotline|contract|manual|"
    r"datasheet|page|flyer|"
    r"newsletter|letter|terms|banner|ticket|people|team|rep|representative)) "
    r"(?:also |clearly |once |yourself |yourselves |had |have |has |still |always )?"
    r"(?:wrote|write|writes|said|says?|promised?|promises|mentioned|mentions?|told|stated?|states|claim(?:ed|"
    r"s)?|advertised?|advertises|"
    r"assured?|guaranteed?|guarantees|announced?|called? it|calls? it|praised?|boasts?)\b"
    r"|\b(?i:we|i) (?:was|were) (?:told|promised|assured)\b"
)
_ENDS_EN = re.compile(
    r"[.!?;]|,? (?:but|and now|and yet|yet|however|although|though|whereas|while)\b|, (?:and )?(?:i|we|now)\b", re.I
)

_PERSON_JA = (
    "(?:上司|社長|部長|課長|店長|所長|院長|校長|園長|工場長|専務|常務|役員|主任|同僚|部下|先輩|後輩|社員|スタッフ|職員|現場|従業員|先生|弁護士|税理士|会計士|監査法人|"
    "家内|妻|主人|夫|息子|娘|父|母|友人|知人|知り合い|ご近所の方|近所の方|お客様|お客さま|お客|顧客|利用者|患者さん|生徒|保護者|取引先|責任者|担当者|管理者|経理|総務|"
    "情報システム部|情シス|[一-龥]{1,8}(?:部|課|室|係)|[一-龥]{1,3}(?:さん|氏|部長|課長))"
)
_OTHER_JA = re.compile(
    rf"{_PERSON_JA}(?:の[一-龥]{{1,3}})?(?:が|は|も|から|より|たち(?:が|は|から)|によると|によれば|に言わせ|いわく|曰く)(?P<said>[^。！？!?\n]*?)"
    r"(?:と(?:申|言|いっ|いう|怒|話し|主張|嘆|聞|きい|伺|うかが|の(?:こと|声|指摘|意見|質問|要望|話)|感じ|思っ|考え|指摘|苦情|驚|喜|褒|ほめ|評価)|とのこと|だそう|らしい|"
    r"を(?:求め|指摘|要求)|そうです|の(?:質問|指摘|要望|声)が)"
)
_US_JA = re.compile(
    r"(?P<said>[^。！？!?\n]*?)(?:と(?:おっしゃ|仰|のご説明|のご案内|のお約束|のお話|お約束|約束し|ご説明|ご案内|うたっ|謳っ|書いて|書かれ|記載|あり(?:ま|、)|あった|"
    r"ありました|伺っていた|聞いていた)|というお話|とのお話|とのご説明|とのことでした(?:が|のに))"
)
_OUR_PAPER_JA = re.compile(
    r"(?:御社|貴社|そちら|営業の方|担当の方|ご?提案書?|カタログ|パンフレット|サイト|ホームページ|広告|お?見積書?|ご?案内|メール|説明書|契約書)[^。「」\n]{0,12}(?:にある|"
    r"にあった|の|で|に|にも|には)?「(?P<said>[^」\n]{1,60})」"
)


def quoted_stretches(text: str, start: int, end: int, language: str) -> list[Stretch]:
    """The stretches of the sentence at `start`:`end` that are not the sender's own words."""
    sentence = text[start:end]
    found = _japanese(sentence) if language == "ja" else _english(sentence)
    return [Stretch(start + first, start + last, voice) for first, last, voice in found]


def _english(sentence: str) -> list[tuple[int, int, Voice]]:
    stretches: list[tuple[int, int, Voice]] = []
    cues: tuple[tuple[Voice, re.Pattern[str]], ...] = (("us", _US_EN), ("other", _OTHER_EN))
    for voice, cue in cues:
        for found in cue.finditer(sentence):
            if voice == "other" and found.group().split(" ")[0] in ("You", "I", "We", "It", "That", "This", "They"):
                continue
            ends = _ENDS_EN.search(sentence, found.end())
            stretches.append((found.end(), ends.start() if ends else len(sentence), voice))
    return stretches


def _japanese(sentence: str) -> list[tuple[int, int, Voice]]:
    others: list[tuple[int, int, Voice]] = [
        (found.start("said"), found.end("said"), "other") for found in _OTHER_JA.finditer(sentence)
    ]
    if others:
        return others
    papers: list[tuple[int, int, Voice]] = [
        (found.start("said"), found.end("said"), "us") for found in _OUR_PAPER_JA.finditer(sentence)
    ]
    return papers or [(found.start("said"), found.end("said"), "us") for found in _US_JA.finditer(sentence)]
