"""The lines From, Sent, To, Subject that Outlook and forwards put above somebody else's mail, in many languages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.email_parts.lines import LONGEST_TELLING_LINE, Line

_NAMES = {
    "from": "from|von|de|da|van|från|fra|od|expéditeur|expediteur|remitente|mittente|afzender|lähettäjä|feladó|от|від|kimden|"
    "差出人|送信者|送信元|発信者|发件人|發件人|寄件者|보낸 사람|보낸사람",
    "sent": "sent|gesendet|envoyé|envoyé le|enviado|enviado el|enviada em|enviado em|inviato|verzonden|skickat|sendt|wysłano|"
    "odesláno|lähetetty|küldve|отправлено|надіслано|gönderildi|送信日時|送信日|发送时间|發送時間|寄件日期|보낸 날짜",
    "date": "date|datum|fecha|data|dato|päivämäärä|päiväys|dátum|дата|tarih|日時|日付|受信日時|日期|날짜",
    "to": "to|an|à|a|para|aan|till|til|do|komu|pour|destinataire|destinatario|címzett|vastaanottaja|кому|kime|"
    "宛先|宛て先|あて先|收件人|收件者|받는 사람|받는사람",
    "cc": "cc|bcc|kopie|copie|copia|kopia|kopio|копия|копія|抄送|副本|참조",
    "subject": "subject|betreff|objet|sujet|asunto|assunto|oggetto|onderwerp|ämne|emne|temat|předmět|aihe|tárgy|тема|konu|"
    "件名|題名|标题|主题|主旨|제목",
    "other": "reply-to|reply to|importance|priority|attachments|attachment|organization|message-id|x-mailer|mime-version|"
    "content-type|sender|wichtigkeit|anlagen|priorität|importancia|datos adjuntos|pièces jointes|pièce jointe|répondre à|"
    "重要度|添付ファイル|添付|優先度|返信先|newsgroups",
}
_CONCEPT_OF = {name: concept for concept, names in _NAMES.items() for name in names.split("|")}
_LONGEST_NAME = 24
_AROUND = " \t\xa0\u3000*_>|＞[]"
_CLOCK = re.compile(r"\d{1,2}[:.時]\s?\d\d|(?:19|20)\d\d")
_MOST_LINES = 40
_MOST_WRAPPED = 6


def block_at(lines: Sequence[Line], first: int, following: Sequence[int], after_marker: bool = False) -> int:
    """Where the block of header lines that begins at line `first` ends (exclusive); 0 when it is none.

    `after_marker`: stands right below "Original message" or the like, so that two header lines are enough.
    """
    concept = concept_of(lines[first].text)
    if not concept or concept == "other":
        return 0
    seen, values, end = _gather(lines, first, following)
    return end if _is_mail_header(seen, values, after_marker) else 0


def concept_of(text: str) -> str:
    """'from', 'sent', 'date', 'to', 'cc', 'subject', 'other', or '' for a line that is no header."""
    colon = text.find(":", 0, _LONGEST_NAME + 8)
    wide = text.find("：", 0, _LONGEST_NAME + 8)
    if colon < 0 or 0 <= wide < colon:
        colon = wide
    if colon <= 0:
        return ""
    name = text[:colon].strip(_AROUND).lower()
    if name in _CONCEPT_OF:
        return _CONCEPT_OF[name]
    return _CONCEPT_OF.get(name.replace("\u3000", "").replace(" ", ""), "") if not name.isascii() else ""


def _gather(lines: Sequence[Line], first: int, following: Sequence[int]) -> tuple[set[str], str, int]:
    """The kinds of header met, what stands in them, and where they end."""
    seen: set[str] = set()
    values: list[str] = []
    end = index = first
    while index < min(len(lines), first + _MOST_LINES):
        concept = concept_of(lines[index].text)
        if concept:
            if concept in seen and concept in ("from", "subject"):
                break  # the next mail's header already
            seen.add(concept)
            values.append(lines[index].text[:LONGEST_TELLING_LINE])
            end = index + 1
            index = _next_header(lines, end, following)
        else:
            break
    return seen, "\n".join(values), end


def _next_header(lines: Sequence[Line], index: int, following: Sequence[int]) -> int:
    """Over wrapped values, and over one empty line, to the next header line; else just the next line."""
    for place in range(index, min(len(lines), index + _MOST_WRAPPED)):
        if not lines[place].text:
            after = following[place]
            return after if after < len(lines) and after - place <= 1 and concept_of(lines[after].text) else index
        if concept_of(lines[place].text):
            return place
    return index


def _is_mail_header(seen: set[str], values: str, after_marker: bool) -> bool:
    told = seen - {"other"}
    if after_marker:
        return len(told) >= 2
    if "from" not in told:
        return {"date", "to", "subject"} <= told or {"sent", "to", "subject"} <= told
    if len(told) < 2:
        return False
    return "@" in values or ("subject" in told and len(told) >= 3) or ("sent" in told and bool(_CLOCK.search(values)))
