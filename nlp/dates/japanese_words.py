"""Japanese words that take part in dates: each with its category and value.

The longest word that fits is taken, so traps stand here too, as gaps: 「日本」 is no day, 「十分な」 no ten minutes.
Texts are in small letters with narrow digits and marks when these are looked up.
"""

from __future__ import annotations

from typing import Any

from nlp.dates.cascade import GAP
from nlp.dates.time_zones import ABBREVIATIONS, PLACES
from nlp.dates.values import Clock, Part

MORNING, NOON, AFTERNOON = Part("morning", 8, 12), Part("noon", 11, 13), Part("afternoon", 12, 18)
EVENING, NIGHT = Part("evening", 17, 20), Part("night", 18, 24)

WEEKDAY_LETTERS = "月火水木金土日"
_WEEKDAY_KANA = """
げつようび かようび すいようび もくようび きんようび どようび にちようび
"""
_MONTH_KANA = """
いちがつ にがつ さんがつ しがつ ごがつ ろくがつ しちがつ はちがつ くがつ じゅうがつ じゅういちがつ
じゅうにがつ
"""
# Relative weeks, months, years: how many on.
_SHIFTS = {
    "weeks": {
        "今週": 0,
        "当週": 0,
        "本週": 0,
        "こんしゅう": 0,
        "来週": 1,
        "らいしゅう": 1,
        "翌週": 1,
        "次週": 1,
        "再来週": 2,
        "さらいしゅう": 2,
        "先週": -1,
        "せんしゅう": -1,
        "前週": -1,
        "昨週": -1,
        "先々週": -2,
        "週内": 0,
        "今週内": 0,
        "先先週": -2,
    },
    "months": {
        "今月": 0,
        "当月": 0,
        "本月": 0,
        "こんげつ": 0,
        "来月": 1,
        "らいげつ": 1,
        "翌月": 1,
        "次月": 1,
        "再来月": 2,
        "先月": -1,
        "せんげつ": -1,
        "前月": -1,
        "昨月": -1,
        "先々月": -2,
        "月内": 0,
        "今月内": 0,
        "先先月": -2,
    },
    "years": {
        "今年": 0,
        "本年": 0,
        "当年": 0,
        "同年": 0,
        "ことし": 0,
        "来年": 1,
        "らいねん": 1,
        "翌年": 1,
        "再来年": 2,
        "去年": -1,
        "きょねん": -1,
        "昨年": -1,
        "前年": -1,
        "一昨年": -2,
        "年内": 0,
        "おととし": -2,
    },
    "quarters": {
        "今四半期": 0,
        "当四半期": 0,
        "本四半期": 0,
        "今期": 0,
        "今qtr": 0,
        "来四半期": 1,
        "翌四半期": 1,
        "来期": 1,
        "前四半期": -1,
        "昨四半期": -1,
    },
    "fiscal": {"今年度": 0, "本年度": 0, "来年度": 1, "昨年度": -1, "前年度": -1},
}
_DAYS_AHEAD = {
    "今日": 0,
    "本日": 0,
    "きょう": 0,
    "明日": 1,
    "あした": 1,
    "あす": 1,
    "明後日": 2,
    "あさって": 2,
    "明々後日": 3,
    "しあさって": 3,
    "昨日": -1,
    "きのう": -1,
    "一昨日": -2,
    "おととい": -2,
    "翌日": 1,
    "前日": -1,
    "翌々日": 2,
    "当日": 0,
}
_DAY_PARTS = {
    "今朝": (0, MORNING),
    "けさ": (0, MORNING),
    "今晩": (0, NIGHT),
    "今夜": (0, NIGHT),
    "こんばん": (0, NIGHT),
    "今夕": (0, EVENING),
    "明朝": (1, MORNING),
    "明晩": (1, NIGHT),
    "翌朝": (1, MORNING),
    "昨夜": (-1, NIGHT),
    "昨晩": (-1, NIGHT),
    "ゆうべ": (-1, NIGHT),
    "昨夕": (-1, EVENING),
}
_PARTS = {
    "朝": MORNING,
    "早朝": Part("morning", 6, 8),
    "朝一": Part("morning", 8, 10),
    "朝イチ": Part("morning", 8, 10),
    "朝いち": Part("morning", 8, 10),
    "午前中": MORNING,
    "午前": MORNING,
    "昼": NOON,
    "お昼": NOON,
    "昼間": Part("noon", 11, 16),
    "昼頃": NOON,
    "昼ごろ": NOON,
    "お昼頃": NOON,
    "お昼ごろ": NOON,
    "ランチ": NOON,
    "お昼過ぎ": Part("afternoon", 13, 15),
    "お昼すぎ": Part("afternoon", 13, 15),
    "昼過ぎ": Part("afternoon", 13, 15),
    "昼すぎ": Part("afternoon", 13, 15),
    "午後": AFTERNOON,
    "夕方": EVENING,
    "夕刻": EVENING,
    "夕": EVENING,
    "夜": NIGHT,
    "晩": NIGHT,
    "夜間": NIGHT,
    "深夜": Part("night", 22, 28),
    "未明": Part("night", 24, 28),
    "午前中早め": Part("morning", 8, 10),
    "午後一": Part("afternoon", 13, 14),
    "午後イチ": Part("afternoon", 13, 14),
    "午後いち": Part("afternoon", 13, 14),
}
_UNITS = {
    "years": "年間 ヵ年 か年 カ年",
    "months": "か月 ヶ月 カ月 ヵ月 ケ月 ヶ月間 か月間 カ月間 ヵ月間 ケ月間 箇月",
    "weeks": "週間 ウィーク",
    "days": "日間 泊 営業日間",
    "hours": "時間",
    "minutes": "分間",
    "seconds": "秒間",
}
_PARTS_OF_PERIOD = {
    "begin": "上旬 初旬 初め 始め はじめ 頭 あたま 冒頭",
    "mid": "中旬 半ば なかば 中頃 中ごろ 中盤",
    "end": "下旬 末 終わり おわり 終盤 末頃 末ごろ いっぱい 終わりごろ 終わり頃 末日",
    "half_begin": "前半",
    "half_end": "後半",
}
_NAMED_PARTS = {  # of the running week, month or year
    "月初": ("begin", "months"),
    "月初め": ("begin", "months"),
    "月頭": ("begin", "months"),
    "月半ば": ("mid", "months"),
    "月末": ("end", "months"),
    "月の前半": ("half_begin", "months"),
    "月の後半": ("half_end", "months"),
    "週初め": ("begin", "weeks"),
    "週の初め": ("begin", "weeks"),
    "週の頭": ("begin", "weeks"),
    "週頭": ("begin", "weeks"),
    "週明け": ("after", "weeks"),
    "週半ば": ("mid", "weeks"),
    "週の半ば": ("mid", "weeks"),
    "週末": ("weekend", "weeks"),
    "年初": ("begin", "years"),
    "年始": ("begin", "years"),
    "年明け": ("after", "years"),
    "年末": ("end", "years"),
    "年度末": ("fiscal_end", "years"),
    "年度初め": ("fiscal_begin", "years"),
    "期末": ("end", "quarters"),
    "期初": ("begin", "quarters"),
    "上半期": ("half_begin", "years"),
    "下半期": ("half_end", "years"),
    "上期": ("half_begin", "years"),
    "下期": ("half_end", "years"),
}
_SAME = {
    "から": "から より からは",
    "tilde": "~ ～ - – — ー",
    "まで": "まで までに までには までの にかけて 迄 迄に",
    "以降": "以降 以後 以来 よりも後 より後 またはその後 またはそれ以降 及びその後 以降に",
    "以前": "以前 よりも前 より前 またはその前 またはそれ以前 及びその前 以前に",
    "or": "か でも または もしくは あるいは ないし or または、 もしくは、 又は 若しくは",
    "and": "と 及び および や ・ & / ならびに",
    "の": "の",
    "は": "は",
    "comma": "、 ,",
    "頃": "頃 ごろ ころ くらい ぐらい 前後",
    "間": "間 の間 の間に の間で",
    "中": "中 中に 中には 内に",
    "後": "後 後に のち 経過後 経過後に 経過したら",
    "前": "前 前に まえ 前には",
    "以内": "以内 以内に",
    "で": "で",
    "以上": "以上 以上後 以上あと",
    "ahead": "次の 今後 今後の この先 向こう これから先",
    "back": "前の 過去 過去の ここ 直近 直近の 最近の 最後の この 先の",
    "from_now": "今から いまから これから",
    "あと": "あと",
    "num_few": "数",
    "まる": "まる 丸 約 およそ 正味",
    "半": "半",
    "exactly": "ちょうど きっかり ぴったり ジャスト",
    "day_of": "の週",
    "first": "最初の 初めの 最初",
    "last": "最後の 最終 最終の 最後",
    "第": "第",
    "plus": "+",
    "夏": "夏",
}
_SINGLE: dict[str, tuple[str, Any]] = {
    "年": ("年", None),
    "月": ("月", None),
    "日": ("日", None),
    "時": ("時", None),
    "分": ("分", None),
    "秒": ("秒", None),
    "週": ("週", None),
    "週目": ("週", None),
    "四半期": ("四半期", None),
    "営業日": ("営業日", None),
    "曜日": ("曜", None),
    "年度": ("年度", None),
    "元年": ("元年", 1),
    "次の": ("次の", None),
    "今度の": ("次の", None),
    "前の": ("前の", None),
    "この": ("この", None),
    "その": ("この", None),
    "来る": ("次の", None),
    "次回の": (GAP, None),
    "先の": ("前の", None),
    "現在の": ("この", None),
    "今の": ("この", None),
    "半日": ("length", (("hours", 12.0),)),
    "半年": ("length", (("months", 6.0),)),
    "半月": ("length", (("days", 15.0),)),
    "半年間": ("length", (("months", 6.0),)),
    "半時間": ("length", (("minutes", 30.0),)),
    "ひと月": ("length", (("months", 1.0),)),
    "一ヶ月": ("length", (("months", 1.0),)),
    "正午": ("clock", Clock(12, sure=True, grain="hour")),
    "零時": ("clock", Clock(0, sure=True, grain="hour")),
    "am": ("am_pm", "am"),
    "pm": ("am_pm", "pm"),
    "a.m.": ("am_pm", "am"),
    "p.m.": ("am_pm", "pm"),
    "終日": ("all_day", (("days", 1.0),)),
    "毎日": ("repeat", "FREQ=DAILY"),
    "毎週": ("repeat", "FREQ=WEEKLY"),
    "毎月": ("repeat", "FREQ=MONTHLY"),
    "毎年": ("repeat", "FREQ=YEARLY"),
    "毎朝": ("repeat", "FREQ=DAILY;X-DAYPART=MO"),
    "毎晩": ("repeat", "FREQ=DAILY;X-DAYPART=NI"),
    "毎夕": ("repeat", "FREQ=DAILY;X-DAYPART=EV"),
    "隔週": ("repeat", "FREQ=WEEKLY;INTERVAL=2"),
    "隔月": ("repeat", "FREQ=MONTHLY;INTERVAL=2"),
    "隔日": ("repeat", "FREQ=DAILY;INTERVAL=2"),
    "毎四半期": ("repeat", "FREQ=MONTHLY;INTERVAL=3"),
    "平日": ("weekdays_all", None),
    "毎平日": ("weekdays_all", None),
    "土日": ("weekend_days", None),
    "毎週末": ("weekend_days", None),
    "祝日": (GAP, None),
    "今すぐ": ("now", None),
    "現在": ("now_weak", None),
    "最近": ("recently", None),
    "即": ("now_alone", None),
    "即日": ("today", 0),
    "できるだけ早く": ("asap", None),
    "なるべく早く": ("asap", None),
    "至急": ("asap", None),
    "早急に": ("asap", None),
    "大至急": ("asap", None),
    "標準時": ("時間帯", None),
    "時刻": ("時間帯", None),
    "時間": ("unit", "hours"),
    "夏時間": ("時間帯", None),
    "早ければ": ("早ければ", None),
    "(": ("open", None),
    ")": ("close", None),
    "今後": ("ahead", None),
    "今から": ("from_now", None),
    "あとで": ("あとで", None),
    "後ほど": (GAP, None),
    "のちほど": (GAP, None),
    "前半": ("part_of", "half_begin"),
    "後半": ("part_of", "half_end"),
    "早く": ("part_of", "begin"),
    "早くに": ("part_of", "begin"),
    "前半は": ("part_of", "half_begin"),
    "春": ("season", 3),
    "夏": ("season", 6),
    "秋": ("season", 9),
    "冬": ("season", 12),
    "今夏": ("season_now", 6),
    "今春": ("season_now", 3),
    "今秋": ("season_now", 9),
    "今冬": ("season_now", 12),
    "gw": ("holiday_span", "gw"),
    "ゴールデンウィーク": ("holiday_span", "gw"),
    "お盆": ("holiday_span", "obon"),
    "年末年始": ("holiday_span", "nenmatsu"),
    "正月": ("holiday_span", "shogatsu"),
    "お正月": ("holiday_span", "shogatsu"),
    "シルバーウィーク": (GAP, None),
    "クリスマス": ("holiday", "christmas"),
    "クリスマスイブ": ("holiday", "christmas eve"),
    "元日": ("holiday", "new year"),
    "元旦": ("holiday", "new year"),
    "大晦日": ("holiday", "new year's eve"),
    "バレンタインデー": ("holiday", "valentine"),
    "ハロウィン": ("holiday", "halloween"),
    "独立記念日": ("holiday", "independence day"),
    "春分の日": ("holiday", "春分"),
    "秋分の日": ("holiday", "秋分"),
    "感謝祭": ("holiday", "thanksgiving"),
    "q": ("q", None),
    "r": ("era_letter", 2018),
    "h": ("era_letter", 1988),
    "s": ("era_letter", 1925),
    "明け": ("明け", None),
    "過ぎ": ("過ぎ", None),
    "過ぎに": ("過ぎ", None),
    "すぎ": ("過ぎ", None),
}
_HOLIDAYS = """
成人の日 建国記念の日 天皇誕生日 昭和の日 憲法記念日 みどりの日 こどもの日 海の日 山の日 敬老の日 スポーツの日
文化の日 勤労感謝の日 節分 七夕 母の日 父の日
"""
ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_TRAPS = """
24時間365日 365日 24時間対応 24時間体制 24時間サポート
日本 日本語 日本人 月額 月次 月給 月面 月謝 年額 年齢 年収 年商 年賀状 年次 日程 日時 日付 日数 日常 日用品
日系 日々 曜日は 月日 年月 年月日 一日中 十分な 十分に 十分で 十分で十分です 十分ご 十分です 一時的 一時停止
一時預 一番 一部 一方 一緒 一旦 一応 一度 同時 当時 時々 時間帯 時期 時代 時点 時差 時短 時給 火災 火力 水道
水曜どうでしょう 木材 金額 金曜ロードショー 土地 土台 二日酔い 三日月 三日坊主 四日市 五日市 八日市 十日町
廿日市 七五三 二十四時間 毎日新聞 朝日 夕食 朝食 昼食 夜勤 前回 前述 前提 以前の 最後まで 今後とも
今後ともよろしく 今後の ここ数 分野 分析 分割 分類 分量 部分 半分 秒速 時速 分速 週刊 月刊 日刊 年刊 夕刊 朝刊
先日 後日 日進月歩 年々 年中 年中無休 世紀末 石の上にも三年 来る日も来る日も いい日 よい日 良い日 よい一週間
良い一週間 こんにちは こんばんは 春日 夏目 秋田 秋葉原 冬木 青春 夜間対応 明日香 今日的 昨今 火曜サスペンス
前日比 前年比 前年同月比 前月比 同日 初めまして はじめまして 初めて はじめて 始めて 頭金 末永く 末筆 末尾
以上です 以上、 前向き 前進 前者 後者 後述 後任 後継 年末調整 その後 この後 この前 この度 この件 その際 前の件
次の件 次の通り 次のとおり 年式 中国 中央 中心 中止 中古 中身 中旬頃 間違 間に合 間柄 間隔 手間 仲間 期間 空間
時間が 時間も 時間を 時間に 時間は 三年生 年生 か月分 ヶ月分 年分 時間分 日分 週間分 世代 年版 年製 月号
年モデル 月間 年間契約 年間保守 年間ライセンス 年間サポート 年間費用 年間利用料 月払い 年払い 月々 年会費
月会費 半期 通年
"""
_TRAPS_KEPT = {
    "中旬頃": ("part_of", "mid"),
    "二十四時間": None,
    "時間が": None,
    "時間も": None,
    "時間を": None,
    "時間に": None,
    "時間は": None,
    "以前の": None,
    "今後の": None,
    "ここ数": None,
    "十分で十分です": None,
    "月間": ("月間", None),
}


