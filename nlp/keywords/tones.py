"""What is said about a thing: the tone of the clause it stands in.

Unlike the tone of a whole mail, a calm report of a fault counts here: "the delivery was late" says something bad
    of the
delivery, whatever the mood of the writer.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from nlp.reading import Tone
from nlp.sentiment.features import english_words, folded
from nlp.sentiment.lexicon import Hit, english_hits, japanese_hits

_CLAUSE_EN = re.compile(
    r"[;:.!?]|,(?! (?:and|or) \w+[,.])|\b(?:but|however|although|though|while|whereas|unless|because)\b|"
    r"(?<=\w) and (?=(?:the|your|it|then|now|"
    r"nobody|my|our|we|i|they)\b)|[–—]",
    re.I,
)
_CLAUSE_JA = re.compile(
    r"[。！？!?\n]|(?:が|けれど|けど|し|のに|ものの|ですし|ますし|くて|うえに|上に|一方)、|、(?=でも|ただ|しかし)|、"
)
_FAULT_EN = re.compile(
    r"\b(?:late|delayed|broken?|crush(?:ed)?|crash(?:es|ed|ing)?|jam(?:s|med|ming)?|freez(?:es|ing)|froze|"
    r"frozen|drain(?:s|ed)?|hangs?|loud|slow(?:er|ly)?|"
    r"wrong|missing|incomplete|damaged|defective|faulty|dead|dies|died|scratched|dented|leak(?:s|ed|ing)?|"
    r"overheat(?:s|ing)?|flicker(?:s|ing)?|"
    r"fail(?:s|ed|ing)?|lost|loses?|losing|stuck|stopped|refuses|won't|doesn't|does not|don't work|didn't|"
    r"never|can't|cannot|no longer|unable|error|errors|"
    r"too (?:\w+ )?(?:high|expensive|small|big|slow|late|loud|heavy|short|long|low|steep|complicated|wide|"
    r"thick|dear)|expensive|overpriced|unreadable|"
    r"unusable|confusing|poor|bad|badly|worse|worst|lousy|rude|useless|terrible|awful|horrible|mess|disaster|"
    r"nightmare|disappoint\w*|"
    r"unbearabl[ey]|complicated|less so|was used|were used|nobody (?:has )?(?:answered|came|called|replied)|"
    r"not (?:working|arrived|come|received|good|happy|there))\b",
    re.I,
)
_NO_FAULT_EN = re.compile(
    r"\b(?:without|never|no|not|not a|zero) (?:a |any |one |single |once )*(?:problems?|issues?|errors?|"
    r"faults?|complaints?|failure|failed|let|broken?|crash\w*)"
    r"|\bif\b.*|\bnot too\b|\?\s*$",
    re.I,
)
_PRAISE_EN = re.compile(
    r"\b(?:love[ds]?|brilliant|superb|excellent|amazing|great|fantastic|wonderful|perfect(?:ly)?|outstanding|"
    r"delighted|happy with|impressed|pleased with|"
    r"satisfied with|breeze|exactly what|lovely|awesome|top-notch|first-class|first-rate|beautiful(?:ly)?|"
    r"patient|friendly|helpful|reliable|"
    r"without (?:a |any )?(?:single )?(?:problem|issue|hitch|complaint|fault)s?|never (?:once )?(?:failed|let|"
    r"had a problem))\b",
    re.I,
)
_FAULT_JA = re.compile(
    r"遅れ|遅い|遅く|遅すぎ|つぶれ|潰れ|壊れ|割れ|破れ|故障|不具合|不良|固まり|固まる|止まり|止まっ|落ち(?:ます|てしま|る)|つながら|繋がら|切れて使え|うるさ|高すぎ|重すぎ|遅延|"
    r"間違(?:っ|い|え)|誤って|足りな|足りま|不足|欠け|漏れ|開け(?:ません|ない)|届き(?:ません|ない)|届か(?:ない|ず)|動き(?:ません|ない)|動か(?:ない|ず)|使え(?:ません|"
    r"ない)|映り?(?:ません|らない)|"
    r"紙詰まり|ひどい|ひどく|最悪|失礼|がっかり|不満|分かりにく|わかりにく|使いにく|使いづら|見づら|どういうこと|傷|汚れ|すぐ切れ|すぐ止|エラー|おかしい|貼れません|返事(?:が|も)(?:ない|ありません)|"
    r"いつまで|待たされ|不便|不親切|高い(?:です|と)|粗末|雑で"
)
_NO_FAULT_JA = re.compile(
    r"(?:不具合|故障|問題|不満|トラブル|エラー|間違い|遅れ)(?:が|も|は|は一度も)?(?:一度も|全く|まったく)?(?:な[いくし]|ありません|ございません|起き(?:て|ま))|"
    r"一度も[^。]{0,8}(?:な[いく]|ません)"
)
_PRAISE_JA = re.compile(
    r"素晴らし|すばらし|最高|気に入|大満足|満足し|感動|感激|助かって|助かりました|分かりやす|わかりやす|使いやす|快適|便利(?!か)|魅力的|丁寧(?:で|な|です|。|に)|親切|簡単で|きれい|綺麗|"
    r"好評|完璧|見事|感謝|評判が(?:いい|良|よ)|うれし|嬉し|速くて|早くて|優秀"
)
_QUESTION_JA = re.compile(r"(?:です|ます|でしょう|ません)か[。?？]?\s*$|[?？]\s*$")


def clause_around(text: str, start: int, end: int, place: int, language: str) -> tuple[int, int]:
    """The clause of the sentence `start`:`end` in which `place` lies."""
    first, last = start, end
    for cut in (_CLAUSE_JA if language == "ja" else _CLAUSE_EN).finditer(text, start, end):
        if cut.end() <= place:
            first = cut.end()
        elif cut.start() >= place:
            last = cut.start()
            break
    return first, last


def tone_of_clause(clause: str, language: str, asks: bool, learned: Callable[[str], Tone] | None) -> Tone:
    """`asks`: the sentence is a question; only clear words count then. `learned` is the trained reader of sentences."""
    hits = japanese_hits(folded(clause)) if language == "ja" else english_hits(english_words(clause))
    fault, praise = _judgements(clause, language, hits)
    if praise and not fault:
        return "neutral" if asks and praise < 2 else "positive"
    if fault and not praise:
        return "neutral" if asks else "negative"
    if asks or learned is None or not any(hit.group != "courtesy" for hit in hits):
        return "neutral"
    return learned(clause)


def is_question(sentence: str, language: str) -> bool:
    if language == "ja":
        return _QUESTION_JA.search(sentence) is not None
    return sentence.rstrip().endswith("?")


def _judgements(clause: str, language: str, hits: list[Hit]) -> tuple[int, int]:
    """How much in a clause speaks of a fault, and how much is praise."""
    faults = praise = 0
    if language == "ja":
        praise = len(_PRAISE_JA.findall(clause)) + len(_NO_FAULT_JA.findall(clause))
        if _FAULT_JA.search(clause):
            faults = len(_FAULT_JA.findall(_NO_FAULT_JA.sub("", clause)))
    else:
        praise = len(_PRAISE_EN.findall(clause))
        if _FAULT_EN.search(clause):
            faults = len(_FAULT_EN.findall(_NO_FAULT_EN.sub("", _PRAISE_EN.sub("", clause))))
    return faults + _strong(hits, "cross", "glad"), praise + _strong(hits, "glad", "cross")


def _strong(hits: list[Hit], kind: str, opposite: str) -> int:
    return sum(
        (hit.group == f"{kind}.strong" and not hit.denied) or (hit.group == f"{opposite}.strong" and hit.denied)
        for hit in hits
    )
