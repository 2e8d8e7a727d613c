"""Text that no person wrote: legal disclaimers, virus scanners, mailing lists' footers, banners of the receiver's server."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.email_parts.lines import Line, one_line

_TITLE = re.compile(
    r"\W*(?:(?:confidentiality|legal|privacy|important) (?:notice|note|disclaimer|statement)|disclaimer|e-?mail disclaimer|"
    r"confidential(?:ity)?|haftungsausschluss|vertraulichkeitshinweis|rechtlicher hinweis|wichtiger hinweis|"
    r"avis de confidentialité|clause de confidentialité|avertissement|aviso legal|aviso de confidencialidad|"
    r"cláusula de confidencialidad|avviso di riservatezza|免責事項|免責条項|ご注意|注意事項|機密保持(?:について|に関する.{0,12})?|"
    r"confidential\s*[/／]?\s*機密|個人情報保護(?:について|方針)?)\W*(?:$|[:：】\]])",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r"confiden[tc]i|privileged|vertraulich|vertrouwelijk|riservat|poufn|konfidentie|fortrolig|luottamuksell|"
    r"intended (?:only|solely|exclusively)|solely for|only for the (?:use|addressee|recipient|person)|機密|秘密情報|宛先に記載|宛先の方|"
    r"お心当たり|誤って(?:受信|送信|届|配信|お受け|受け)|誤送信|legally protected|unauthori[sz]ed",
    re.IGNORECASE,
)
_ADDRESSEE = re.compile(
    r"recipient|addressee|in error|by mistake|intended|disclos|distribut|views expressed|received this|adressat|empfänger|"
    r"irrtümlich|versehentlich|destinat|par erreur|por error|per errore|geadresseerde|ontvanger|odbiorc|mottag|modtag|"
    r"名宛人|宛先|受信者|受取人|受信された|受け取られた|受信した|含まれて|含む|破棄|削除|転送.{0,8}禁止|開示",
    re.IGNORECASE,
)
_MAIL = re.compile(
    r"e-?mail|message|communication|mail\b|attachment|transmission|nachricht|courriel|mensaje|correo|messaggio|bericht|"
    r"wiadomość|meddeland|メール|メッセージ|電子メール|通信|添付",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"\W*(?:"
    r"please (?:consider|think of|think about) the (?:environment|planet)|think (?:before|green)|save (?:a tree|paper)|"
    r"p(?:lease)? ?(?:consider|don't) print|bitte denken sie an die umwelt|pensez à l[’']environnement|"
    r"(?:antes de imprimir|avant d[’']imprimer|prima di stampare|denk aan het milieu)|"
    r"this (?:e-?mail|message|mail) (?:has been|was|is) (?:scanned|checked|certified|virus)|virus-?free\b|"
    r"scanned by |(?:diese e-?mail|die nachricht|diese nachricht) wurde (?:von .{0,40})?auf viren|"
    r"(?:cet e-?mail|ce courrier|l'absence de virus|garanti sans virus)|(?:este correo|este mensaje|el software) .{0,60}(?:avast|antivirus|virus)|"
    r"(?:no virus found|checked by avg)|(?:registered (?:office|in england|number|address|company)\b.{0,40}[:：\d])|"
    r"you(?:'re| are)? (?:receiv(?:ed|ing) this|are subscribed|received this (?:e-?mail|message|because))|"
    r"to (?:unsubscribe|stop receiving|opt[ -]?out|manage your|view this discussion|change your (?:preferences|subscription))|"
    r"(?:click here to )?unsubscribe(?: here| from)?\W*(?:$|https?:|<)|(?:reply|respond) to this (?:e-?mail|message) directly|view it on github|"
    r"visit topic or reply|to respond, reply to this|if you (?:no longer wish|do not wish|don't want) to receive|"
    r"(?:um sich (?:abzumelden|auszutragen)|pour (?:se désabonner|vous désinscrire)|para (?:darse de baja|cancelar la suscripción))|"
    r"this message was sent (?:to|using|via)|mailing list\b.{0,60}$|"
    r".{0,40}ウイルス.{0,6}(?:スキャン|チェック|検査)|.{0,30}ウイルスに感染|.{0,40}ウイルスは検出|アバスト|"
    r"配信停止(?:は|を|の|ご).{0,30}(?:こちら|url|https?)|このメール(?:アドレス)?は(?:送信専用|配信専用|自動(?:送信|配信))|"
    r"本メール(?:アドレス)?は(?:送信専用|配信専用|自動(?:送信|配信))|環境保護のため"
    r")",
    re.IGNORECASE,
)
_LIST_NAME = re.compile(r"[\w.+-]+ (?:mailing list|maillist)$", re.IGNORECASE)
_COMPANY_REGISTER = re.compile(
    r"registered (?:in|office|company|number|address)|company (?:no|number|registration)|"
    r"(?:handelsregister|amtsgericht|geschäftsführer|registergericht|ust-?id|hrb)\b|"
    r"siège social|capital social|société .{0,40}capital|registro mercantil|partita iva|kvk\b",
    re.IGNORECASE,
)
_BANNER = re.compile(
    r"\W*(?:caution|warning|attention|external|extern|achtung|vorsicht|precaución|externo|externe|externí|be careful|think before|"
    r"外部|注意|警告|社外|重要)?[^\n]{0,40}?(?:"
    r"(?:originated|was sent|comes?|came|received|sent|is) (?:from )?(?:an? )?(?:outside|external|someone outside)|"
    r"external (?:e-?mail|sender|source|message)\b|you don't often get e?-?mail from|(?:do not|don't) click (?:on )?(?:any )?links|"
    r"(?:diese e-?mail|diese nachricht) (?:stammt|kommt|wurde) .{0,30}(?:extern|außerhalb)|(?:externe|interne) e-?mail|"
    r"(?:ce message|cet e-?mail|ce courriel) (?:provient|vient|a été) .{0,30}(?:extérieur|externe)|"
    r"este (?:correo|mensaje) .{0,40}(?:extern|fuera)|"
    r"(?:社外|外部|組織外)(?:から|の).{0,24}(?:メール|送信|差出人|届|受信)"
    r")",
    re.IGNORECASE,
)
_EXTERNAL_TAG = re.compile(r"[\[【(<*]+\s*(?:external|extern|ext|externe|externo|社外|外部)(?: ?(?:e-?mail|mail|sender|メール|message))?\s*[\]】)>*]+$", re.IGNORECASE)
_MOST_JOINED = 8  # lines of a paragraph that are read together
_LONGEST = 1200


def is_notice(lines: Sequence[Line], first: int, end: int) -> bool:
    """Does the paragraph that begins at line `first` (and ends before `end` at the latest) speak for a machine or a lawyer?"""
    opening = lines[first].text[:300]
    if _TITLE.match(opening) or _FOOTER.match(opening) or _LIST_NAME.match(opening):
        return True
    paragraph = _paragraph(lines, first, end)
    if _SECRET.search(paragraph) and _ADDRESSEE.search(paragraph) and _MAIL.search(paragraph):
        return True
    return len(opening) > 80 and len(_COMPANY_REGISTER.findall(paragraph)) > 1


def is_banner(text: str) -> bool:
    """A warning that the receiver's mail server writes above mails from outside."""
    return len(text) <= _LONGEST and bool(_EXTERNAL_TAG.match(text) or _BANNER.match(text[:300]))


def _paragraph(lines: Sequence[Line], first: int, end: int) -> str:
    last = first
    while last < min(end, first + _MOST_JOINED) and lines[last].text:
        last += 1
    return one_line(lines[first:last])[:_LONGEST]
