"""What is wrong with a row, in words, in both languages: what it is, and what to do about it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from motenashi.touchpoint_intake.row import RowProblem

_WORDS: Mapping[str, tuple[str, str]] = {
    "not_object": (
        "The row is {kind}, not an object with fields.",
        "行が{kind}になっています。項目を持つオブジェクトにしてください。",
    ),
    "unknown_field": ("There is no such field.", "このような項目はありません。"),
    "missing": ("It is missing.", "必須の項目がありません。"),
    "not_text": ("It must be a text, not {kind}.", "{kind}ではなく文字列にしてください。"),
    "not_true_or_false": ("It must be true or false, not {kind}.", "{kind}ではなくtrueかfalseにしてください。"),
    "unseen_signs": (
        "It holds signs that cannot be seen (line ends, controls). Leave them out.",
        "改行や制御文字など、見えない文字が含まれています。取り除いてください。",
    ),
    "colon": ("It may hold no colon.", "コロン(:)は使えません。"),
    "too_long": (
        "It has {length} characters; {most} are the most.",
        "{length}文字あります。{most}文字以内にしてください。",
    ),
    "shortened": (
        "It was cut to {most} characters.",
        "{most}文字に切り詰めました。",
    ),
    "unknown_channel": ("“{value}” is no channel.", "「{value}」というチャネルはありません。"),
    "unknown_status": (
        "“{value}” is no status of the channel {channel}.",
        "「{value}」は、チャネル「{channel}」の状態ではありません。",
    ),
    "no_status": (
        "The channel {channel} has no status. Leave it out.",
        "チャネル「{channel}」に状態はありません。省略してください。",
    ),
    "not_time": (
        "“{value}” is no moment with its time zone. Write it as 2026-05-11T09:00:00+09:00.",
        "「{value}」は、タイムゾーン付きの日時ではありません。2026-05-11T09:00:00+09:00 の形式で指定してください。",
    ),
    "future": (
        "It lies {ahead} ahead of our clock. Send it when it has happened; if it has, is the sender's clock right?",
        "現在より{ahead}先の日時です。発生してから送信してください。すでに発生している場合は、送信側の時計をご確認ください。",
    ),
    "long_ago": ("It lies before the year 1970.", "1970年より前の日時です。"),
    "not_number": (
        "It must be a whole number from {least} to {most}, not “{value}”.",
        "「{value}」ではなく、{least}以上{most}以下の整数にしてください。",
    ),
    "two_durations": (
        "It is told twice and differently: give duration_s or minutes.",
        "duration_sとminutesの値が食い違っています。どちらか一方だけを指定してください。",
    ),
    "two_counts": (
        "It is told twice and differently: give count or questions_answered.",
        "countとquestions_answeredの値が食い違っています。どちらか一方だけを指定してください。",
    ),
    "two_directions": (
        "direction and signal say the opposite of each other. Give one of them.",
        "directionとsignalの内容が矛盾しています。どちらか一方だけを指定してください。",
    ),
    "unknown_direction": (
        "“{value}” is neither “customer” (they did it) nor “us” (we did).",
        "「{value}」は「customer」(お客様の行動)でも「us」(当社の行動)でもありません。",
    ),
    "no_direction": (
        "It is missing: “customer” when they did it, “us” when we did.",
        "指定がありません。お客様の行動なら「customer」、当社の行動なら「us」を指定してください。",
    ),
    "nobody": (
        "It names nobody. Give at least one of contact_id, lead_id, email, phone, external_id.",
        "相手が分かりません。contact_id、lead_id、email、phone、external_idのいずれかを指定してください。",
    ),
    "not_email": ("“{value}” is no e-mail address.", "「{value}」はメールアドレスではありません。"),
    "not_phone": ("“{value}” is no phone number.", "「{value}」は電話番号ではありません。"),
    "not_external": (
        "It must be an object with “system” (that begins with no “=”) and “id”.",
        "「system」（先頭に「=」は使えません）と「id」を持つオブジェクトにしてください。",
    ),
    "not_who": ("It must be an object, not {kind}.", "{kind}ではなくオブジェクトにしてください。"),
    "not_segments": (
        "It must be a text, or a list of objects with “speaker” and “text”.",
        "文字列、または「speaker」と「text」を持つオブジェクトのリストにしてください。",
    ),
    "unknown_speaker": (
        "“{value}” is no speaker: customer, us or other.",
        "「{value}」という話者はありません。customer、us、otherのいずれかにしてください。",
    ),
    "too_many": ("It has {length} parts; {most} are the most.", "{length}件あります。{most}件以内にしてください。"),
    "score_elsewhere": (
        "Only a survey has a score.",
        "scoreを指定できるのはアンケート(survey)だけです。",
    ),
    "not_language": (
        "“{value}” is no language such as en or ja.",
        "「{value}」は、enやjaのような言語コードではありません。",
    ),
    "which_is_newer": (
        "It was “{old}” before, and nothing says which is newer. Give a later changed_at, or a higher sequence.",
        "以前の状態は「{old}」で、どちらが新しいか判断できません。より新しいchanged_at、または大きいsequenceを指定してください。",
    ),
    "crm_refuses": ("The CRM does not take it: {value}", "CRMに登録できませんでした: {value}"),
    "line": ("The line cannot be read: {value}", "行を読み取れません: {value}"),
    # Notes: it was taken, and this was done.
    "older_status": (
        "The status “{value}” is older than “{old}”, which stays.",
        "状態「{value}」は「{old}」より古いため、「{old}」のままにしました。",
    ),
    "other_content": (
        "Besides the status, other fields differ from what was sent first. They were not changed.",
        "状態以外の項目が最初の内容と異なりますが、変更していません。",
    ),
    "unknown_owner": (
        "“{value}” is nobody of ours. It was stored without an owner.",
        "「{value}」という担当者が見つからないため、担当者なしで登録しました。",
    ),
    "unknown_deal": (
        "There is no deal “{value}” here yet. It was kept all the same.",
        "商談「{value}」はまだ登録されていませんが、そのまま記録しました。",
    ),
    "unknown_person": (
        "Nobody here is known by this yet. It waits and is matched when they are.",
        "該当する連絡先または見込み客がまだ登録されていないため、待機中です。登録され次第、自動的に紐付けます。",
    ),
    "was_set_aside": (
        "Somebody has set it aside on the page /touchpoints.",
        "「接点」ページ(/touchpoints)で保留にされています。",
    ),
}
_KINDS = {
    "nothing": "空(null)",
    "a truth value": "真偽値",
    "a number": "数値",
    "a text": "文字列",
    "a list": "リスト",
    "an object": "オブジェクト",
}


def kind_of(value: object) -> str:
    """What a JSON value is, in words."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "a truth value"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, list) else "an object"


def told(problem: RowProblem, language: str = "en") -> str:
    """One or two sentences, without the field's name."""
    english, japanese = _WORDS[problem.code]
    values = dict(problem.values)
    if language == "ja" and "kind" in values:
        values["kind"] = _KINDS[values["kind"]]
    sentence = (japanese if language == "ja" else english).format(**values)
    return f"{sentence}{_hint(values, language)}"


def _hint(values: Mapping[str, Any], language: str) -> str:
    near, known = str(values.get("near", "")), values.get("known", ())
    if near:
        return f"「{near}」のことでしょうか。" if language == "ja" else f" Did you mean “{near}”?"
    if known:
        return f"使えるのは {'、'.join(known)} です。" if language == "ja" else f" There is: {', '.join(known)}."
    return ""


def problems_to_json(problems: Sequence[RowProblem]) -> str:
    return json.dumps([[one.field, one.code, dict(one.values)] for one in problems], ensure_ascii=False)


def problems_from_json(text: str) -> tuple[RowProblem, ...]:
    found = json.loads(text) if text else []
    return tuple(RowProblem(field, code, values) for field, code, values in found if code in _WORDS)