def _lexicon() -> dict[str, tuple[str, Any]]:
    words: dict[str, tuple[str, Any]] = {word: (GAP, None) for word in _TRAPS.split() if word not in _TRAPS_KEPT}
    for category, same in _SAME.items():
        words |= dict.fromkeys(same.split(), (category, None))
    for unit, shifts in _SHIFTS.items():
        words |= {word: ("shifted", (unit, shift)) for word, shift in shifts.items()}
    words |= {word: ("today", days) for word, days in _DAYS_AHEAD.items()}
    words |= {word: ("day_part", told) for word, told in _DAY_PARTS.items()}
    words |= {word: ("part", part) for word, part in _PARTS.items()}
    for unit, same in _UNITS.items():
        words |= dict.fromkeys(same.split(), ("unit", unit))
    for which, same in _PARTS_OF_PERIOD.items():
        words |= dict.fromkeys(same.split(), ("part_of", which))
    words |= {word: ("named_part", told) for word, told in _NAMED_PARTS.items()}
    for place, letter in enumerate(WEEKDAY_LETTERS):
        words |= dict.fromkeys(
            (
                f"{letter}曜日",
                f"{letter}曜",
                f"({letter})",
                f"({letter}曜)",
                f"({letter}曜日)",
                f"({letter}・祝)",
                f"({letter}/祝)",
                f"[{letter}]",
            ),
            ("weekday", place),
        )
    words |= {word: ("weekday", place) for place, word in enumerate(_WEEKDAY_KANA.split())}
    words |= {word: ("month_word", place) for place, word in enumerate(_MONTH_KANA.split(), 1)}
    words |= {word: ("era", year) for word, year in ERAS.items()}
    words |= {word: ("holiday", word) for word in _HOLIDAYS.split()}
    words |= {word: ("zone", zone) for word, zone in ABBREVIATIONS.items() if len(word) > 2}
    words |= {word: ("place", zone) for word, zone in PLACES.items() if not word.isascii()}
    words |= _SINGLE
    words |= {word: meaning for word, meaning in _TRAPS_KEPT.items() if meaning}
    return words


WORDS = _lexicon()
