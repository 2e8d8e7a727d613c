"""Where a name may begin and end: not inside a longer word, a number, an address of the net, a sum of money."""

from __future__ import annotations

import re

from nlp.mentions.folding import Folded

_KATAKANA = re.compile("[ァ-ヺーｦ-ﾟ]")
_HIRAGANA = re.compile("[ぁ-ゖ]")
_KANJI = re.compile("[一-鿿々]")
_KANJI_IN_FRONT = re.compile("[対旧現元同他]")
_SHORT_CODE = re.compile(r"([a-z]{1,2})([^a-z0-9]*)([0-9]+)")
_SHORTEST_IN_HIRAGANA = 5
_SHORTEST_BESIDE_DIGITS = 5

# Loan words that follow a product's name without a space: セーフシンクライセンス. Any other katakana makes another word
# of it (フリートデスクトップ, クリアビューティー).
_FOLLOWS = re.compile(
    "ライセンス|プラン|サーバ|ユーザ|アカウント|サブスク|サポート|システム|シリーズ|モデル|パソコン|ノート|モニタ|ディスプレイ|"
    "キーボード|マウス|ヘッドセット|カメラ|ストレージ|スイッチ|ルータ|ドック|アダプタ|バッテリ|ケーブル|ソフト|アプリ|ツール|"
    "サービス|パッケージ|オプション|トライアル|デモ|カタログ|パンフ|マニュアル|エージェント|コンソール|クライアント|ダッシュボード|"
    "ログイン|インストール|アップデート|アップグレード|バージョン|クラウド|バックアップ|メーカー|ジャパン|グループ|コンピュ|"
    "システムズ|データ|ファームウェア|ポート|ラック|エディション|ビジネス|プロ(?![ァ-ヺー])|ミニ(?![ァ-ヺー])"
)
_COUNTER = re.compile("(?:台|個|本|枚|名|人|年|月|日|時|円|万|千|％|%|セット|号室|号線|番|件|回|カ所|か所|割|歳)(?!数)")
_NUMBER_GOES_ON = re.compile(r"[.,]\d|%|st\b|nd\b|rd\b|th\b", re.IGNORECASE)
_ROOM_OR_ROAD = re.compile(r"号|線|便|系統|会議室")
_RUN_BEFORE = re.compile(r"(?<![!-~])[!-~]*\Z")
_RUN_AFTER = re.compile(r"[!-~]*")
_LONGEST_ADDRESS = 80
_IS_ADDRESS = re.compile(r"@[\w-]|://|\bwww\.", re.ASCII)
_DOMAIN_GOES_ON = re.compile(r"[\w-]*(?:\.[\w-]{1,30}){0,4}\.(?:com|net|org|jp|io|example|uk|de|eu)\b", re.ASCII)
_NUMBERED_THING = re.compile(
    r"\b(?:room|invoice|inv|ticket|case|ref|reference|flight|route|road|hall|bay|gate|locker|zone|seat|number|no\.?|postcode|"
    r"motorway|platform|section|clause|form|paper|page|po|so|booking|account)[ #:-]*$",
    re.IGNORECASE,
)


def in_address(folded: Folded, start: int, end: int) -> bool:
    """Whether the name is part of a web or mail address: then it names nothing."""
    run_before = _RUN_BEFORE.search(folded.raw[max(0, start - _LONGEST_ADDRESS) : start])
    run_after = _RUN_AFTER.match(folded.raw, end, end + _LONGEST_ADDRESS)
    before, after = (run.group() if run else "" for run in (run_before, run_after))
    return _IS_ADDRESS.search(f"{before} {after}") is not None or _DOMAIN_GOES_ON.match(after) is not None


def fits(folded: Folded, start: int, end: int) -> bool:
    """Whether a name can stand from `start` to `end`, judged by the letters beside and inside it."""
    return _begins(folded, start, end) and _ends(folded, start, end) and _code_is_whole(folded, start, end)


def _begins(folded: Folded, start: int, end: int) -> bool:
    if start == 0:
        return True
    first, before = folded.raw[start], folded.raw[start - 1]
    folded_first, folded_before = folded.text[start], folded.text[start - 1]
    if folded_first.isascii():
        if folded_before.isascii() and folded_before.isalpha():
            return folded_before == "x" and folded.text[start - 2 : start - 1].isdigit()  # 5xR350
        if folded_before in "0123456789":
            return folded_first.isalpha() and end - start >= _SHORTEST_BESIDE_DIGITS
        return folded_before not in "@\\"
    if _KATAKANA.match(first):
        return not _KATAKANA.match(before)
    if _HIRAGANA.match(first):
        return not _HIRAGANA.match(before) or end - start >= _SHORTEST_IN_HIRAGANA
    if _KANJI.match(first) and _KANJI.match(before):
        return end - start > 3 or _KANJI_IN_FRONT.match(before) is not None
    return True


def _ends(folded: Folded, start: int, end: int) -> bool:
    last, after = folded.text[end - 1], folded.text[end : end + 1]
    if not after:
        return True
    if last.isascii():
        return _number_ends(folded, end) if last.isdigit() else _word_ends(folded, start, end, after)
    if _HIRAGANA.match(folded.raw[end - 1]):
        return end - start >= _SHORTEST_IN_HIRAGANA or not _HIRAGANA.match(folded.raw[end])
    if _KATAKANA.match(folded.raw[end - 1]) and _KATAKANA.match(folded.raw[end]):
        return _FOLLOWS.match(folded.raw, end) is not None
    return True


def _word_ends(folded: Folded, start: int, end: int, after: str) -> bool:
    if after == "s":
        return not folded.text[end + 1 : end + 2].isalnum() or not folded.text[end + 1].isascii()
    if after.isdigit():
        return end - start >= _SHORTEST_BESIDE_DIGITS
    return not (after.isascii() and after.isalpha())


def _number_ends(folded: Folded, end: int) -> bool:
    after = folded.text[end]
    if after == "s" and not folded.text[end + 1 : end + 2].isalpha():
        return True
    if after.isascii() and after.isalnum():
        return False
    return not (
        _NUMBER_GOES_ON.match(folded.text, end)
        or _COUNTER.match(folded.raw, end)
        or _ROOM_OR_ROAD.match(folded.raw, end)
    )


def _code_is_whole(folded: Folded, start: int, end: int) -> bool:
    """A short code (T150, AB14) is no number of an invoice, a room or a sum; spaced, it has to be in capitals."""
    code = _SHORT_CODE.fullmatch(folded.text, start, end)
    if code is None:
        return True
    letters, gap, _ = code.groups()
    if gap not in {"", "-", "_"} and (
        len(gap) > 1 or "\n" in gap or not folded.raw[start : start + len(letters)].isupper()
    ):
        return False
    if folded.text[start - 1 : start] in {"-", "_", "/", "#"} and folded.text[max(0, start - 2) : start - 1].isalpha():
        return folded.text[start - 1] == "/"  # PO-T150 is another number
    return _NUMBERED_THING.search(folded.text[max(0, start - 14) : start]) is None
