"""What the chat box's door says to a visitor when something is in the way, in the visitor's language."""

from __future__ import annotations

_SENTENCES = {
    "too_many": {
        "en": "You are faster than we can read. Please wait a moment, then it goes on.",
        "ja": "短時間に多くのメッセージをいただいております。恐れ入りますが、少し待ってから続けてください。",
    },
    "busy": {
        "en": "We could not take your message just now. It will be sent again in a moment.",
        "ja": "ただいま混み合っております。まもなく自動的に再送いたします。",
    },
    "too_large": {
        "en": "This message is too long. Please send it in several parts.",
        "ja": "メッセージが長すぎます。恐れ入りますが、分けてお送りください。",
    },
    "wrong": {
        "en": "This message could not be read. Please try it in other words.",
        "ja": "メッセージを読み取れませんでした。恐れ入りますが、別の言い方でお試しください。",
    },
    "not_found": {
        "en": "This conversation is no longer available.",
        "ja": "この会話はご利用いただけなくなりました。",
    },
    "not_allowed": {
        "en": "The chat is not available on this page.",
        "ja": "このページではチャットをご利用いただけません。",
    },
    "not_verified": {
        "en": "We could not confirm who you are. Please sign in to the site again.",
        "ja": "ご本人様の確認ができませんでした。お手数ですが、サイトに再度ログインしてください。",
    },
}


def sentence(name: str, language: str) -> str:
    """`language` as a browser writes it (ja, en-GB); English for languages we have no sentences in."""
    texts = _SENTENCES[name]
    return texts["ja"] if language.lower().startswith("ja") else texts["en"]
