"""Lines that announce another mail by words of their own: original message, forwarded message, "reply above this line"."""

from __future__ import annotations

import re
from enum import Enum

_ORIGINAL = (
    r"original ?message|original e-?mail|reply message|ursprüngliche nachricht|urspr\. nachricht|original-?nachricht|"
    r"message d[’']origine|message original|message initial|mensaje original|mensagem original|messaggio originale|"
    r"oorspronkelijk bericht|originalmeddelande|ursprungligt meddelande|oprindelig meddelelse|oprindelig besked|"
    r"opprinnelig melding|alkuperäinen viesti|wiadomość oryginalna|původní zpráva|původní e-mail|eredeti üzenet|"
    r"исходное сообщение|оригинальное сообщение|пересылаемое сообщение|özgün ileti|orijinal mesaj|"
    r"元のメッセージ|元のメール|オリジナルメッセージ|元メッセージ|原始邮件|原始郵件|邮件原件|원본 메시지|원본 메일"
)
_FORWARDED = (
    r"(?:begin )?forwarded (?:message|e-?mail|mail)|forwarded by .{1,80}|weitergeleitete nachricht|"
    r"anfang der weitergeleiteten (?:nachricht|e-?mail)|(?:début du )?message (?:réexpédié|transféré)|"
    r"(?:inicio del )?mensaje (?:reenviado|remitido)|mensagem (?:encaminhada|reencaminhada)|(?:inizio )?messaggio inoltrato|"
    r"inizio messaggio inoltrato|doorgestuurd bericht|begin doorgestuurd bericht|vidarebefordrat (?:meddelande|brev)|"
    r"videresendt (?:meddelelse|melding|besked)|videresend(?:t|te) .{0,20}|edelleenlähetetty viesti|przekazana wiadomość|"
    r"wiadomość przekazana|přeposlaná zpráva|továbbított üzenet|пересланное сообщение|переадресоване повідомлення|"
    r"iletilen mesaj|転送(?:された)?(?:メッセージ|メール)|転送メッセージ(?:の開始)?|转发的邮件|轉寄郵件|转发邮件|전달된 메시지"
)
_REPLY_ABOVE = (
    r"(?:please )?(?:type|write|enter|add)? ?(?:your )?(?:reply|response|answer) (?:must be )?(?:above|over) this line.{0,40}|"
    r"(?:please )?(?:reply|respond|write|type) (?:above|over) this (?:line|text).{0,40}|"
    r"(?:please )?(?:do not|don't) (?:write|type) below this line.{0,40}|"
    r"bitte (?:über|oberhalb) dieser (?:linie|zeile) antworten|antworten sie (?:über|oberhalb) dieser (?:linie|zeile)|"
    r"(?:merci de )?répond(?:re|ez) au-dessus de cette ligne|(?:por favor,? )?responda? (?:por )?encima de esta línea|"
    r".{0,6}この(?:行|線)より(?:上|上部)に.{0,24}"
)
_RULE = r"[\s>*_=#<|~+.―—–─━ー-]*"
_DASHED = r"[\s>*]*[-_=~―—–─━]{2,}[\s*]*"

_ORIGINAL_LINE = re.compile(rf"{_DASHED}(?:{_ORIGINAL}){_RULE}:?$", re.IGNORECASE)
_BARE_ORIGINAL_LINE = re.compile(rf"{_RULE}(?:{_ORIGINAL}){_RULE}[:：]?{_RULE}$", re.IGNORECASE)
_FORWARDED_LINE = re.compile(rf"(?:{_DASHED}(?:{_FORWARDED}){_RULE}:?|[\s>*]*(?:{_FORWARDED})\**\s?[:：])$", re.IGNORECASE)
_REPLY_ABOVE_LINE = re.compile(rf"[^\w]*(?:{_REPLY_ABOVE})[^\w]*$", re.IGNORECASE)
_LONGEST = 140


# Any short words between dashes that speak of an earlier mail: "--- 以下、元のメール ---", "----- Previous message -----".
_EARLIER = re.compile(
    r"(?:original|previous|earlier|quoted|reply|replied|antwort|urspr|vorherige|frühere|origine|précédent|initial|anterior|"
    r"preceden|oorspronk|föregående|tidigere|poprzedni|předchozí|предыдущ|исходн).{0,24}"
    r"(?:message|e-?mail|mail|text|nachricht|courriel|mensaje|correo|messaggio|bericht|meddelande|melding|besked|wiadomość|zpráva|сообщение|письмо)|"
    r"(?:以下|元の?|前回の?|引用|受信|先方|お客様).{0,10}(?:メール|メッセージ|引用|本文|返信|文)|(?:以下|ここから)、?(?:引用|返信元|元文)|引用(?:開始|ここから)?$|返信元|"
    r"原文|原件|원문",
    re.IGNORECASE,
)
_PASSED_ON = re.compile(r"forward|weitergeleitet|transféré|réexpédié|reenviado|inoltrato|doorgestuurd|vidarebefordrat|videresend|転送|轉寄|转发", re.IGNORECASE)
_BETWEEN_DASHES = re.compile(r"[\s>*]*[-_=~―—–─━＝－]{2,}(?P<words>[^\n]{2,40}?)[-_=~―—–─━＝－]{2,}$")


class Marker(Enum):
    ORIGINAL = "the words 'original message'"
    FORWARDED = "the words 'forwarded message'"
    REPLY_ABOVE = "a line that asks to answer above it"


def marker_of(text: str, header_follows: bool) -> Marker | None:
    """What a line announces. Without dashes around it "original message" counts only if a mail's header follows."""
    if len(text) > _LONGEST:
        return None
    if text[0] in "-_=~>*―—–─━＝－" or text[-1] in ":：":
        if _FORWARDED_LINE.match(text):
            return Marker.FORWARDED
        if _ORIGINAL_LINE.match(text):
            return Marker.ORIGINAL
        if between := _BETWEEN_DASHES.match(text):
            return _between_dashes(between["words"].strip())
    if header_follows and _BARE_ORIGINAL_LINE.match(text):
        return Marker.ORIGINAL
    return Marker.REPLY_ABOVE if _may_ask(text) and _REPLY_ABOVE_LINE.match(text) else None


def _between_dashes(words: str) -> Marker | None:
    if _PASSED_ON.search(words):
        return Marker.FORWARDED
    if _EARLIER.search(words):
        return Marker.ORIGINAL
    return Marker.REPLY_ABOVE if _REPLY_ABOVE_LINE.match(words) else None


def _may_ask(text: str) -> bool:
    """Quickly told: such a line is set off by signs."""
    return not text[0].isalnum() or not text[-1].isalnum() or "より" in text
