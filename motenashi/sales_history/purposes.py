"""What a call, meeting or mail was for, as its subject tells it in English or Japanese.

The first phrase that fits decides: narrow topics stand before wide ones, since "contract renewal" is about renewing
and "demo meeting" about the demo. A subject that names no topic has no purpose, and none is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

PURPOSES: Final = (
    "follow_up",
    "discovery",
    "negotiation",
    "demo",
    "meeting",
    "contract_review",
    "product_info",
    "quote",
    "discount",
    "trial_extension",
    "renewal",
)

_LONGEST = 300  # a purpose stands at the beginning or nowhere
_PREFIXES = re.compile(r"^(?:\s*(?:re|fw|fwd|aw|wg|返信|転送)(?:\[\d+\])?\s*:\s*)+")

_PHRASES: Final = (
    (
        "trial_extension",
        r"\b(?:trial|evaluation|pilot)\b.*\b(?:exten[ds]\w*|extension|longer|prolong\w*|more (?:time|days|weeks))\b"
        r"|\b(?:exten[ds]\w*|extension|longer|prolong\w*|more (?:time|days|weeks))\b.*\b(?:trial|evaluation|pilot)\b"
        r"|\bmore (?:days|weeks) with\b"
        r"|(?:試用|お試し|トライアル|体験版|評価|貸出|検証).*(?:延長|延ば)|延長.*(?:試用|お試し|トライアル|体験版|貸出)",
    ),
    (
        "renewal",
        r"\brenew(?:al|als|ing|ed|s)?\b"
        r"|\b(?:subscription|service|licen[cs]e|contract|term)\b.*\b(?:ends|expires|expir(?:y|ing))\b"
        r"|(?:サブスク\w*|契約|ライセンス|保守|サービス|年間|ご?利用).*(?:更新|継続)|更新(?:の(?:ご案内|お知らせ|時期|ご確認|ご相談)|(?:の)?お?手続)|満了",
    ),
    (
        "follow_up",
        r"\bfollow(?:ing|ed)?[ -]?up\b"
        r"|\bcheck(?:ing)?[ -]?in\b|\btouch(?:ing)? base\b|\bany (?:questions|news|update)\b"
        r"|\bhow (?:are|is) (?:it|things) going\b|\bnext steps\b|\bjust a reminder\b"
        r"|フォロー|検討状況|その後(?:、|の|いかが|は)|ご状況|先日の件|進捗|いかがでしょうか",
    ),
    (
        "discount",
        r"\bdiscount\w*\b|\b(?:special|better|lower|reduced|volume|revised) (?:price|pricing|rate|offer)\b"
        r"|\bprice reduction\b|\brebate\b"
        r"|割引|値引|特別価格|特価|値下|ディスカウント|キャンペーン価格|優待",
    ),
    (
        "contract_review",
        r"\b(?:contract|agreement|nda|msa)\b(?!.*\bnegotiat)|\blegal review\b"
        r"|契約(?!更新|.*(?:交渉|折衝|条件))|法務|覚書|秘密保持",
    ),
    ("quote", r"\bquot(?:e|es|ed|ation|ations|ing)\b|\b(?:cost|price) estimate\b|\bestimate for\b|\bprice list\b|見積"),
    (
        "negotiation",
        r"\bnegotiat\w*\b|\bterms\b|\b(?:payment|delivery) (?:conditions|and payment|schedule)\b|\bopen points\b"
        r"|\bprices? and (?:terms|conditions)\b"
        r"|\b(?:talk|speak)\w* (?:about|through|over) (?:the )?(?:prices?|pricing)\b"
        r"|交渉|条件|(?:価格|金額|料金)の?(?:ご相談|ご調整|協議)|お?支払い?方法|折衝",
    ),
    (
        "demo",
        r"\bdemos?\b|\bdemonstrat\w*\b|\bhands[ -]on\b|\bproduct (?:presentation|tour|walk-?through)\b|\bshowcase\b"
        r"|デモ|実機|製品プレゼン|プレゼンテーション|実演|操作体験",
    ),
    (
        "product_info",
        r"\b(?:brochure|specification|specs?|data ?sheet|catalogue?|white ?paper)s?\b"
        r"|\b(?:documentation|features?|overview|comparison)s?\b"
        r"|\b(?:product|technical) (?:information|info|details)\b|\bdetails (?:on|of|about)\b|\bcomparing\b"
        r"|資料|仕様|カタログ|機能|製品(?:情報|案内|紹介|のご案内|のご紹介)|比較|パンフレット",
    ),
    (
        "discovery",
        r"\bdiscover\w*\b|\bneeds\b|\brequirements?\b|\binterview\b|\bfact[ -]finding\b|\bgetting to know\b"
        r"|\bfirst (?:talk|call|conversation)\b|\bwhat .+ (?:is|are) planning\b"
        r"|\bcurrent (?:process|situation|set-?up)\b"
        r"|ヒアリング|要件|要望|課題|現状|お困り|ニーズ|に関するご相談",
    ),
    (
        "meeting",
        r"\bmeetings?\b|\bmeet[ -]?up\b|\b(?:on-?site|office) visit\b|\bkick[ -]?off\b|\bappointment\b|\bworkshop\b"
        r"|\breview with\b|\bplanning the roll-?out\b"
        r"|打ち?合わ?せ|ミーティング|会議|面談|訪問|商談|定例|キックオフ|確認会",
    ),
)
_COMPILED = tuple((purpose, re.compile(phrases)) for purpose, phrases in _PHRASES)


def purpose_of(subject: str) -> str:
    """One of PURPOSES; '' when the subject doesn't tell."""
    text = unicodedata.normalize("NFKC", subject[:_LONGEST]).lower()
    text = _PREFIXES.sub("", text)
    return next((purpose for purpose, phrases in _COMPILED if phrases.search(text)), "")


def purposes_of(subjects: Iterable[str]) -> dict[str, str]:
    """Subject -> purpose, for those subjects that tell one; each different subject is looked at once."""
    told = ((subject, purpose_of(subject)) for subject in set(subjects))
    return {subject: purpose for subject, purpose in told if purpose}
