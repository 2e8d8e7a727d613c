"""Deals with their stages and products, and what happens around them: activities, e-mails, touchpoints, suggestions."""

from __future__ import annotations

from crm_client.embedded import tables as crm
from crm_client.touch_channels import CHANNELS, channel_of
from motenashi.filters.entities.making import DAYS, choice, column, counted, last, many, one, touch_sums, with_crm_names
from motenashi.filters.model import Choice, Entity, Field, InColumn, LastAt, words
from motenashi.insights.voice.tables import voice_responses
from motenashi.suggestions.tables import suggestions

OUTCOMES = (choice("open", "Open", "進行中"), choice("won", "Won", "成約"), choice("lost", "Lost", "失注"))
DIRECTIONS_OF_MAIL = (choice("in", "From them", "受信"), choice("out", "From us", "送信"))
KINDS_OF_ACTIVITY = (
    choice("call", "Call", "電話"),
    choice("event", "Meeting", "予定"),
    choice("task", "Task", "タスク"),
)
_CHANNEL_WORDS = {
    "email": ("E-mail", "メール"),
    "call": ("Call", "電話"),
    "meeting": ("Online meeting", "オンライン会議"),
    "survey": ("Survey", "アンケート"),
    "ticket": ("Support ticket", "サポートチケット"),
    "facebook": ("Facebook", "Facebook"),
    "x": ("X", "X"),
    "event": ("Event", "イベント"),
    "webinar": ("Webinar", "ウェビナー"),
    "campaign": ("E-mail campaign", "メールキャンペーン"),
    "visit": ("Website visit", "ウェブサイト訪問"),
    "portal": ("Portal", "ポータル"),
    "chat": ("Chat", "チャット"),
}
CHANNEL_CHOICES: tuple[Choice, ...] = tuple(choice(name, *_CHANNEL_WORDS[name]) for name in CHANNELS)
CHANNEL = Field(
    "channel",
    "choice",
    words("Channel", "チャネル"),
    InColumn("channel", meaning=lambda stored: channel_of(stored) or stored),
    CHANNEL_CHOICES,
    closed=True,
)
_PEOPLE = (
    one("contact", "Contact", "連絡先", "contacts"),
    one("lead", "Lead", "見込み客", "leads"),
    one("deal", "Deal", "商談", "deals"),
    one("owner", "Owner", "担当者", "owners"),
)

STAGES = Entity(
    "stages",
    words("Stage", "ステージ"),
    crm.crm_stages,
    "name",
    "name",
    (
        column("name", "choice", "Stage", "ステージ"),
        column("outcome", "choice", "Outcome", "結果", *OUTCOMES),
        column("position", "number", "Position", "順番"),
        column("probability", "number", "Probability", "確度", unit=words("%", "%")),
    ),
)

_STAGE_SINCE = LastAt(crm.crm_stage_changes, "deal_id", "at", days=True)
DEALS = Entity(
    "deals",
    words("Deal", "商談"),
    crm.crm_deals,
    "id",
    "name",
    with_crm_names(
        "deals",
        (
            column("name", "text", "Deal name", "商談名"),
            column("stage", "choice", "Stage", "ステージ"),
            column("amount", "money", "Amount", "金額"),
            column("currency", "choice", "Currency", "通貨"),
            column("type", "choice", "Type", "種別"),
            column("lead_source", "choice", "Source", "獲得元"),
            column("repeat", "boolean", "Repeat business", "リピート"),
            column("expected_close", "date", "Expected to close", "完了予定日"),
            column("created_at", "moment", "Created", "作成日時"),
            column("closed_at", "moment", "Closed", "完了日時"),
            *last("stage_since", "In its stage since", "現在のステージになった日時", crm.crm_stage_changes, "deal_id"),
            Field(
                "days_in_stage", "number", words("Days in its stage", "現在のステージの日数"), _STAGE_SINCE, unit=DAYS
            ),
            column("account_id", "id", "Account's id", "取引先ID"),
            column("contact_id", "id", "Contact's id", "連絡先ID"),
            column("owner_id", "id", "Owner's id", "担当者ID"),
            column("id", "id", "Id", "ID"),
            counted("number_of_products", "Number of products", "商品数", crm.crm_deal_products, "deal_id"),
            *touch_sums("deal_id"),
            counted("number_of_responses", "Number of responses", "反応の数", voice_responses, "deal_id"),
            *last("last_response_at", "Last response", "最後のお客様の声", voice_responses, "deal_id"),
        ),
    ),
    ones=(
        one("stage", "Stage", "ステージ", "stages", "stage"),
        one("account", "Account", "取引先", "accounts", "", "Account_Name"),
        one("contact", "Contact", "連絡先", "contacts", "", "Contact_Name"),
        one("owner", "Owner", "担当者", "owners", "", "Owner"),
    ),
    lists=(
        many("responses", "Responses", "お客様の声", "deal_id"),
        many("events", "Voice events", "声に関する出来事", "deal_id"),
        many("products", "Products", "商品", "deal_id", "lines"),
        many("touchpoints", "Touchpoints", "接点", "deal_id"),
        many("activities", "Activities", "活動", "deal_id"),
        many("emails", "E-mails", "メール", "deal_id"),
        many("stage_changes", "Changes of stage", "ステージの変更", "deal_id"),
        many("suggestions", "Suggestions", "提案", "deal_id"),
    ),
)

