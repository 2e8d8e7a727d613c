"""What people read when a mail could not be taken in: one calm sentence each, in both languages.

The store keeps the English one; `in_language` finds its twin for a page.
"""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from crm_client.errors import CrmError, CrmRefused
from motenashi.inbound_mail import calm_words as stored_words
from motenashi.mail_intake.bilingual import Words, say

CRM_AWAY = say(
    "The CRM did not answer. The mail will be read again by itself.",
    "CRMから応答がありません。メールは後ほど自動的に読み直されます。",
)
CRM_REFUSED = say(
    "The CRM refused our access. An administrator has to look at it; the mail waits.",
    "CRMへのアクセスが拒否されました。管理者による確認が必要です。メールは保管されています。",
)
NOT_READ = say(
    "This mail could not be read. It is kept as it came.",
    "このメールを読み取れませんでした。届いたままの形で保管しています。",
)
CRM_REJECTED = say(
    "The CRM did not accept what was read from this mail. The mail is kept as it came.",
    "このメールから読み取った内容をCRMに登録できませんでした。メールは届いたままの形で保管しています。",
)
READER_AWAY = say(
    "No reader is there at the moment. The mail will be read by itself when one is back.",
    "現在、読み取りの処理が動いていません。再開後に自動的に読み取られます。",
)
DATABASE_AWAY = say(
    "The database did not answer. The mail will be read again by itself.",
    "データベースから応答がありません。メールは後ほど自動的に読み直されます。",
)
ALL = (CRM_AWAY, CRM_REFUSED, NOT_READ, CRM_REJECTED, READER_AWAY, DATABASE_AWAY)


def away(error: Exception) -> Words:
    """Something that is needed is not there."""
    if isinstance(error, CrmRefused):
        return CRM_REFUSED
    if isinstance(error, SQLAlchemyError):
        return DATABASE_AWAY
    return CRM_AWAY if isinstance(error, CrmError) else READER_AWAY


def failed(error: Exception) -> Words:
    """Something went wrong with this very mail."""
    return CRM_REJECTED if isinstance(error, CrmError) else NOT_READ


def in_language(sentence: str, language: str) -> str:
    """One of these sentences, or of the store's, in another language; any other text as it is."""
    return stored_words.in_language(sentence, language, (*ALL, *stored_words.ALL))
