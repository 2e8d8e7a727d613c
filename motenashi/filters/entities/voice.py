"""What customers said: responses with their keywords and products, and what came of them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Float, case, cast, literal_column

from motenashi.filters.entities.making import DAYS, choice, column, many, one
from motenashi.filters.entities.sales import CHANNEL
from motenashi.filters.model import Alias, Entity, Field, Made, Part, TextsIn, words
from motenashi.insights.voice.tables import (
    voice_event_responses,
    voice_events,
    voice_intents,
    voice_keywords,
    voice_products,
    voice_responses,
)

TONES = (
    choice("positive", "Positive", "肯定的"),
    choice("neutral", "Neutral", "中立"),
    choice("negative", "Negative", "否定的"),
)
EMOTIONS = (
    choice("happy", "Happy", "喜び"),
    choice("enthusiastic", "Enthusiastic", "意欲的"),
    choice("grateful", "Grateful", "感謝"),
    choice("trusting", "Trusting", "信頼"),
    choice("confused", "Confused", "困惑"),
    choice("dissatisfied", "Dissatisfied", "不満"),
    choice("disappointed", "Disappointed", "失望"),
    choice("neutral", "Neutral", "中立"),
)
INTENTS = (
    choice("purchase", "Purchase", "購入"),
    choice("complaint", "Complaint", "苦情"),
    choice("inquiry", "Inquiry", "問い合わせ"),
    choice("other", "Other", "その他"),
)
SAID_BY = (
    choice("customer", "Customer", "お客様"),
    choice("us", "Us", "自社"),
    choice("other", "Somebody else", "その他"),
)
KEYWORD_KINDS = (choice("general", "General", "一般"), choice("competitor", "Competitor", "競合"))
EVENT_KINDS = (
    choice("churn", "Churn", "解約"),
    choice("lead_converted", "Lead converted", "見込み客の変換"),
    choice("lead_junk", "Lead was junk", "対象外の見込み客"),
    choice("deal_won", "Deal won", "成約"),
    choice("deal_lost", "Deal lost", "失注"),
    choice("recommendation_bought", "Recommendation bought", "おすすめ商品の購入"),
    choice("call_outcome", "Outcome of a call", "通話の結果"),
)
RELATIONS = (choice("during", "During", "最中"), choice("after", "After", "以後"))
GROUPS = (
    choice("promoter", "Promoter (9, 10)", "推奨者（9～10点）"),
    choice("passive", "Passive (7, 8)", "中立者（7～8点）"),
    choice("detractor", "Detractor (0 to 6)", "批判者（0～6点）"),
)

_SCORE_GROUP = Made(
    lambda row: case((row.c.score >= 9, "promoter"), (row.c.score >= 7, "passive"), (row.c.score >= 0, "detractor"))
)
_DAYS_AFTER = Made(lambda link: cast(link.c.seconds, Float) / 86_400.0)


def _is_rival(keyword: Alias) -> ColumnElement[bool]:
    return keyword.c.kind == literal_column("'competitor'")  # written out, for the index of these alone


_PEOPLE = (
    one("contact", "Contact", "連絡先", "contacts"),
    one("lead", "Lead", "見込み客", "leads"),
    one("account", "Account", "取引先", "accounts"),
    one("deal", "Deal", "商談", "deals"),
    one("owner", "Owner", "担当者", "owners"),
)

KEYWORDS = Entity(
    "keywords",
    words("Keyword", "キーワード"),
    voice_keywords,
    "response_id",
    "keyword",
    (
        column("keyword", "text", "Keyword", "キーワード", column="normal", folded=True),
        column("intent", "choice", "Intent", "意図", *INTENTS),
        column("said_by", "choice", "Said by", "発言者", *SAID_BY),
        column("tone", "choice", "Tone", "トーン", *TONES),
        column("kind", "choice", "Kind", "種類", *KEYWORD_KINDS),
        column("text", "text", "As it was said", "原文の表現"),
        column("record_id", "id", "Competitor's id", "競合ID"),
    ),
)

SAID_PRODUCTS = Entity(
    "said_products",
    words("Product named", "言及された商品"),
    voice_products,
    "response_id",
    "product_id",
    (
        column("product_id", "id", "Product's id", "商品ID"),
        column("text", "text", "As it was said", "原文の表現"),
    ),
    ones=(one("item", "Product", "商品", "products", "product_id"),),
)

RESPONSES = Entity(
    "responses",
    words("Response", "お客様の声"),
    voice_responses,
    "id",
    "text",
    (
        column("tone", "choice", "Tone", "トーン", *TONES),
        column("emotion", "choice", "Emotion", "感情", *EMOTIONS),
        column("intent", "choice", "Intent", "意図", *INTENTS),
        Field(
            "intents", "texts", words("Intents in detail", "詳細な意図"), TextsIn(voice_intents, "response_id", "label")
        ),
        column("at", "moment", "When", "日時"),
        CHANNEL,
        column("type", "choice", "Type", "種類"),
        column("language", "choice", "Language", "言語"),
        column("score", "number", "Score (0 to 10)", "推奨度（0～10）"),
        Field("score_group", "choice", words("Score group", "推奨度の区分"), _SCORE_GROUP, GROUPS, closed=True),
        column("text", "text", "Text", "本文", folded="text_folded"),
        column("source", "id", "Source", "出典"),
    ),
    ones=_PEOPLE,
    parts=(
        Part("keyword", words("Keyword", "キーワード"), "keywords", "id", "response_id"),
        Part("competitor", words("Competitor", "競合"), "keywords", "id", "response_id", _is_rival),
        Part("product", words("Product named", "言及された商品"), "said_products", "id", "response_id"),
    ),
    lists=(
        many("keywords", "Keywords", "キーワード", "response_id"),
        many("products", "Products named", "言及された商品", "response_id", "said_products"),
        many("events", "Voice events", "声に関する出来事", "response_id", "event_links"),
    ),
)

# An event and a response that it happened in or came after: seen from the event.
EVENT_LINKS = Entity(
    "event_links",
    words("Voice event", "声に関する出来事"),
    voice_event_responses,
    "event_id",
    "relation",
    (
        column("relation", "choice", "Relation to the response", "お客様の声との関係", *RELATIONS),
        Field("days_after", "number", words("Days after the response", "お客様の声からの日数"), _DAYS_AFTER, unit=DAYS),
        column("seconds", "number", "Seconds after the response", "お客様の声からの秒数", unit=words("seconds", "秒")),
    ),
    parts=(
        Part("response", words("Response", "お客様の声"), "responses", "response_id", "id"),
        Part("event", words("Voice event", "声に関する出来事"), "plain_events", "event_id", "id", open=True),
    ),
)

_EVENT_FIELDS = (
    column("kind", "choice", "Kind", "種類", *EVENT_KINDS),
    column("at", "moment", "When", "日時"),
    column("detail", "choice", "Detail", "詳細"),
)
PLAIN_EVENTS = Entity(
    "plain_events", words("Voice event", "声に関する出来事"), voice_events, "id", "kind", _EVENT_FIELDS
)

EVENTS = Entity(
    "events",
    words("Voice event", "声に関する出来事"),
    voice_events,
    "id",
    "kind",
    _EVENT_FIELDS,
    ones=_PEOPLE,
    parts=(Part("link", words("Voice event", "声に関する出来事"), "event_links", "id", "event_id", open=True),),
)
