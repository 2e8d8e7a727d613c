"""What people call the columns of their spreadsheets, in both languages, and which field each of them is."""

from __future__ import annotations

from collections.abc import Mapping

from motenashi.touchpoint_intake.channel_words import plain_word
from motenashi.touchpoint_intake.read_row import NAMES, WHO_NAMES

EXTERNAL_SYSTEM = "external_system"
# Every name a column may have in the end; those of `who` stand beside the others.
FIELDS = (*(name for name in NAMES if name != "who"), *WHO_NAMES, EXTERNAL_SYSTEM)

_OTHER_NAMES: Mapping[str, str] = {
    "番号": "id",
    "管理番号": "id",
    "ツール": "source",
    "取得元": "source",
    "チャネル": "channel",
    "種類": "type",
    "種別": "type",
    "方向": "direction",
    "date": "at",
    "time": "at",
    "datetime": "at",
    "date_time": "at",
    "timestamp": "at",
    "occurred_at": "at",
    "日時": "at",
    "日付": "at",
    "発生日時": "at",
    "e_mail": "email",
    "mail": "email",
    "email_address": "email",
    "e_mail_address": "email",
    "メール": "email",
    "メールアドレス": "email",
    "telephone": "phone",
    "phone_number": "phone",
    "電話": "phone",
    "電話番号": "phone",
    "連絡先id": "contact_id",
    "見込み客id": "lead_id",
    "リードid": "lead_id",
    "外部システム": EXTERNAL_SYSTEM,
    "外部id": "external_id",
    "担当者": "owner",
    "商談id": "deal_id",
    "状態": "status",
    "ステータス": "status",
    "変更日時": "changed_at",
    "更新日時": "changed_at",
    "順序": "sequence",
    "件数": "count",
    "回数": "count",
    "回答数": "questions_answered",
    "分": "minutes",
    "時間(分)": "minutes",
    "秒": "duration_s",
    "duration": "duration_s",
    "ページ数": "pages",
    "subject": "title",
    "件名": "title",
    "タイトル": "title",
    "comment": "text",
    "内容": "text",
    "本文": "text",
    "コメント": "text",
    "nps": "score",
    "スコア": "score",
    "点数": "score",
    "言語": "language",
}


def field_of(header: str) -> str:
    """The field that a column holds; '' for a name that nobody knows."""
    word = plain_word(header)
    word = _OTHER_NAMES.get(word, word)
    return word if word in FIELDS else ""
