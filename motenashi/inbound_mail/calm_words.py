"""What people read of a mail that a door or the store could not deal with: a calm sentence each, in both languages.

The store keeps the English one; `in_language` finds its twin for a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

NEVER_ENDED: Mapping[str, str] = {
    "en": "Reading this mail was begun several times and never came to its end. It is kept as it came.",
    "ja": "このメールの読み取りを何度か試みましたが、完了しませんでした。届いたままの形で保管しています。",
}
TOO_LARGE_FOR_US: Mapping[str, str] = {
    "en": "This mail is too large to be taken in. It still lies in the mailbox.",
    "ja": "このメールは大きすぎるため取り込めませんでした。メールボックスにはそのまま残っています。",
}
TOO_LARGE_IN_FILE: Mapping[str, str] = {
    "en": "This mail is too large to be taken in. It still lies in the imported file.",
    "ja": "このメールは大きすぎるため取り込めませんでした。元のファイルにはそのまま残っています。",
}
NOT_GIVEN: Mapping[str, str] = {
    "en": "The mail server did not hand this mail over. It still lies in the mailbox.",
    "ja": "メールサーバーからこのメールを受け取れませんでした。メールボックスにはそのまま残っています。",
}
ALL = (NEVER_ENDED, TOO_LARGE_FOR_US, TOO_LARGE_IN_FILE, NOT_GIVEN)


def in_language(sentence: str, language: str, known: Iterable[Mapping[str, str]] = ALL) -> str:
    """One of the `known` sentences in another language; any other text as it is."""
    return next((words.get(language, sentence) for words in known if words["en"] == sentence), sentence)
