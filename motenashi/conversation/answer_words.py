"""What reading an answer gives: the value, or a calm sentence in both languages about what would fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from motenashi.conversation.message import Attachment


@dataclass(frozen=True)
class Answer:
    """`value` is plain JSON (text, number, list, {"from", "to"}, ISO day or moment), None when `skipped`;
    `text` is the same for people, in the visitor's language."""

    value: Any
    text: str
    skipped: bool = False


@dataclass(frozen=True)
class Wrong:
    """`reason` is a key of SENTENCES; `message` says it to the visitor: {"en": …, "ja": …}."""

    reason: str
    message: Mapping[str, str]

    def sentence(self, language: str) -> str:
        return self.message["ja" if language.startswith("ja") else "en"]


@dataclass(frozen=True)
class Given:
    """What came back for a card, and the circumstances needed to read it. Nothing in it is to be trusted."""

    text: str  # without blanks around it, control characters and halves of characters
    data: Mapping[str, Any]
    language: str
    now: datetime  # aware
    zone: ZoneInfo  # the visitor's, or the company's
    attachments: Sequence[Attachment] = field(default_factory=tuple)

    @property
    def japanese(self) -> bool:
        return self.language.startswith("ja")

    def plain_value(self) -> str:
        """The card's own value when it is a text or a number, else what was typed."""
        value = self.data.get("value")
        if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
            return self.text
        return str(value).strip()


def wrong(reason: str, **facts: Any) -> Wrong:
    english, japanese = SENTENCES[reason]
    return Wrong(reason, {"en": english.format(**facts), "ja": japanese.format(**facts)})


def listed(labels: Sequence[str]) -> str:
    """A few labels for a sentence; a long list is cut."""
    shown = " / ".join(labels[:10])
    return shown + (" / …" if len(labels) > 10 else "")


SENTENCES: Mapping[str, tuple[str, str]] = {
    "needed": (
        "I need an answer here to go on.",
        "恐れ入りますが、続けるにはこちらのご入力が必要です。",
    ),
    "too_short": (
        "That is a little short. Please write at least {shortest} characters.",
        "恐れ入りますが、{shortest}文字以上でご入力ください。",
    ),
    "too_long": (
        "That is a little long. Please keep it to {longest} characters.",
        "恐れ入りますが、{longest}文字以内でご入力ください。",
    ),
    "letters_only": (
        "Please use letters only, without digits or symbols.",
        "恐れ入りますが、数字や記号を含まない文字でご入力ください。",
    ),
    "not_name": (
        "I did not catch your name. Please write just the name.",
        "恐れ入りますが、お名前だけをご入力ください。",
    ),
    "not_email": (
        "That does not look like an e-mail address. Please write it as name@example.com.",
        "メールアドレスの形式をご確認ください（例：name@example.com）。",
    ),
    "not_phone": (
        "That does not look like a phone number. Please write it in digits, such as +81 3 1234 5678.",
        "電話番号の形式をご確認ください（例：03-1234-5678）。",
    ),
    "not_url": (
        "That does not look like a web address. Please write it as https://www.example.com.",
        "ウェブサイトのアドレスをご確認ください（例：https://www.example.com）。",
    ),
    "not_number": (
        "Please answer with a number, such as 12.",
        "恐れ入りますが、数字でご入力ください（例：12）。",
    ),
    "whole_number": (
        "Please answer with a whole number.",
        "恐れ入りますが、整数でご入力ください。",
    ),
    "decimals": (
        "Please use at most {decimals} digits after the point.",
        "恐れ入りますが、小数点以下は{decimals}桁以内でご入力ください。",
    ),
    "between": (
        "Please choose a number between {low} and {high}.",
        "恐れ入りますが、{low}から{high}までの数字でご入力ください。",
    ),
    "at_least": (
        "Please choose a number that is {low} or more.",
        "恐れ入りますが、{low}以上の数字でご入力ください。",
    ),
    "at_most": (
        "Please choose a number that is {high} or less.",
        "恐れ入りますが、{high}以下の数字でご入力ください。",
    ),
    "one_of": (
        "Please choose one of these: {options}.",
        "次の中からお選びください：{options}",
    ),
    "some_of": (
        "Please choose from these: {options}.",
        "次の中からお選びください（複数可）：{options}",
    ),
    "pick_at_least": (
        "Please choose at least {number}.",
        "{number}つ以上お選びください。",
    ),
    "pick_at_most": (
        "Please choose at most {number}.",
        "お選びいただけるのは{number}つまでです。",
    ),
    "two_of": (
        "Please choose where it begins and ends, such as {first} - {last}.",
        "始まりと終わりをお選びください（例：{first} - {last}）。",
    ),
    "not_rating": (
        "Please rate from 1 to {level}.",
        "1から{level}までの数字で評価をお願いいたします。",
    ),
    "not_like": (
        "Please answer with thumbs up or thumbs down.",
        "「よい」または「よくない」でお答えください。",
    ),
    "not_date": (
        "I could not read that date. Please write it as {example}.",
        "日付を読み取れませんでした。{example_ja}のようにご入力ください。",
    ),
    "which_date": (
        "I am not sure which date you mean: {first} or {second}? Please write the month as a word.",
        "日付を特定できませんでした。{first_ja}でしょうか、{second_ja}でしょうか。月と日をつけてご入力ください。",
    ),
    "no_time": (
        "Please add the time, too, such as 14:30.",
        "お時間もあわせてご入力ください（例：14:30）。",
    ),
    "date_between": (
        "Please choose a date from {first} to {last}.",
        "{first_ja}から{last_ja}までの日付をお選びください。",
    ),
    "date_from": (
        "Please choose a date from {first} on.",
        "{first_ja}以降の日付をお選びください。",
    ),
    "date_until": (
        "Please choose a date until {last}.",
        "{last_ja}までの日付をお選びください。",
    ),
    "two_dates": (
        "Please give me two dates, such as {first} - {last}.",
        "開始日と終了日をご入力ください（例：{first_ja} - {last_ja}）。",
    ),
    "reversed": (
        "The end is before the beginning. Please give me the earlier date first.",
        "終了日が開始日より前になっています。早い日付から順にご入力ください。",
    ),
    "not_offered": (
        "I am afraid that time is not available. Please choose one of these: {options}",
        "申し訳ございませんが、そのお時間は承れません。次の中からお選びください：{options_ja}",
    ),
    "not_place": (
        "I could not read that place. Please write an address.",
        "場所を読み取れませんでした。ご住所をご入力ください。",
    ),
    "too_far": (
        "That place is outside our area. Please choose one within {radius} km.",
        "申し訳ございませんが、対象の地域外です。{radius}km以内の場所をお選びください。",
    ),
    "no_file": (
        "Please attach a file.",
        "ファイルを添付してください。",
    ),
    "too_many_files": (
        "Please attach at most {number} file(s).",
        "添付いただけるファイルは{number}つまでです。",
    ),
    "wrong_file": (
        "I am afraid I can't take that kind of file. Possible are: {accept}.",
        "申し訳ございませんが、この形式のファイルはお受けできません。対応している形式：{accept}",
    ),
}
