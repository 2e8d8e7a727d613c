"""Japanese noun phrases: runs of nouns as SudachiPy tags them, without counters, courtesy and 形式名詞."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from spacy.tokens import Doc, Token

from nlp.keywords.phrase import Phrase
from nlp.sentiment.lexicon import lexicon_of

MOST_TOKENS = 6  # of a phrase; of a longer run the last ones count


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# 形式名詞, courtesy, people, time and everything that is no subject of its own.
_EMPTY = _words("""件 こと 事 もの 物 ため 為 よう 様 方 ほう 際 時 場合 旨 点 程度 以上 以下 以外 以降 以前
    弊社 当社 御社 貴社 自社 他社 会社 弊方 当方 私 私ども 僕
俺 自分 皆 皆様 皆さん 皆さま 方々 各位 世話 連絡 返信 返事 回答 確認 対応 検討 相談 質問 願い お願い 挨拶 感謝
    礼 御礼 お礼 都合 手数 手間 多忙 恐縮 幸い
必要 可能 不可能 予定 希望 内容 詳細 情報 担当 担当者 ご担当者 部署 先日 昨日 今日 本日 明日 昨年 今年 来年 去年
    先週 今週 来週 先月 今月 来月 理由 問題
状況 状態 結果 方法 今回 前回 次回 毎回 先 中 前 後 上 下 内 外 間 横 隣 次 元 他 別 全部 全て 一部 両方 どれ
    どちら これ それ あれ ここ そこ 何 誰 いつ いくつ
いくら 人 者 さん 氏 殿 君 社 様方 お客様 お客 客 上司 部長 課長 社長 主任 店長 同僚 部下 社員 職員 先生
    担当部署 現場 家内 主人 夫 妻 娘 息子 母 父 友人 知人
責任者 弁護士 貴殿 御中 件名 宛 用 分 毎 本当 気 声 話 意味 意見 感じ 形 面 側 所 場所 ところ とおり 通り まま
    はず わけ つもり うち おかげ お陰 せい 代わり ほか
一つ 二つ 三つ ひとつ ふたつ 一度 一点 二点 三点 点数 時間 期間 日 月 年 週 午前 午後 朝 昼 夜 夕方 月末 月初
    年末 年度 時期 当日 後日 翌日 翌週 月曜 火曜 水曜 木曜
金曜 土曜 日曜 平日 休日 祝日 円 万円 千円 台 個 名 本 枚 回 件数 台数 個数 数 数量 倍 割 点目 つ目 半分 全員
    皆さん方 幾つ 拝啓 敬具 敬白 謹啓 草々 前略 多用 査収
教示 教授 高配 愛顧 厚情 清栄 盛栄 健勝 理解 協力 了承 承知 了解 容赦 配慮 尽力 足労 迷惑 面倒 心配 安心 失礼
    無礼 勝手 急ぎ 早急 至急 念 旨 追伸 以上 かた こちら
そちら あちら どこ 皆目 ありがとう 本件 同件 上記 下記 左記 右記 前述 添付 別紙 参考 例 初め はじめ 最初 最後
    終わり 途中 一方 反面 正直 実際 事実 事情 関係 存在 影響 様子
感 的 性 化 系 風 よろしく 宜しく おはよう こんにちは 弊店 当店 当院 当校 当方側 皆さま方 近所 ご近所 一同 毎日
    毎週 毎月 毎年 今 今後 今度 最近 当面 先方 私共 手 目 顔
