"""Why rows of a history were left out, or what is not known of them, in a person's words. Imports no numpy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# {n} is how many; the words of the table stand before the sentence.
_TABLES: Final[Mapping[str, tuple[str, str]]] = {
    "users": ("Users", "ユーザー"),
    "accounts": ("Accounts", "取引先"),
    "contacts": ("Contacts", "連絡先"),
    "leads": ("Leads", "見込み客"),
    "deals": ("Deals", "商談"),
    "stage_history": ("Stage changes", "ステージの変更"),
    "activities": ("Activities", "活動"),
    "emails": ("E-mails", "メール"),
    "touchpoints": ("Touchpoints", "接点"),
}
_REASONS: Final[Mapping[str, tuple[str, str]]] = {
    # Left out.
    "no_file": ("there is no file, so there are none", "ファイルがないため、なしとして扱いました"),
    "no_record": ("{n} lines are no records", "レコードとして読めない行が{n}件"),
    "no_id": ("{n} without an id", "IDのないもの{n}件"),
    "two_with_one_id": ("{n} share an id with a different record", "同じIDで内容の異なるもの{n}件"),
    "same_line_twice": ("{n} stand there twice (each counts once)", "重複した行{n}件（1件として数えます）"),
    "unknown_stage": ("{n} name a stage that does not exist", "存在しないステージのもの{n}件"),
    "unknown_kind": ("{n} are neither call nor event nor task", "電話・予定・タスクのいずれでもないもの{n}件"),
    "unknown_direction": ("{n} are neither in nor out", "送信か受信か分からないもの{n}件"),
    "no_type": ("{n} without a type", "種類のないもの{n}件"),
    "no_time": ("{n} without a readable time", "日時が読み取れないもの{n}件"),
    "after_the_end": ("{n} lie after the end of the record", "記録の終わりより後のもの{n}件"),
    "after_as_of": ("{n} lie after the moment asked for", "指定した時点より後のもの{n}件"),
    "closed_before_opened": ("{n} closed before they were opened", "開始より前に終了しているもの{n}件"),
    "closed_in_open_stage": ("{n} are closed, but their stage is open", "進行中のステージなのに終了しているもの{n}件"),
    "closed_without_time": ("{n} in a closed stage, but nobody says since when", "終了日時のない終了済みのもの{n}件"),
    "before_its_deal": ("{n} lie before their deal was opened", "商談の開始より前のもの{n}件"),
    "impossible_duration": ("{n} took an impossible time", "所要時間があり得ないもの{n}件"),
    "concerns_nobody": ("{n} concern no record that is known", "どのレコードにも結び付かないもの{n}件"),
    # Kept, but not all is known.
    "unknown_deal": ("{n} name a deal that is not known", "商談が見つからないもの{n}件"),
    "unknown_contact": ("{n} name a contact that is not known", "連絡先が見つからないもの{n}件"),
    "unknown_lead": ("{n} name a lead that is not known", "見込み客が見つからないもの{n}件"),
    "unknown_account": ("{n} name an account that is not known", "取引先が見つからないもの{n}件"),
    "unknown_owner": ("{n} name an owner who is not known", "担当者が見つからないもの{n}件"),
    "unknown_converted_deal": ("{n} became a deal that is not known", "転換先の商談が見つからないもの{n}件"),
    "no_time_zone": ("{n} without a time zone", "タイムゾーンのないもの{n}件"),
    "unknown_time_zone": ("{n} with a time zone that does not exist", "存在しないタイムゾーンのもの{n}件"),
    "no_amount": ("{n} without a readable amount", "金額が読み取れないもの{n}件"),
    "no_industry": ("{n} without an industry", "業種のないもの{n}件"),
    "repeat_not_said": ("{n} do not say whether the customer bought before", "購入歴の有無が不明なもの{n}件"),
    "stage_then_unknown": ("{n} whose stage at that moment is not known", "その時点のステージが不明なもの{n}件"),
    "closed_after_the_end": ("{n} closed later and count as open", "後で終了したため進行中として扱うもの{n}件"),
    "no_direction": ("{n} calls are neither in nor out", "発信か着信か分からない電話{n}件"),
    "unknown_status": ("{n} with an unknown status", "状態が不明なもの{n}件"),
    "unknown_result": ("{n} with an unknown result", "結果が不明なもの{n}件"),
    "unreadable_time": ("{n} with a time that can't be read", "一部の日時が読み取れないもの{n}件"),
    "opened_before_sent": ("{n} were opened before they were sent", "送信より前に開封されたことになっているもの{n}件"),
    "opened_after_the_end": ("{n} were opened after the end of the record", "記録の終わりより後に開封されたもの{n}件"),
    "purpose_told_by_subject": ("{n} whose purpose only the subject tells", "件名から目的を読み取ったもの{n}件"),
    "no_purpose": ("{n} whose purpose nobody tells", "目的が不明なもの{n}件"),
}
_NO_COLUMN: Final = "no_column_"


def told(reason: str, count: int, language: str = "en") -> str:
    """One sentence for a reason of `left_out` or `incomplete`, such as `deals.unknown_stage`."""
    table, _, why = reason.partition(".")
    place = 1 if language == "ja" else 0
    if why.startswith(_NO_COLUMN):
        column = why.removeprefix(_NO_COLUMN)
        sentence = (f"a file has no column {column}", f"列 {column} のないファイルがあります")[place]
    else:
        sentence = _REASONS[why][place].format(n=f"{count:,}")
    return f"{_TABLES[table][place]}{'：' if place else ': '}{sentence}"
