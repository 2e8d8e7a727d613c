"""Which parts of a mail are its text, which are files, invitations or other mails."""

from __future__ import annotations

from dataclasses import dataclass, field

from motenashi.inbound_mail.body_text import as_html, html_source, is_html, plain_text, says_something, visible_length
from motenashi.inbound_mail.mime_tree import Part

_REPORTS = frozenset(
    (
        "message/delivery-status",
        "message/disposition-notification",
        "message/global-delivery-status",
        "message/feedback-report",
    )
)
_CALENDARS = frozenset(("text/calendar", "application/ics", "text/x-vcalendar"))
_TNEF = frozenset(("application/ms-tnef", "application/vnd.ms-tnef"))
# Other forms of the same text, or data: never the words of the mail.
_NO_TEXT = frozenset(
    [
        "text/csv",
        "text/x-amp-html",
        "text/watch-html",
        "text/vcard",
        "text/x-vcard",
        "text/directory",
        "text/css",
        "text/javascript",
        "text/xml",
        "text/rtf",
        "text/x-moz-deleted",
    ]
)
_OPAQUE = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))
_ENCRYPTED = frozenset(("multipart/encrypted", "application/pgp-encrypted"))


@dataclass
class Block:
    """One stretch of the mail's own text: plain, as HTML, or both."""

    text: str = ""
    html: str = ""


@dataclass
class Contents:
    blocks: list[Block] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)
    calendars: list[Part] = field(default_factory=list)
    tnef: list[Part] = field(default_factory=list)
    mails: list[Part] = field(default_factory=list)
    reports: list[Part] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def take(self, other: Contents) -> None:
        """Everything of `other` but its text."""
        for name in ("files", "calendars", "tnef", "mails", "reports", "problems"):
            getattr(self, name).extend(getattr(other, name))


def read_contents(root: Part, hint: str) -> Contents:
    """What the mail with this root part is made of. `hint`: the charset where none is named."""
    contents = _walk(root, hint)
    if not any(block.text.strip() or block.html.strip() for block in contents.blocks):
        _take_named_text(contents, hint)
    return contents


def whole_text(blocks: list[Block]) -> tuple[str, str]:
    """(plain text, HTML) of all blocks. Where one has HTML only there is no plain text, but HTML of all."""
    written = [block for block in blocks if block.text.strip() or block.html.strip()]
    if all(block.text.strip() for block in written):
        text = "".join(map(_closed, (block.text for block in written))).rstrip("\n")
    else:
        text = ""
    if not any(block.html for block in written):
        return text, ""
    return text, "\n".join(block.html or as_html(block.text) for block in written)


def is_calendar(part: Part) -> bool:
    return part.media_type in _CALENDARS or (
        part.file_name.lower().endswith((".ics", ".vcs")) and not part.media_type.startswith(("multipart/", "message/"))
    )


def is_tnef(part: Part) -> bool:
    return part.media_type in _TNEF or part.file_name.lower() == "winmail.dat"


def _walk(part: Part, hint: str) -> Contents:
    contents = Contents(problems=[_at(part, problem) for problem in part.problems])
    if part.media_type in _ENCRYPTED or part.parameters.get("smime-type", "").lower() == "enveloped-data":
        contents.problems.append("The mail is encrypted; its text cannot be read.")
    elif part.media_type in _OPAQUE:
        contents.problems.append("The mail is encrypted or signed in a form that hides its text; it cannot be read.")
    if part.is_mail and part.children:
        contents.mails.append(part)
    elif part.media_type == "multipart/alternative":
        _take_alternatives(contents, part, hint)
    elif part.is_multipart:
        _take_all(contents, part, hint)
    elif part.media_type in _REPORTS:
        contents.reports.append(part)
    elif is_calendar(part):
        contents.calendars.append(part)
        if part.file_name:
            contents.files.append(part)
    elif is_tnef(part):
        contents.tnef.append(part)
    elif _is_text(part):
        _take_text(contents, part, hint)
    else:
        contents.files.append(part)
    return contents


def _take_all(contents: Contents, part: Part, hint: str) -> None:
    for child in part.children:
        inner = _walk(child, hint)
        if part.media_type == "multipart/related" and contents.blocks and _is_text(child):
            contents.files.append(child)  # a piece of the page, not of the text
            continue
        contents.blocks += inner.blocks
        contents.take(inner)


def _take_alternatives(contents: Contents, part: Part, hint: str) -> None:
    """The plain one is read unless it says nothing; the HTML is the last, for programs put their best last."""
    choices = [_walk(child, hint) for child in part.children]
    for choice in choices:
        contents.take(choice)
    texts = [choice.blocks for choice in choices if choice.blocks and all(block.text for block in choice.blocks)]
    pages = [choice.blocks for choice in choices if any(block.html for block in choice.blocks)]
    html = whole_text(pages[-1])[1] if pages else ""
    if html and not visible_length(html) and "<img" not in html.lower():
        html = ""
    text = next((found for found in (whole_text(blocks)[0] for blocks in texts) if says_something(found, html)), "")
    if not text and not html:
        text = next((whole_text(blocks)[0] for blocks in texts), "")
    contents.blocks.append(Block(text, html))


def _is_text(part: Part) -> bool:
    """Part of the mail's own words? Text with a file name is a file."""
    if not part.media_type.startswith("text/") or part.media_type in _NO_TEXT:
        return False
    return part.disposition.value != "attachment" and not part.file_name


def _take_text(contents: Contents, part: Part, hint: str) -> None:
    is_page = part.media_type == "text/html"
    text, problems = (html_source if is_page else plain_text)(part, hint)
    if not is_page and is_html(text):
        is_page = True
    contents.problems += [_at(part, problem) for problem in problems]
    if text.strip():
        contents.blocks.append(Block(html=text) if is_page else Block(text=text))


def _take_named_text(contents: Contents, hint: str) -> None:
    """A mail with no other text than one that was sent like a file: then that is the text (and stays a file)."""
    for part in contents.files:
        if part.media_type in ("text/plain", "text/html") and part.disposition.value != "attachment":
            _take_text(contents, part, hint)
            return


def _closed(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


def _at(part: Part, problem: str) -> str:
    return f"Part {part.place}: {problem}" if part.place else problem