頭 心 足 口 耳 腹 首 体 言葉 お世話 気持ち 思い 考え 夢 一言 返答 応対 訪問 来社 送付 送信 受信 受領 拝見 拝受
    手配 手続き 案内 メール 仕事 大満足 親切 魅力 満足 最高 最悪 簡単 丁寧
    残念 説明会場 説明文 教え お知らせ 知らせ""") - {"対応"}  # fmt: skip
_EMPTY_AFTER_A_COMPOUND = frozenset(
    [
        "件",
        "分",
        "時",
        "際",
        "用",
        "付き",
        "様",
        "さん",
        "殿",
        "氏",
        "方",
        "側",
        "等",
        "など",
        "毎",
        "中",
        "後",
        "前",
        "上",
        "下",
        "内",
        "外",
        "間",
        "別",
        "向け",
        "宛",
        "込み",
        "済み",
        "済",
        "ごと",
        "たび",
        "目",
        "共",
        "系",
        "的",
        "以上",
        "以下",
    ]
)
_DOES = frozenset(
    [
        "する",
        "いたす",
        "致す",
        "できる",
        "出来る",
        "為る",
        "くださる",
        "下さる",
        "なさる",
        "いただく",
        "頂く",
        "願う",
        "申し上げる",
        "しまう",
        "賜る",
        "下さい",
        "ください",
    ]
)
_PREFIXES_OF_COURTESY = frozenset(("お", "ご", "御", "貴", "弊", "当"))
_UNITS = frozenset(
    [
        "ミリ",
        "センチ",
        "メートル",
        "キロ",
        "グラム",
        "リットル",
        "インチ",
        "ギガ",
        "テラ",
        "メガ",
        "日間",
        "週間",
        "ヶ月",
        "か月",
        "ヵ月",
        "年間",
        "時間",
        "分間",
        "パーセント",
        "ドル",
        "ユーロ",
        "万",
        "千",
    ]
)
_NOUNS_THAT_JUDGE_AND_NAME = frozenset(
    [
        "不良品",
        "欠陥",
        "苦情",
        "クレーム",
        "ストレス",
        "被害",
        "破損",
        "ミス",
        "損害",
        "賠償",
        "約束",
        "保留",
        "返金",
        "期待",
        "効果",
        "成果",
        "評判",
        "価値",
        "改善",
        "短縮",
        "紹介",
        "配慮",
        "説明",
        "二重請求",
        "訴訟",
        "傷",
        "不具合",
    ]
)
_KATAKANA = re.compile(r"[ァ-ヶー・]+")
_JOINED_BY_A_SPACE = re.compile(r"[A-Za-zァ-ヶー0-9]")
_ALIKE = {
    "見積もり": "見積",
    "見積り": "見積",
    "見積もり書": "見積書",
    "見積り書": "見積書",
    "打合せ": "打ち合わせ",
    "打合わせ": "打ち合わせ",
    "問合せ": "問い合わせ",
    "問合わせ": "問い合わせ",
    "取説": "取扱説明書",
}


_COUNTER_TAGS = ("名詞-普通名詞-助数詞可能", "接尾辞-名詞的-助数詞", "名詞-数詞")
_COUNTED = ("つ", "%", "％", "円", "ライセンス", "ユーザー", "アカウント")


def japanese_phrases(doc: Doc, limit: int) -> Iterator[Phrase]:
    """The noun phrases of the first `limit` characters."""
    run: list[Token] = []
    for token in doc:
        if token.idx >= limit:
            break
        if run and _goes_on(run[-1], token):
            run.append(token)
            continue
        if run:
            yield from _phrase(run, token)
            run = []
        if _begins(token, doc):
            run = [token]
    if run:
        yield from _phrase(run, None)


def _begins(token: Token, doc: Doc) -> bool:
    tag = token.tag_
    if (
        token.i
        and doc[token.i - 1].tag_.startswith("名詞-数詞")
        and (tag.endswith("助数詞可能") or token.text in _UNITS)
    ):
        return False
    if tag.startswith("接頭辞"):
        return token.text not in _PREFIXES_OF_COURTESY
    return _is_noun(tag) and not tag.startswith("名詞-数詞")


def _is_noun(tag: str) -> bool:
    return tag.startswith(("名詞-普通名詞", "名詞-固有名詞-一般", "名詞-固有名詞-地名", "名詞-固有名詞-組織"))


def _goes_on(before: Token, token: Token) -> bool:
    if before.whitespace_ and not (
        _JOINED_BY_A_SPACE.match(before.text[-1]) and _JOINED_BY_A_SPACE.match(token.text[0])
    ):
        return False
    tag = token.tag_
    if tag.startswith("名詞-数詞"):  # "AeroBook 14", not 「サーバー2台」
        return len(token.text) <= 4 and _JOINED_BY_A_SPACE.match(before.text[-1]) is not None and not _is_counted(token)
    if tag.startswith("名詞-普通名詞-助数詞可能") and before.tag_.startswith("名詞-数詞"):
        return False
    if tag.startswith("接頭辞"):
        return token.text not in _PREFIXES_OF_COURTESY
    return _is_noun(tag) or tag.startswith("接尾辞-名詞的") or (tag.startswith("記号-文字") and token.text.isascii())


def _is_counted(number: Token) -> bool:
    if number.i + 1 >= len(number.doc):
        return False
    following = number.nbor()
    return following.tag_.startswith(_COUNTER_TAGS) or following.text in _COUNTED


def _phrase(run: list[Token], following: Token | None) -> Iterator[Phrase]:
    run = list(run)
    compound = len(run) > 1
    if following is not None and _is_done(run, following) and not compound:
        return
    while run and (
        run[0].tag_.startswith(("名詞-普通名詞-副詞可能", "接尾辞"))
        or run[0].text in ("新", "現", "本", "同", "各", "両", "全")
    ):
        run.pop(0)
    while run and (
        run[-1].text in _EMPTY_AFTER_A_COMPOUND or run[-1].tag_.startswith(("接頭辞", "名詞-普通名詞-副詞可能"))
    ):
        if run[-1].text in ("様", "さん", "殿", "氏"):
            return  # somebody
        run.pop()
    run = run[-MOST_TOKENS:]
    if not run:
        return
    words = tuple(_normal(token.text, token.norm_) for token in run)
    normal = _ALIKE.get("".join(words), "".join(words))
    if normal in _EMPTY or all(word in _EMPTY for word in words) or len(normal) < 2 or normal.isdigit():
        return
    if _judges(normal):
        return
    text = "".join(token.text_with_ws for token in run).rstrip()
    yield Phrase(run[0].idx, run[0].idx + len(text), normal, words, _is_name(text, run))


def _judges(normal: str) -> bool:
    """「最高」「満足」: what is said, not what it is said about."""
    if normal in _NOUNS_THAT_JUDGE_AND_NAME:
        return False
    entries = lexicon_of("ja").entries.get(normal[:2], ())
    return any(phrase == normal and group != "courtesy" for phrase, group in entries)


def _is_done(run: list[Token], following: Token) -> bool:
    """「追加してください」: a noun that is only half of a verb."""
    return run[-1].tag_.endswith("サ変可能") and following.lemma_ in _DOES


def _is_name(text: str, run: list[Token]) -> bool:
    return any(token.tag_.startswith("名詞-固有名詞") for token in run) or any(
        character.isdigit() or "A" <= character <= "Z" for character in text
    )


@lru_cache(maxsize=20_000)
def _normal(text: str, norm: str) -> str:
    """One spelling for counting: width, letter case, the long vowel at the end (「サーバ」 is 「サーバー」)."""
    plain = unicodedata.normalize("NFKC", text).lower()
    if _KATAKANA.fullmatch(plain):
        other = unicodedata.normalize("NFKC", norm)
        if other.rstrip("ー") == plain.rstrip("ー"):
            return other
    return _ALIKE.get(plain, plain)
