"""One person's mail, written: subject, text with the way to stop such mail below it, and simple HTML made of the text.

The HTML is nothing but the escaped text with paragraphs and links, so nothing that stands in a record or a template can
become markup.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from motenashi.bulk_actions.content import MailContent
from motenashi.bulk_actions.gather import Facts, Gather
from motenashi.bulk_actions.templates import RenderingFailed, fields_in, render
from motenashi.bulk_actions.words import Language
from motenashi.outgoing_mail.mail import one_line

LONGEST_SUBJECT = 300

_LINK = re.compile(r"https?://[^\s<>\"'（）「」、。]+[^\s<>\"'（）「」、。.,;:!?)]")
_STOP: Mapping[Language, str] = {
    "en": "If you would rather not receive such mails, you can stop them here:",
    "ja": "今後このようなご案内が不要な場合は、こちらから配信を停止できます。",
}


@dataclass(frozen=True)
class Letter:
    """`empty`: fields that the texts show and that hold nothing for this person ("contact.title")."""

    language: Language
    subject: str
    text: str
    html: str
    empty: tuple[str, ...] = ()


def write_letter(
    content: MailContent, facts: Facts, gather: Gather, *, stop_link: str, footers: Mapping[Language, str]
) -> Letter:
    """RenderingFailed when this person's mail can't be written."""
    language = content.language_for(facts.person.language if facts.person else "")
    scope = gather.scope(facts, language)
    subject = one_line(render(content.subject[language], scope))[:LONGEST_SUBJECT]
    if not subject:
        raise _empty("subject", "件名")
    body = render(content.body[language], scope).strip()
    if not body:
        raise _empty("text", "本文")
    below = "\n".join(part for part in (footers.get(language, "").strip(), _STOP[language], stop_link) if part)
    text = f"{body}\n\n--\n{below}\n"
    shown = dict.fromkeys(fields_in(content.subject[language]) + fields_in(content.body[language]))
    empty = tuple(f"{root}.{name}" for root, name in shown if scope.get(root, {}).get(name) == "")
    return Letter(language, subject, text, _as_html(body, below, language), empty)


def _empty(en: str, ja: str) -> RenderingFailed:
    return RenderingFailed({"en": f"The {en} is empty for this person.", "ja": f"この宛先では{ja}が空になります。"}, en)


def _as_html(body: str, below: str, language: Language) -> str:
    paragraphs = "".join(f"<p>{_marked_up(part)}</p>" for part in re.split(r"\n\s*\n", body.strip()))
    small = f'<p style="color:#667;font-size:smaller">{_marked_up(below)}</p>'
    return f'<!doctype html><html lang="{language}"><body>{paragraphs}<hr>{small}</body></html>'


def _marked_up(text: str) -> str:
    made, end = [], 0
    for found in _LINK.finditer(text):
        link = html.escape(found[0])
        made += [html.escape(text[end : found.start()]), f'<a href="{link}">{link}</a>']
        end = found.end()
    return "".join([*made, html.escape(text[end:])]).replace("\n", "<br>\n")
