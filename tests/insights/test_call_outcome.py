"""How a call ended, in both languages: from the last words that tell, or from the note."""

from __future__ import annotations

import pytest

from motenashi.insights.voice.call_outcome import call_outcome
from motenashi.insights.voice.people import LoggedCall


@pytest.mark.parametrize(
    ("text", "language", "outcome"),
    [
        ("Great, it works now. Thanks!", "en", "problem_solved"),
        ("So the issue has been resolved. Bye.", "en", "problem_solved"),
        ("All right, we'll go ahead with ten licences.", "en", "agreement_reached"),
        ("Then please send me the contract. Talk soon.", "en", "agreement_reached"),
        ("I'm in a meeting, could you call me back tomorrow?", "en", "call_back"),
        ("We have to discuss it internally first.", "en", "call_back"),
        ("No thank you, we are not interested.", "en", "no_interest"),
        ("We already have a contract with another supplier, goodbye.", "en", "no_interest"),
        ("Nice weather today, isn't it?", "en", "other"),
        ("おかげさまで問題は解決しました。ありがとうございます。", "ja", "problem_solved"),
        ("あ、ログインできました。失礼します。", "ja", "problem_solved"),
        ("では、その条件でお願いします。", "ja", "agreement_reached"),
        ("契約書をお送りください。よろしくお願いします。", "ja", "agreement_reached"),
        ("今、会議中なので、後ほどかけ直していただけますか。", "ja", "call_back"),
        ("社内で検討してから、こちらからご連絡します。", "ja", "call_back"),
        ("いえ、結構です。", "ja", "no_interest"),
        ("すでに他社さんに決めましたので。", "ja", "no_interest"),
        ("今日はいい天気ですね。", "ja", "other"),
        ("", "ja", "other"),
    ],
)
def test_the_end_of_a_call_tells(text: str, language: str, outcome: str) -> None:
    assert call_outcome([text], language) == outcome


def test_what_was_said_last_counts() -> None:
    said = ["We are not interested.", "What if it were half the price?", "Hm. Then we'll take it.", "Bye!"]

    assert call_outcome(said, "en") == "agreement_reached"
    assert call_outcome([said[2], "word " * 400], "en") == "other"  # too long ago


def test_where_the_talk_tells_nothing_the_note_does() -> None:
    assert call_outcome(["Bye."], "en", LoggedCall("answered", "Problem solved.")) == "problem_solved"
    assert call_outcome(["Bye."], "en", LoggedCall("no_answer")) == "call_back"
    assert call_outcome(["Bye."], "en", LoggedCall("no_interest")) == "no_interest"
    assert call_outcome(["We agreed on the price."], "en", LoggedCall("no_interest")) == "agreement_reached"
