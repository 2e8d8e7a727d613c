"""Did a machine write this mail? Answers to such a mail, or suggestions from it, would be wrong.

Source: RFC 3834 (Auto-Submitted), RFC 3464 and RFC 8098 (reports), RFC 2919 and RFC 2369 (lists), and the headers that
mail programs set beside these.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable

from motenashi.inbound_mail.headers import Headers
from motenashi.inbound_mail.limits import MOST_RECEIVED
from motenashi.inbound_mail.mime_tree import Part
from motenashi.inbound_mail.parsed_mail import Address, Automatic, ParsedMail

Finding = tuple[Automatic, str]
OUR_ID = "x-motenashi-id"

_DAEMON = re.compile(r"(?:mailer-?daemon|mail-?daemon|postmaster|mdaemon|bounces?(?:[+_=-].*)?)$", re.IGNORECASE)
_BOUNCE_SUBJECT = re.compile(
    r"(?:undeliver(?:ed|able)|delivery status notification|mail delivery (?:failed|system|subsystem)|returned mail|"
    r"failure notice|delivery (?:failure|has failed)|message (?:not|could not be) delivered|unzustellbar|"
    r"échec de la remise|no se pudo entregar|配信(?:不能|できません|エラー)|送信(?:不能|できません)|未配信|不達)",
    re.IGNORECASE,
)
_AUTO_SUBJECT = re.compile(
    r"\W{0,3}(?:auto(?:matic)?[ -]?(?:reply|response|replied)\b|out[ -]of[ -](?:the[ -])?office\b|automatische antwort|"
    r"abwesenheits(?:notiz|nachricht|assistent)|abwesend\b|réponse automatique|respuesta automática|"
    r"risposta automatica|"
    r"automatisch antwoord|自動(?:返信|応答|送信|配信)|不在(?:通知|連絡|のお知らせ)|休暇(?:通知|中)|"
    r"자동 ?(?:회신|응답)|自动(?:回复|答复))",
    re.IGNORECASE,
)
_RECEIPT_SUBJECT = re.compile(r"(?:read|return receipt|gelesen|lu|開封(?:確認|済み)?|既読)\s?[:：]", re.IGNORECASE)
_AUTO_HEADERS = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply",
    "x-autoreply-from",
    "x-mail-autoreply",
)
_MOST_SAME_DELIVERED = 3


def automatic_kind(root: Part, reports: Iterable[Part], sender: Address | None, subject: str) -> Finding:
    """(what kind of machine wrote it, the header or part that tells); ("", "") for a person's mail."""
    headers = root.headers
    tests: tuple[Callable[[], Finding | None], ...] = (
        lambda: _loop(headers),
        lambda: _report(root, reports),
        lambda: _bounce(headers, sender, subject),
        lambda: _auto_reply(headers, subject),
        lambda: _bulk(headers),
        lambda: _suppressed(headers),
    )
    return next((found for found in (test() for test in tests) if found), ("", ""))


def is_ours(parsed: ParsedMail, our_addresses: Collection[str]) -> bool:
    """A mail that we sent and that came back to us (a copy to ourselves, a forwarding rule, a loop).

    `our_addresses`: those from which mail leaves our own house, in any case.
    """
    ours = {address.lower() for address in our_addresses}
    return bool(parsed.our_ids) or (parsed.sender is not None and parsed.sender.address.lower() in ours)


def list_id_of(headers: Headers) -> str:
    """ "sales.example.com" of `Our sales team <sales.example.com>`; "" for a mail that came through no list."""
    value = headers.words("list-id")
    inside = value.rpartition("<")[2].partition(">")[0] if "<" in value else value
    return inside.strip().lower()[:250]