PRODUCTS = Entity(
    "products",
    words("Product", "商品"),
    crm.crm_products,
    "id",
    "name_en",
    (
        column("name_en", "text", "English name", "英語名"),
        column("name_ja", "text", "Japanese name", "日本語名"),
        column("code", "text", "Code", "商品コード"),
        column("category", "choice", "Category", "カテゴリー"),
        column("active", "boolean", "Active", "販売中"),
    ),
)

LINES = Entity(
    "lines",
    words("Product in a deal", "商談の商品"),
    crm.crm_deal_products,
    "deal_id",
    "product_id",
    (
        column("product_id", "id", "Product's id", "商品ID"),
        column("quantity", "number", "Quantity", "数量"),
        column("unit_price", "money", "Unit price", "単価"),
    ),
    ones=(one("product", "Product", "商品", "products"), one("deal", "Deal", "商談", "deals")),
)

STAGE_CHANGES = Entity(
    "stage_changes",
    words("Change of stage", "ステージの変更"),
    crm.crm_stage_changes,
    "number",
    "to_stage",
    (
        column("to_stage", "choice", "To", "変更後"),
        column("from_stage", "choice", "From", "変更前"),
        column("at", "moment", "When", "日時"),
    ),
)

ACTIVITIES = Entity(
    "activities",
    words("Activity", "活動"),
    crm.crm_activities,
    "id",
    "kind",
    (
        column("kind", "choice", "Kind", "種類", *KINDS_OF_ACTIVITY),
        column("subject", "text", "Subject", "件名"),
        column("start_at", "moment", "Start", "開始日時"),
        column("end_at", "moment", "End", "終了日時"),
        column("status", "choice", "Status", "ステータス"),
        column("result", "choice", "Result", "結果"),
        column("direction", "choice", "Direction", "発着信"),
        column("purpose", "choice", "Purpose", "目的"),
        column("note", "text", "Note", "メモ"),
    ),
    ones=_PEOPLE,
)

EMAILS = Entity(
    "emails",
    words("E-mail", "メール"),
    crm.crm_emails,
    "id",
    "subject",
    (
        column("direction", "choice", "Direction", "送受信", *DIRECTIONS_OF_MAIL),
        column("subject", "text", "Subject", "件名"),
        column("text", "text", "Text", "本文"),
        column("sent_at", "moment", "Sent", "送信日時"),
        column("status", "choice", "Status", "ステータス"),
        column("purpose", "choice", "Purpose", "目的"),
        column("opened_at", "moment", "Opened", "開封日時"),
        column("clicked_at", "moment", "Link clicked", "クリック日時"),
        column("replied_at", "moment", "Answered", "返信日時"),
    ),
    ones=_PEOPLE,
)

TOUCHPOINTS = Entity(
    "touchpoints",
    words("Touchpoint", "接点"),
    crm.crm_touchpoints,
    "id",
    "channel",
    (
        CHANNEL,
        column("type", "choice", "Type", "種類"),
        column("at", "moment", "When", "日時"),
        column("signal", "boolean", "Sign of theirs", "相手からの反応"),
        column("status", "choice", "Status", "ステータス"),
        column("title", "text", "Title", "件名"),
        column("duration_s", "number", "Duration", "所要時間", unit=words("seconds", "秒")),
        column("pages", "number", "Pages seen", "閲覧ページ数"),
        column("count", "number", "Questions answered", "回答数"),
    ),
    ones=_PEOPLE,
)

_STATES = (
    choice("open", "Open", "未対応"),
    choice("done", "Done", "実施済み"),
    choice("dismissed", "Turned down", "却下"),
    choice("replaced", "Replaced", "更新済み"),
)
SUGGESTIONS = Entity(
    "suggestions",
    words("Suggestion", "提案"),
    suggestions,
    "id",
    "action",
    (
        column("action", "choice", "Action", "アクション"),
        column("purpose", "choice", "Purpose", "目的"),
        column("state", "choice", "State", "状態", *_STATES),
        column("urgency", "choice", "Urgency", "緊急度"),
        column("respond_by", "moment", "Respond by", "対応期限"),
        column("created_at", "moment", "Created", "作成日時"),
    ),
)
