"""What could not be read of a mail (`ParsedMail.problems`), in the language of the page that shows it.

The sentences are made in English where a mail is taken apart; here stands the twin of each. {} is a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_JAPANESE = {
    # The mail as a whole
    "The mail is larger than {} MB; only its beginning was read.": (
        "メールが{}MBを超えているため、先頭部分だけを読み取りました。"
    ),
    "The mail could not be taken apart ({}).": "メールの構造を解析できませんでした({})。",
    "The mail is encrypted; its text cannot be read.": "メールが暗号化されているため、本文を読み取れません。",
    "The mail is encrypted or signed in a form that hides its text; it cannot be read.": (
        "暗号化または署名の形式により、本文を読み取れません。"
    ),
    "The text is very long; only its beginning was read.": "本文が非常に長いため、先頭部分だけを読み取りました。",
    # Headers
    "There is no sender's address that can be read.": "差出人のアドレスを読み取れませんでした。",
    "There is no Message-ID.": "Message-IDがありません。",
    "There is more than one Message-ID; the first was taken.": "Message-IDが複数あるため、最初のものを使用しました。",
    "There is more than one {} header; the first was taken.": "{}ヘッダーが複数あるため、最初のものを使用しました。",
    "A line among the headers is none; the text was taken to begin there.": (
        "ヘッダーの途中にヘッダーではない行があるため、そこからを本文とみなしました。"
    ),
    "A line among the headers is none; it was taken for the end of the one above it.": (
        "ヘッダーの途中にヘッダーではない行があるため、直前のヘッダーの続きとみなしました。"
    ),
    "The headers are too long; what came later was taken for text.": (
        "ヘッダー部分が長すぎるため、途中からを本文とみなしました。"
    ),
    "There are more than {} headers; the others were not read.": (
        "ヘッダーが{}個を超えているため、残りは読み取っていません。"
    ),
    "The header {} is too long; its beginning was read.": ("{}ヘッダーが長すぎるため、先頭部分だけを読み取りました。"),
    "There is no date that can be read.": "送信日時を読み取れませんでした。",
    "The Date header is missing; the time of receipt was taken.": "Dateヘッダーがないため、受信日時を使用しました。",
    "The Date header cannot be read; the time of receipt was taken.": (
        "Dateヘッダーを読み取れないため、受信日時を使用しました。"
    ),
    "The Date header lies in the future; the time of receipt was taken.": (
        "Dateヘッダーが未来の日時のため、受信日時を使用しました。"
    ),
    # Parts
    "Parts are nested more than {} deep; the innermost were not read.": (
        "パートの入れ子が{}段を超えているため、それより内側は読み取っていません。"
    ),
    "The boundary between the parts is missing or wrong.": "パートの境界がないか、正しくありません。",
    "The end of the last part is missing; the mail may have been cut off.": (
        "最後のパートの終わりがありません。メールが途中で切れている可能性があります。"
    ),
    "There are more than {} parts; the others were not read.": (
        "パートが{}個を超えているため、残りは読み取っていません。"
    ),
    "The transfer encoding '{}' is not known; the part was left as it was.": (
        "転送エンコーディング「{}」に対応していないため、そのままの形で残しました。"
    ),
    "Damaged base64 was read as far as possible.": "破損したbase64データを、可能な範囲で読み取りました。",
    "Base64 that breaks off was read as far as possible.": "途中で切れたbase64データを、可能な範囲で読み取りました。",
    "Damaged quoted-printable was read as far as possible.": (
        "破損したquoted-printableデータを、可能な範囲で読み取りました。"
    ),
    "The part says it is uuencoded, but has no 'begin' line; it was left as it was.": (
        "uuencode形式とされていますが「begin」行がないため、そのままの形で残しました。"
    ),
    "Damaged uuencoded content was read as far as possible.": "破損したuuencodeデータを、可能な範囲で読み取りました。",
    # Letters
    "The text is labelled {} but was read as {}.": "文字コードの指定は{}ですが、{}として読み取りました。",
    "The charset '{}' is not known; the text was read as {}.": (
        "文字コード「{}」に対応していないため、{}として読み取りました。"
    ),
    "The text ends in the middle of a character.": "本文が文字の途中で切れています。",
    "{} damaged character(s) could not be read.": "破損した文字が{}個あり、読み取れませんでした。",
    # Invitations
    "An event of the invitation could not be read.": "招待に含まれる予定の一部を読み取れませんでした。",
    "There are more than {} events in the invitation; the others were not read.": (
        "招待に含まれる予定が{}件を超えているため、残りは読み取っていません。"
    ),
    "The calendar part holds no event.": "カレンダーのパートに予定がありません。",
    "The calendar part is too long; only its beginning was read.": (
        "カレンダーのパートが長すぎるため、先頭部分だけを読み取りました。"
    ),
    "There are more than {} calendar parts; the others were not read.": (
        "カレンダーのパートが{}個を超えているため、残りは読み取っていません。"
    ),
    "The time zone '{}' of the invitation is not known.": "招待のタイムゾーン「{}」に対応していません。",
    # winmail.dat
    "winmail.dat is not in the format that Outlook sends; it was kept as a file.": (
        "winmail.datがOutlookの形式ではないため、添付ファイルとして保管しました。"
    ),
    "winmail.dat breaks off; it was read up to there.": (
        "winmail.datが途中で切れているため、そこまでを読み取りました。"
    ),
    "winmail.dat has too many attributes; the others were not read.": (
        "winmail.datの属性が多すぎるため、残りは読み取っていません。"
    ),
    "Properties in winmail.dat are damaged; they were read up to there.": (
        "winmail.datのプロパティが破損しているため、そこまでを読み取りました。"
    ),
}
_PART = re.compile(r"Part ([\d.]+): (.*)", re.DOTALL)


def _forms() -> Iterator[tuple[re.Pattern[str], str]]:
    for english, japanese in _JAPANESE.items():
        yield re.compile("(.*?)".join(map(re.escape, english.split("{}"))), re.DOTALL), japanese


_FORMS = tuple(_forms())


def problem_in(sentence: str, language: str) -> str:
    """A sentence of `ParsedMail.problems` in a language; one that is not known here, as it is."""
    if language != "ja":
        return sentence
    if place := _PART.fullmatch(sentence):
        return f"パート{place[1]}：{problem_in(place[2], language)}"
    for form, japanese in _FORMS:
        if found := form.fullmatch(sentence):
            return japanese.format(*found.groups())
    return sentence