def _loop(headers: Headers) -> Finding | None:
    if headers.has(OUR_ID):
        return "loop", "X-Motenashi-Id: a mail of our own came back"
    hops = len(headers.all_raw("received"))
    if hops > MOST_RECEIVED:
        return "loop", f"Received: {hops} times"
    delivered = Counter(value.strip().lower() for value in headers.all_raw("delivered-to"))
    if delivered and max(delivered.values()) >= _MOST_SAME_DELIVERED:
        return "loop", "Delivered-To: the same address several times"
    return None


def _report(root: Part, reports: Iterable[Part]) -> Finding | None:
    types = {part.media_type for part in reports} | {root.media_type}
    kind = root.parameters.get("report-type", "").lower() if root.media_type == "multipart/report" else ""
    if kind == "disposition-notification" or "message/disposition-notification" in types:
        return "receipt", "message/disposition-notification"
    if "delivery-status" in kind or types & {"message/delivery-status", "message/global-delivery-status"}:
        return "bounce", "message/delivery-status"
    if kind == "feedback-report" or "message/feedback-report" in types:
        return "bounce", "message/feedback-report"
    return None


def _bounce(headers: Headers, sender: Address | None, subject: str) -> Finding | None:
    if headers.has("x-failed-recipients"):
        return "bounce", "X-Failed-Recipients"
    local = sender.address.rpartition("@")[0] if sender else headers.words("from").strip("<> ")
    is_daemon = bool(_DAEMON.match(local))
    if is_daemon and _BOUNCE_SUBJECT.search(subject):
        return "bounce", "From and Subject: a mail server tells that a mail was not delivered"
    if is_daemon and _is_empty_path(headers):
        return "bounce", "Return-Path: <>, From: a mail server"
    if local.lower().startswith(("mailer-daemon", "maildaemon", "mail-daemon", "mdaemon")):
        return "bounce", "From: a mail server"
    return None


def _auto_reply(headers: Headers, subject: str) -> Finding | None:
    submitted = headers.words("auto-submitted").lower().partition(";")[0].strip()
    if submitted and submitted != "no":
        return "auto_reply", f"Auto-Submitted: {submitted[:40]}"
    for name in (
        "x-autoreply",
        "x-autorespond",
        "x-autoresponder",
        "x-auto-reply",
        "x-autoreply-from",
        "x-mail-autoreply",
    ):
        if headers.has(name) and headers.words(name).lower() not in ("no", "false", "0"):
            return "auto_reply", name.title()
    for name in ("precedence", "x-precedence"):
        if headers.words(name).lower().replace("-", "_") in ("auto_reply", "autoreply"):
            return "auto_reply", f"{name.title()}: auto_reply"
    if _RECEIPT_SUBJECT.match(subject) and _is_empty_path(headers):
        return "receipt", "Subject: a receipt"
    if _AUTO_SUBJECT.match(subject):
        return "auto_reply", "Subject: an automatic reply"
    if _is_empty_path(headers):
        return "auto_reply", "Return-Path: <>"
    return None


def _bulk(headers: Headers) -> Finding | None:
    """Newsletters and the like. A list that people may post to (List-Post) is none: a shared address may be one."""
    if headers.words("precedence").lower() in ("bulk", "junk"):
        return "bulk", f"Precedence: {headers.words('precedence').lower()}"
    if "mailto:" in headers.words("list-post").lower():
        return None
    for name in (
        "list-unsubscribe",
        "list-id",
        "list-unsubscribe-post",
        "x-campaign-id",
        "x-campaignid",
        "feedback-id",
    ):
        if headers.has(name):
            return "bulk", name.title()
    return ("bulk", "Precedence: list") if headers.words("precedence").lower() == "list" else None


def _suppressed(headers: Headers) -> Finding | None:
    """A program asks for no automatic answers: it wrote the mail itself."""
    asked = {word.strip().lower() for word in headers.words("x-auto-response-suppress").split(",")}
    return ("auto_reply", "X-Auto-Response-Suppress") if asked & {"all", "oof", "autoreply"} else None


def _is_empty_path(headers: Headers) -> bool:
    return any(value.strip() == b"<>" for value in headers.all_raw("return-path"))
