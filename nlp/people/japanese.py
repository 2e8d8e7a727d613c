"""People in Japanese text, by what stands around names: 様, さん, offices, 「〜と申します」「〜の鈴木です」."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from nlp.people.english import Role
from nlp.reading import Person

_KANJI_NAME = r"[一-龥々ヶ]{1,4}(?:[ \u3000][一-龥々ぁ-んァ-ヶ]{1,4})?"
_KANA_NAME = r"[ァ-ヶー]{2,10}(?:[・ ][ァ-ヶー]{2,10})?"
_NAME = rf"(?:{_KANJI_NAME}|{_KANA_NAME}|[A-Z][a-z]+(?: [A-Z][a-z]+)?)"
_HONORED = re.compile(
    rf"(?<![一-龥ァ-ヶーA-Za-z])(?P<name>{_NAME})[ \u3000]?(?P<honor>様|さま|さん|氏|殿|先生)(?![々子式相々])"
)
_OFFICES = (
    "代表取締役|取締役|専務|常務|部長|次長|課長|係長|主任|社長|会長|所長|店長|室長|院長|園長|校長|工場長|支店長|"
    "マネージャー|リーダー|教授|博士"
)
_WITH_OFFICE = re.compile(rf"(?P<name>[一-龥々]{{1,3}})(?:{_OFFICES})")
_SAYS_WHO = re.compile(
    rf"(?:の|、|,|，|\s|^|は)(?P<name>{_KANJI_NAME}|{_KANA_NAME})(?:と申します|と申し(?:まして|、)|と言います|といいます|でございます|"
    rf"です)(?=[。、,\s!！]|$)",
    re.MULTILINE,
)
_OUR_SOMEBODY = re.compile(
    rf"(?:弊社|当社|当方|当店|当院|当校|御社|貴社|営業|後任|前任|担当|上司|同僚|部下|経理|総務|情シス|人事|購買|開発|責任者|代理|部|課|係|室|窓口)の"
    rf"(?P<name>[一-龥々]{{1,4}}|{_KANA_NAME})(?=(?:が|は|に|を|と|も|へ|宛|まで|から|より|、|です|でござ|より|。|に代わ|さん|様|までご))"
)
_IN_CHARGE = re.compile(rf"(?:担当者?|責任者|氏名|お名前|名前|文責|発信者|差出人)[：:][ \u3000]?(?P<name>{_NAME})")
_SIGNED = re.compile(
    r"^[ \u3000]*(?:[-―─━=＝_*＊]{2,}.*\n)?[ \u3000]*"
    r"(?P<name>[一-龥々]{1,3}[ \u3000]?[一-龥々ぁ-ん]{1,4})[ \u3000]*(?:拝|より)?[ \u3000]*$",
    re.MULTILINE,
)
_READING_OF_A_NAME = re.compile(r"[（(][ぁ-んァ-ヶA-Za-z ・]+[）)]")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# 様 and its like behind something that is nobody's name.
_NO_NAMES = _words("""
    企業 農家 檀家 会長 園長 校長 院長 店長 所長 工場長 テナント サプライ データ システム サービス 私同 社長 専務
    常務 組合員 会員 住民 町内 自治会 町会
    お客 客 皆 皆々 各位 担当者 ご担当者 ご担当 担当 責任者 御社 貴社 弊社 当社 他社 会社 神 仏 奥 旦那 お陰
    陰 お疲れ 疲れ ご馳走 馳走 ご苦労 苦労 お世話 世話 仕 同 模 有 多 各 何 王 殿 姫 上
    お互い 互い 患者 利用者 業者 社員 職員 店員 部長 課長 社長 先生 生徒 学生 保護者 親御 お子 子 お父 お母 父
    母 兄 姉 弟 妹 叔父 叔母 祖父 祖母 お嬢 息子 娘 坊 隣 ご近所 近所 本屋 花屋 魚屋 大工 運転手
    駅員 医者 看護師 技術者 方々 皆さん 代表 代表者 窓口 受付 営業 経理 総務 人事 購買 開発 営業部 経理部 総務部
    情報システム部 ユーザー メーカー ベンダー スタッフ オーナー マネージャー サポート ドライバー
    以上 本件 件 要件 用件 幸い 結構 大丈夫 可能 必要 不要 無理 残念 問題 希望 予定 初めて 久 通り 次第 本日
    明日 昨日 来週 今週 先週 月曜 火曜 水曜 木曜 金曜 土曜 日曜 午前 午後 元気 心配 不安 安心 最高 最悪 完璧
    確か 明らか 当然 同感 同様 別 別途 同じ 全部 一部 半分 全員 一同 社内 社外 国内 海外 東京 大阪 名古屋 京都
    福岡 札幌 横浜 神戸 仙台 広島 日本 英語 請求書 見積書 納品書 注文 発注 契約 解約 更新 納期 価格 金額 機能
    製品 商品 型番 台数
    担当部署 電話 資料 書類 画面 機種 設定 故障 修理 不具合 会議 打合 打合せ 件名 未定 検討中 対応 対応中 確認中
    不明 不在 休み 出張 午後一 今月 来月 先月 今回 前回 次回 至急 早急 緊急 中止 延期 変更 追加 終了 開始 完了
    未着 済 済み 中 以下 上記 下記 内容 状況 現状 状態 理由 原因 方法 結果 目的 条件
    先方 後日 先日 当日 翌日 翌週 値段 費用 予算 送料 税込 税抜 無料 有料 割引 現場 工場 倉庫 店舗 病院 学校
    大学 役所 本社 支社 支店 本店 新宿 一台 二台 三台 者 物 方 様 所 時 分 日 月 年 私 僕 俺 彼 彼女 自分 誰
    皆様 貴方 社名 名前 氏名""")
_NOT_INSIDE = re.compile(
    r"部$|課$|係$|室$|会$|店$|社$|院$|校$|所$|館$|局$|園$|書$|費$|表$|型$|機$|者$|性$|的$|中$|後$|前$|用$|品$|料$|式$|版$|側$|名$|数$|円$|台$|"
    r"個$|件$|点$|回$|日$|月$|年$|時$|分$|曜$"
)


@cache
def surnames() -> frozenset[str]:
    """Common family names: they decide where the words around a name leave a doubt."""
    return frozenset((Path(__file__).parent / "surnames_ja.txt").read_text(encoding="utf-8").split())


def japanese_people(text: str) -> Iterator[Person]:
    """Everybody named in `text`; the same name may come several times."""
    for found in _HONORED.finditer(text):
        role: Role = (
            "addressed" if found["honor"] in ("様", "さま", "殿") and _stands_at_the_top(text, found) else "mentioned"
        )
        yield from _person(text, *found.span("name"), role, sure=found["honor"] != "殿")
    for found in _WITH_OFFICE.finditer(text):
        yield from _person(text, *found.span("name"), "mentioned", sure=False)
    for found in _SAYS_WHO.finditer(text):
        yield from _person(text, *found.span("name"), "sender", sure="申" in found.group())
    for pattern in (_OUR_SOMEBODY, _IN_CHARGE):
        for found in pattern.finditer(text):
            yield from _person(text, *found.span("name"), "mentioned", sure=False)
    for found in list(_SIGNED.finditer(text))[-2:]:
        if len(text) - found.end() < 400:
            yield from _person(text, *found.span("name"), "sender", sure=False)


def _stands_at_the_top(text: str, found: re.Match[str]) -> bool:
    """「田中様」 on a line of its own (a firm may stand before it) greets; inside a sentence it speaks of somebody."""
    line_end = text.find("\n", found.end())
    rest = text[found.end() : line_end if line_end >= 0 else len(text)]
    return (
        len(text[: found.start()].splitlines()) <= 6
        and not rest.strip(" \u3000、,。")
        and text[: found.start()].count("。") == 0
    )


def _person(text: str, start: int, end: int, role: Role, *, sure: bool) -> Iterator[Person]:
    name = text[start:end]
    family = re.split(r"[ \u3000・]", name)[0]
    if (
        name[-1] in "様殿"
        or name in _NO_NAMES
        or family in _NO_NAMES
        or (_NOT_INSIDE.search(family) and family not in surnames())
    ):
        return
    if not sure and not _begins_with_surname(name):
        return
    if len(family) == 1 and family not in surnames():
        return
    if sure and re.fullmatch(r"[一-龥々]{3,4}", name) and not _begins_with_surname(name):
        # 「総務佐藤様」: the family name may stand at the end of a longer run.
        for length in (3, 2):
            if name[-length:] in surnames():
                start, name = end - length, name[-length:]
                break
        else:
            return
    yield Person(name, start, end, role)


def _begins_with_surname(name: str) -> bool:
    return any(name[:length] in surnames() for length in (4, 3, 2)) or (
        len(re.split(r"[ \u3000]", name)[0]) == 1 and name[:1] in surnames()
    )
