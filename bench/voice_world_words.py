"""The words of the big world of voices: what customers talk about, in which proportions. Made up, in both languages."""

from __future__ import annotations

from itertools import product

INDUSTRIES = ("Retail", "Manufacturing", "Software", "Finance", "Healthcare", "Logistics", "Education", "小売", "製造")
TITLES = ("Buyer", "Manager", "Director", "CTO", "購買担当", "部長", "課長", "取締役")
LEAD_STATUSES = ("Not Contacted", "Contacted", "Attempted to Contact", "Pre-Qualified", "Not Qualified", "Junk Lead")
SOURCES = ("Web", "Trade Show", "Referral", "Advertisement", "展示会", "紹介")
STAGES = (
    ("Qualification", "open", 10),
    ("Needs Analysis", "open", 20),
    ("Proposal", "open", 50),
    ("Negotiation", "open", 75),
    ("Closed Won", "won", 100),
    ("Closed Lost", "lost", 0),
)
# (channel, type, is it theirs, statuses, weight)
CHANNELS = (
    ("email", "mail", True, ("received",), 22),
    ("email", "mail", False, ("sent", "delivered", "delivered", "opened", "bounced"), 22),
    ("call", "call", False, ("answered", "no_answer"), 10),
    ("call", "call", True, ("answered", "missed"), 4),
    ("visit", "page", True, ("claimed", "verified"), 18),
    ("campaign", "newsletter", False, ("sent", "opened", "clicked", "bounced"), 12),
    ("chat", "chat", True, ("answered", "missed"), 4),
    ("ticket", "ticket", True, ("open", "closed", "on_hold", "escalated"), 3),
    ("survey", "nps", True, ("answered", "not_answered"), 2),
    ("webinar", "webinar", True, ("registered", "attended", "no_show"), 1),
    ("meeting", "demo", False, ("attended", "no_show"), 1),
    ("facebook", "post", True, ("answered", "not_answered"), 0.5),
    ("x", "post", True, ("answered", "not_answered"), 0.3),
    ("event", "fair", False, ("attended",), 0.1),
    ("portal", "login", True, ("",), 0.1),
)
VOICE_CHANNELS = (("email", "mail", 55), ("chat", "chat", 15), ("call", "call", 10), ("ticket", "ticket", 10),
                  ("survey", "nps", 7), ("facebook", "post", 2), ("x", "post", 1))  # fmt: skip
TONES = (("neutral", 50), ("positive", 30), ("negative", 20))
EMOTIONS = {
    "positive": ("happy", "enthusiastic", "grateful", "trusting"),
    "neutral": ("neutral", "neutral", "neutral", "confused"),
    "negative": ("dissatisfied", "disappointed", "confused"),
}
INTENTS = (("inquiry", 45), ("purchase", 25), ("complaint", 12), ("other", 18))
LABELS = {
    "inquiry": ("product_question", "price_question", "availability"),
    "purchase": ("quote_request", "order", "demo_request"),
    "complaint": ("complaint", "return", "cancellation"),
    "other": ("thanks", "absence", "other"),
}
COMPETITORS = (
    "northfield",
    "acorn systems",
    "blue harbor",
    "kitakaze",
    "北風電機",
    "青葉商会",
    "丸ノ内デンキ",
    "zenith",
)
_FIRST = {
    "en": ("price", "delivery", "quality", "support", "battery", "warranty", "discount", "contract", "integration",
           "manual", "screen", "license", "invoice", "update", "training"),
    "ja": ("価格", "納期", "品質", "サポート", "バッテリー", "保証", "値引き", "契約", "連携", "マニュアル", "画面",
           "ライセンス", "請求書", "更新", "研修"),
}  # fmt: skip
_MORE = {
    "en": (("new", "spare", "remote", "annual", "second", "mobile", "cloud", "early", "open", "fast"),
           ("keyboard", "server", "printer", "monitor", "cable", "account", "report", "rollout", "backup", "meeting",
            "room", "camera", "storage", "network", "budget")),
    "ja": (("新しい", "予備", "遠隔", "年間", "二台目", "携帯", "クラウド", "早期", "公開", "高速"),
           ("キーボード", "サーバー", "プリンター", "モニター", "ケーブル", "アカウント", "報告書", "展開",
            "バックアップ", "会議", "部屋", "カメラ", "ストレージ", "ネットワーク", "予算")),
}  # fmt: skip
SENTENCES = {
    "en": "We looked at {0} and {1} once more. Could you tell us about {2} before the end of the month? Thank you.",
    "ja": "{0}と{1}について改めて検討いたしました。月末までに{2}についてご教示ください。よろしくお願いいたします。",
}
FAMILY = {"en": ("Miller", "Hart", "Novak", "Ito", "Berg"), "ja": ("佐藤", "鈴木", "高橋", "田中", "伊藤")}
GIVEN = {"en": ("Anna", "Ben", "Chloe", "Dan", "Eve"), "ja": ("陽菜", "蓮", "葵", "湊", "結衣")}


def keywords(language: str, how_many: int = 900) -> tuple[str, ...]:
    """The commonest first."""
    joint = " " if language == "en" else ""
    made = [f"{one}{joint}{other}" for one, other in product(*_MORE[language])]
    numbered = [f"{word}{joint}{number}" for number in range(2, 8) for word in made]
    return (*_FIRST[language], *made, *numbered)[:how_many]
