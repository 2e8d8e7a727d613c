"""What phones and mail programs add below a mail: "Sent from my iPhone", 「iPhoneから送信」, "Get Outlook for iOS"."""

from __future__ import annotations

import re

_THINGS = (
    r"(?:i|ei) ?(?:phone|pad|pod|mac)|android|samsung|galaxy|blackberry|nokia|htc|lg|sony|xperia|huawei|xiaomi|oneplus|pixel|"
    r"motorola|moto|windows|outlook|mail\b|mailbox|airmail|yahoo|gmail|aol|proton|protonmail|tutanota|fastmail|hey\b|spark|"
    r"sparrow|superhuman|mailspring|thunderbird|k-9|bluemail|blue mail|mailbird|newton|acompli|boxer|nine\b|edison|zimbra|zoho|"
    r"mobile|mobil|smartphone|tablet|cell|handy|téléphone|telefono|móvil|phone|treo|palm|commcenter|wireless|apple|mac\b|"
    r"surface|chromebook|alcatel|wiko|nexus|ti-\d|canary|missive|front\b|shortwave|polymail|postbox|emclient|em client"
)
_SAID = re.compile(
    r"(?:"
    r"(?:this (?:e-?mail|message|mail) was )?(?:sent|composed|written|typed|dictated) (?:from|via|by|with|using|on) "
    rf"(?:(?:my|an?) \S[^,;]{{0,60}}|(?:[^\s,;]{{1,20}} ){{0,3}}?\[?(?:{_THINGS})\S{{0,40}}[^,;]{{0,60}})(?:[,;.].{{0,60}})?$|"
    rf"from my .{{0,12}}(?:{_THINGS}).{{0,30}}|"
    rf"(?:get|download|try|herunterladen|télécharge[rz]|obtener|obtén|descarga|ottieni|download) .{{0,4}}outlook (?:for|für|pour|para|per|voor).{{0,120}}|"
    r"laden sie outlook für.{0,120}|outlook für .{0,40}herunterladen.{0,90}|"
    r"(?:diese (?:e-?mail|nachricht) wurde )?(?:von|mit|vom) (?:mein(?:em|er|en)|unterwegs|einem|dem|der|yahoo|outlook)?.{0,60}(?:gesendet|geschickt|verfasst)|"
    r"gesendet (?:von|mit|vom|aus) .{0,90}|(?:diese nachricht|diese e-?mail) wurde von .{0,60} gesendet|"
    rf"(?:envoyé|expédié|envoy[eé] depuis|provenance) (?:de|depuis|à partir de|avec|du|via|:).{{0,90}}|"
    r"(?:enviado|enviada) (?:desde|do|de|a partir|via|por|con|com|pelo).{0,90}|inviato (?:da|dal|con|tramite).{0,90}|"
    r"(?:verzonden|verstuurd) (?:vanaf|vanuit|met|via|van).{0,90}|skickat (?:från|med).{0,90}|sendt (?:fra|med|via).{0,90}|"
    r"lähetetty .{0,90}|wysłan[eo] z .{0,90}|odesláno z .{0,90}|отправлено (?:с|из|через).{0,90}|надіслано з.{0,90}|"
    r".{0,40}['’]?(?:dan|den) gönderildi|trimis de pe .{0,90}|küldve .{0,60}(?:ról|ről|ból|ből)|"
    r"(?:從我的|从我的|发自我的|發自我的|来自我的|傳送自|发自).{0,60}|나의 .{0,30}에서 보냄|내 .{0,30}에서 보냄"
    r")",
    re.IGNORECASE,
)
_JAPANESE = re.compile(
    r".{1,40}(?:から|より|で|にて|を使用して|を利用して)(?:の)?(?:送信|送付|作成|返信)(?:(?:さ|し|いたし|致し)(?:れ)?(?:て(?:い|おり)ます|ました))?|"
    r".{0,30}outlook.{0,24}(?:を入手|をダウンロード|を取得).{0,80}|(?:iphone|ipad|android).{0,6}版 ?outlook.{0,80}|"
    r"sent from .{2,60}",
    re.IGNORECASE,
)
_JAPANESE_WORDS = ("送信", "送付", "作成", "返信", "入手", "ダウンロード", "取得")
_FIRST_WORDS = (
    "sent", "composed", "written", "typed", "dictated", "this e", "this m", "from my", "get ", "download", "try ", "herunter",
    "téléch", "obt", "desc", "ottieni", "laden", "outlook", "diese", "von ", "mit ", "vom ", "gesendet", "envoy", "expéd",
    "provenance", "env", "inviato", "verz", "verst", "skickat", "sendt", "läh", "wys", "odes", "отп", "над", "trimis", "küldve",
    "從", "从", "发自", "發自", "来自", "傳送", "나의", "내 ",
)  # fmt: skip
_AROUND = " \t\xa0\u3000<>()[]{}*_-–—~|\"'「」【】『』〈〉《》.…。:"
_ADDRESS = re.compile(r"\[([^\]\n]{0,80})\](?:\([^)\n]{0,300}\))?")
_LONGEST = 240
_DENSEST_SENTENCE = re.compile(r"[,;:] .{30,}|\b(?:yesterday|today|tomorrow|last|next|this) (?:week|month|year|monday|tuesday|"
                               r"wednesday|thursday|friday)\b", re.IGNORECASE)  # fmt: skip


def is_device_line(text: str) -> bool:
    """Does a whole line say no more than with what the mail was sent?"""
    if not 5 < len(text) <= _LONGEST:
        return False
    said = text.strip(_AROUND).lower()
    if not said.startswith(_FIRST_WORDS):
        return any(word in said for word in _JAPANESE_WORDS) and len(said) <= 60 and _is_japanese_device(said)
    said = _ADDRESS.sub(r"\1", said)
    if _SAID.match(said) and not _is_sentence(said):
        return True
    return any(word in said for word in _JAPANESE_WORDS) and bool(_JAPANESE.fullmatch(said))


_JAPANESE_THINGS = re.compile(
    rf"(?:{_THINGS})|iphone|ipad|スマートフォン|スマホ|携帯|モバイル|タブレット|メール|アプリ|端末|aquos|arrows|らくらく|oppo|huawei|gmail|outlook|ケータイ|au|ドコモ|ソフトバンク", re.IGNORECASE
)


def _is_japanese_device(said: str) -> bool:
    return bool(_JAPANESE.fullmatch(said) and _JAPANESE_THINGS.search(said))


def _is_sentence(said: str) -> bool:
    """"Sent from my office last Tuesday, the parcel ..." tells of something; a device line only names a thing."""
    return len(said.split()) > 14 and "excuse" not in said or bool(_DENSEST_SENTENCE.search(said)) and "excuse" not in said
