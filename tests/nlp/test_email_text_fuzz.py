"""Any text at all: the parts are the whole text, nothing crashes, and hostile mails of a megabyte stay bounded."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.email_parts.html_text import html_to_text
from nlp.email_parts.lines import MOST_LINES
from nlp.email_text import EmailText, PartKind, newest_part, read_email_text

PIECES = [
    "Hello Dana,",
    "お世話になっております。",
    "On Tue, Nov 3, 2026 at 10:12 AM Dana <dana@reyes.example> wrote:",
    "On Tue, Nov 3, 2026 at 10:12 AM Dana <",
    "dana@reyes.example> wrote:",
    "2026年11月3日(火) 10:12 田中 <tanaka@hoshi.example.jp>:",
    "田中さんは書きました:",
    "> quoted",
    ">> twice",
    "＞引用",
    "| bar",
    "DR> initials",
    ">>> Dana 11/3/2026 10:12 AM >>>",
    "From: Dana <dana@reyes.example>",
    "Sent: Tuesday, November 3, 2026 10:12 AM",
    "To: Sam",
    "Subject: Hello",
    "差出人: 田中",
    "件名：確認",
    "-----Original Message-----",
    "---------- Forwarded message ---------",
    "--- 以下、元のメール ---",
    "##- Please type your reply above this line -##",
    "-- ",
    "--",
    "====================",
    "________________________________",
    "Kind regards,",
    "Dana Reyes",
    "株式会社ほし 営業部",
    "Tel: +44 20 7946 0018",
    "Sent from my iPhone",
    "iPhoneから送信",
    "This email is confidential and intended solely for the addressee.",
    "【免責事項】",
    "CAUTION: This email originated from outside of the organization.",
    "Fine. On Tue, Nov 3, 2026 at 10:12 AM Dana <d@r.example> wrote:",
    "",
    "   ",
    "\u3000",
]
mail_like = st.lists(st.sampled_from(PIECES) | st.text(max_size=30), max_size=30).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n", "\r"]).map(lambda end: end.join(lines))
)


def assert_covers(told: EmailText) -> None:
    place = 0
    for part in told.parts:
        assert part.start == place < part.end
        assert part.why
        place = part.end
    assert place == len(told.text)


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=300) | mail_like)
def test_the_parts_of_any_text_are_the_whole_text(text: str) -> None:
    told = read_email_text(text)

    assert_covers(told)
    assert "".join(map(told.text_of, told.parts)) == text


@settings(max_examples=300, deadline=None)
@given(mail_like)
def test_the_newest_part_is_made_of_the_mail_s_own_lines(text: str) -> None:
    pieces = [part for part in read_email_text(text).parts if part.kind is PartKind.NEWEST]
    own = "".join(text[part.start : part.end] for part in pieces)

    assert newest_part(text).split() == own.split()


@settings(max_examples=200, deadline=None)
@given(mail_like)
def test_the_newest_part_of_a_newest_part_never_grows(text: str) -> None:
    once = newest_part(text)

    assert len(newest_part(once)) <= len(once)


html_like = st.lists(
    st.sampled_from(["<p>", "</p>", "<br>", "<blockquote>", "</blockquote>", "<div style='display:none'>", "</div>"])
    | st.sampled_from(["<!--", "-->", "<", ">", "&", "&nbsp;", "&#x3042;", "<td>", "<pre>", "<hr>", "<style>", "text"])
    | st.text(max_size=10),
    max_size=40,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(html_like)
def test_any_html_becomes_text_that_can_be_read(html: str) -> None:
    assert_covers(read_email_text(html_to_text(html)))


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "\n",
        ">\n",
        "a:\n",
        "> q\nanswer\n",
        "-- \n",
        "From: a\n",
        "-=-" * 40 + "x\n",
        "." * 139 + "\n",
        "On 3 Nov 2026 <\n",
        "1 ",
        " " * 500 + "x\n",
        "This email is confidential, recipient\n\n",
    ],
)
def test_a_hostile_megabyte_is_told_apart(piece: str) -> None:
    """Quadratic work would run into the suite's limit of time."""
    assert_covers(read_email_text(piece * (1_000_000 // len(piece))))


@pytest.mark.parametrize("piece", ["<!--", "<a ", "</x>", "<div>", "<![CDATA[", "<b a='", "&#", "<i></b>", "<"])
def test_a_hostile_megabyte_of_html_is_read(piece: str) -> None:
    html_to_text("kept " + piece * (1_000_000 // len(piece)))


def test_what_stands_very_far_down_goes_with_what_is_above_it() -> None:
    header = "Yes.\n\nOn Tue, Nov 3, 2026 at 10:12 AM Dana <dana@reyes.example> wrote:\n"
    told = read_email_text(header + "> quoted\n" * (MOST_LINES + 5))

    assert told.newest == "Yes."
    assert told.parts[-1].kind is PartKind.QUOTE
    assert_covers(told)
