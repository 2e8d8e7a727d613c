"""A company whose customers talk in whole sentences, in English and Japanese: for pages to be looked at."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from tests.voice_reports.voices import Said, Sold, Voices, Word

EN = (
    (
        "The price of the renewal is too high for us this year.",
        "negative",
        "dissatisfied",
        "complaint",
        ("price", "renewal"),
    ),
    ("Delivery took three weeks longer than you promised.", "negative", "disappointed", "complaint", ("delivery",)),
    ("Your support team solved it within an hour. Thank you!", "positive", "grateful", "other", ("support",)),
    (
        "We are delighted with the new notebooks, the battery lasts all day.",
        "positive",
        "happy",
        "other",
        ("notebook", "battery"),
    ),
    ("Could you send us a quote for twenty more licences?", "neutral", "neutral", "purchase", ("quote", "licence")),
    (
        "Does the firewall work with our current access points?",
        "neutral",
        "confused",
        "inquiry",
        ("firewall", "access point"),
    ),
    ("Setup was confusing, and the manual did not help.", "negative", "confused", "inquiry", ("setup", "manual")),
    (
        "The demo convinced everybody here; we would like to order.",
        "positive",
        "enthusiastic",
        "purchase",
        ("demo", "order"),
    ),
)
JA = (
    ("更新の価格が高く、今年の予算では難しい状況です。", "negative", "dissatisfied", "complaint", ("価格", "更新")),
    ("納期がお約束より三週間も遅れました。", "negative", "disappointed", "complaint", ("納期",)),
    ("サポートの方にすぐ対応いただき、大変助かりました。", "positive", "grateful", "other", ("サポート",)),
    (
        "新しいノートパソコンは電池が一日持ち、とても満足しています。",
        "positive",
        "happy",
        "other",
        ("ノートパソコン", "電池"),
    ),
    (
        "追加で二十ライセンス分のお見積りをお願いできますか。",
        "neutral",
        "neutral",
        "purchase",
        ("見積り", "ライセンス"),
    ),
    (
        "初期設定が分かりにくく、マニュアルも役に立ちませんでした。",
        "negative",
        "confused",
        "inquiry",
        ("初期設定", "マニュアル"),
    ),
    (
        "デモを拝見し、社内一同ぜひ導入したいと考えております。",
        "positive",
        "enthusiastic",
        "purchase",
        ("デモ", "導入"),
    ),
)
RIVALS = {
    "Northwind": ("Northwind offered us a better price.", "price"),
    "蒼空システム": ("蒼空システムの価格も比較しています。", "価格"),
}
INDUSTRIES = ("Retail", "Manufacturing", "IT services", "Education", "Healthcare")


def lively_voices(today: datetime, seed: int = 4, customers: int = 360) -> Voices:
    """Half of them writes Japanese. Who speaks of the price, or of Northwind, loses its deal more often."""
    draw = random.Random(seed)
    voices = Voices()
    for number in range(customers):
        contact = f"c{number:04}"
        voices.contacts[contact] = draw.choice(INDUSTRIES)
        _one(draw, voices, contact, today)
    for number in range(30):
        voices.leads.append(f"l{number:03}")
        _speak(draw, voices, "", f"l{number:03}", today - timedelta(days=draw.uniform(0, 150)), EN)
    _speak(draw, voices, "", "", today - timedelta(days=2), JA)
    return voices


def _one(draw: random.Random, voices: Voices, contact: str, today: datetime) -> None:
    language = draw.choice((EN, JA))
    moment = today - timedelta(days=draw.uniform(0.5, 80) ** 1.4 / 6)
    first = len(voices.said)
    for _ in range(draw.randrange(1, 6)):
        _speak(draw, voices, contact, "", moment - timedelta(days=min(1.2 + draw.expovariate(1 / 45), 250)), language)
    words = {word.normal for one in voices.said[first:] for word in one.words if (moment - one.at).days < 90}
    risk = (
        0.3
        + 0.3 * bool(words & {"price", "価格"})
        + 0.25 * ("northwind" in words)
        - 0.15 * bool(words & {"support", "サポート"})
    )
    outcome = "lost" if draw.random() < risk else "won"
    voices.deals.append(Sold(f"d{contact}", contact, outcome, moment - timedelta(days=120), moment))
    if draw.random() < 0.12:
        voices.left.append((contact, moment))


def _speak(
    draw: random.Random,
    voices: Voices,
    contact: str,
    lead: str,
    at: datetime,
    language: tuple[tuple[str, str, str, str, tuple[str, ...]], ...],
) -> None:
    text, tone, emotion, intent, names = draw.choice(language)
    words = [Word(name, tone=tone, intent=intent) for name in names]
    if draw.random() < 0.3:  # the same words in another mood
        tone = draw.choice(("positive", "neutral", "negative"))
        words = [Word(name, tone=tone, intent=intent) for name in names]
    if draw.random() < 0.12:
        rival, (sentence, _word) = draw.choice(list(RIVALS.items()))
        text = f"{text} {sentence}"
        words.append(Word(rival.lower(), "competitor", "neutral", intent))
    channel = draw.choices(("email", "call", "chat", "survey", "ticket", "x"), (50, 14, 14, 12, 8, 2))[0]
    score = draw.choices(range(11), (1, 0, 1, 2, 2, 4, 5, 9, 14, 12, 10))[0] if channel == "survey" else None
    voices.said.append(
        Said(
            len(voices.said) + 1,
            at,
            contact,
            lead,
            channel,
            "ja" if language is JA else "en",
            tone,
            emotion,
            intent,
            score,
            tuple(words),
            labels=(
                {"complaint": "complaint", "purchase": "quote_request", "inquiry": "product_info"}.get(
                    intent, "thanks_ack"
                ),
            ),
            text=text,
        )
    )
