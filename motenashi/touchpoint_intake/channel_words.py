"""What other tools, and people in their spreadsheets, call channels, statuses and speakers; in both languages.

Ours are in crm_client/touch_channels.py. A word is looked up in lower case and half width, with single underscores for
spaces and hyphens.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from crm_client.touch_channels import CHANNELS, STATUSES, channel_of

_GAPS = re.compile(r"[\s\-_/・]+")

CHANNEL_WORDS: Mapping[str, str] = {
    "e_mail": "email",
    "mails": "email",
    "メール": "email",
    "eメール": "email",
    "phone": "call",
    "phone_call": "call",
    "telephone": "call",
    "calls": "call",
    "電話": "call",
    "通話": "call",
    "meetings": "meeting",
    "web_meeting": "meeting",
    "video_call": "meeting",
    "video_meeting": "meeting",
    "オンライン会議": "meeting",
    "オンラインミーティング": "meeting",
    "web会議": "meeting",
    "ミーティング": "meeting",
    "surveys": "survey",
    "feedback": "survey",
    "nps": "survey",
    "アンケート": "survey",
    "support_ticket": "ticket",
    "tickets": "ticket",
    "case": "ticket",
    "チケット": "ticket",
    "問い合わせ": "ticket",
    "サポート": "ticket",
    "fb": "facebook",
    "フェイスブック": "facebook",
    "tweet": "x",
    "x_(twitter)": "x",
    "x_twitter": "x",
    "エックス": "x",
    "ツイッター": "x",
    "events": "event",
    "trade_fair": "event",
    "visit_in_person": "event",
    "イベント": "event",
    "展示会": "event",
    "webinars": "webinar",
    "ウェビナー": "webinar",
    "オンラインセミナー": "webinar",
    "newsletter": "campaign",
    "e_mail_campaign": "campaign",
    "mailing": "campaign",
    "メルマガ": "campaign",
    "メール配信": "campaign",
    "キャンペーン": "campaign",
    "visits": "visit",
    "website_visit": "visit",
    "web_visit": "visit",
    "page_view": "visit",
    "サイト訪問": "visit",
    "web訪問": "visit",
    "ウェブサイト": "visit",
    "customer_portal": "portal",
    "ポータル": "portal",
    "live_chat": "chat",
    "chats": "chat",
    "チャット": "chat",
}
STATUS_WORDS: Mapping[str, str] = {
    "noanswer": "no_answer",
    "not_answered": "no_answer",
    "unanswered": "no_answer",
    "不在": "no_answer",
    "応答なし": "no_answer",
    "応答あり": "answered",
    "回答済み": "answered",
    "対応済み": "answered",
    "未回答": "not_answered",
    "未対応": "not_answered",
    "noshow": "no_show",
    "absent": "no_show",
    "欠席": "no_show",
    "出席": "attended",
    "参加": "attended",
    "canceled": "cancelled",
    "キャンセル": "cancelled",
    "申込": "registered",
    "登録": "registered",
    "opened": "open",
    "resolved": "closed",
    "solved": "closed",
    "done": "closed",
    "pending": "on_hold",
    "onhold": "on_hold",
    "オープン": "open",
    "対応中": "open",
    "クローズ": "closed",
    "完了": "closed",
    "解決済み": "closed",
    "保留": "on_hold",
    "エスカレーション": "escalated",
    "送信済み": "sent",
    "配信済み": "delivered",
    "到達": "delivered",
    "不達": "bounced",
    "開封": "opened",
    "クリック": "clicked",
    "受信": "received",
}
SPEAKERS: Mapping[str, str] = {
    "customer": "customer",
    "client": "customer",
    "visitor": "customer",
    "顧客": "customer",
    "お客様": "customer",
    "us": "us",
    "rep": "us",
    "agent": "us",
    "担当者": "us",
    "当社": "us",
    "other": "other",
    "その他": "other",
}
DIRECTIONS: Mapping[str, bool] = {  # True: a signal of theirs
    "customer": True,
    "signal": True,
    "inbound": True,
    "in": True,
    "incoming": True,
    "theirs": True,
    "顧客": True,
    "お客様": True,
    "受信": True,
    "着信": True,
    "us": False,
    "follow_up": False,
    "outbound": False,
    "out": False,
    "outgoing": False,
    "ours": False,
    "当社": False,
    "自社": False,
    "送信": False,
    "発信": False,
}


@lru_cache(maxsize=4096)
def plain_word(word: str) -> str:
    return _GAPS.sub("_", unicodedata.normalize("NFKC", word[:80]).strip().lower())


def channel_in(word: str) -> str:
    """One of the thirteen channels; '' for a word that names none."""
    plain = plain_word(word)
    return CHANNEL_WORDS.get(plain) or channel_of(plain)


def status_in(word: str, channel: str) -> str:
    """A status of this channel; '' for a word that names none there."""
    plain = plain_word(word)
    known = STATUSES.get(channel, ())
    if plain in known:
        return plain
    meant = STATUS_WORDS.get(plain, "")
    return meant if meant in known else ""


def statuses_of(channel: str) -> tuple[str, ...]:
    return STATUSES.get(channel, ())


__all__ = ["CHANNELS", "DIRECTIONS", "SPEAKERS", "channel_in", "plain_word", "status_in", "statuses_of"]
