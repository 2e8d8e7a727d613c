"""HTML mails: what the programs write, as the text that a reader sees."""

from __future__ import annotations

import pytest

from nlp.email_parts.html_text import html_to_text, looks_like_html
from nlp.email_text import newest_part

GMAIL = """<div dir="ltr">Tuesday works.<div><br></div><div>Best,<br>Sam</div></div><br>
<div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Tue, Nov 3, 2026 at 10:12 AM Dana
&lt;<a href="mailto:dana@reyes.example">dana@reyes.example</a>&gt; wrote:<br></div>
<blockquote class="gmail_quote" style="margin:0 0 0 .8ex"><div>Which day?</div></blockquote></div>"""

OUTLOOK = """<html><head><style>p {margin:0}</style></head><body><p>お見積りを拝受しました。</p>
<div style="border-top:solid #E1E1E1 1.0pt"><p><b>差出人:</b> 田中 &lt;tanaka@hoshi.example.jp&gt;<br>
<b>送信日時:</b> 2026年11月3日 10:12
<br><b>宛先:</b> 佐野<br><b>件名:</b> お見積り</p></div><p>お見積りをお送りします。</p></body></html>"""

APPLE = """<body>Yes.<br><br><div dir="ltr">Sent from my iPhone</div><div dir="ltr"><br><blockquote type="cite">
On Nov 3, 2026, at 10:12, Dana &lt;dana@reyes.example&gt; wrote:<br><br></blockquote></div>
<blockquote type="cite"><div>Shall I?</div></blockquote></body>"""


def test_gmail_keeps_the_answer_alone() -> None:
    assert newest_part(html_to_text(GMAIL)) == "Tuesday works.\n\nBest,\nSam"


def test_outlook_s_header_lines_stay_lines() -> None:
    assert newest_part(html_to_text(OUTLOOK)) == "お見積りを拝受しました。"


def test_apple_s_quote_and_device_line_go() -> None:
    assert newest_part(html_to_text(APPLE)) == "Yes."


def test_answers_between_quotes_are_found() -> None:
    html = "<blockquote>One?</blockquote><p>Yes.</p><blockquote>Two?</blockquote><p>No.</p>"

    assert newest_part(html_to_text(html)) == "Yes.\n\nNo."


def test_quotes_within_quotes_have_two_marks() -> None:
    assert html_to_text("<blockquote>a<blockquote>b</blockquote></blockquote>").split("\n")[::2] == ["> a", ">> b"]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("a &amp; b &lt; c&nbsp;d", "a & b < c\xa0d"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("a<hr>b", "a\n________________________________\nb"),
        ("<div style='display:none'>preheader</div>a", "a"),
        ("<style>p{}</style><title>t</title><script>x()</script>a", "a"),
        ("<!-- remark -->a<!-- unclosed b", "a-- unclosed b"),
        ("a <b", "a <b"),
        ("日本\n語", "日本 語"),
    ],
)
def test_html_becomes_the_text_a_reader_sees(html: str, text: str) -> None:
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    ("text", "expected"), [("<html><body>a", True), ("  <div dir=ltr>a", True), ("Hello <dana@x.example>", False)]
)
def test_html_without_its_kind_is_recognised(text: str, expected: bool) -> None:
    assert looks_like_html(text) is expected
