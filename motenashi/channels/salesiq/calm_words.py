"""What the door itself says to a visitor, in their language. Flows say everything else."""

from __future__ import annotations

from collections.abc import Mapping

_WORDS: Mapping[str, Mapping[str, str]] = {
    # When something went wrong on our side.
    "trouble": {
        "en": "Sorry, something went wrong on our side. Please send your message once more.",
        "ja": "申し訳ございません。処理中に問題が発生しました。お手数ですが、もう一度お送りください。",
    },
    "busy": {
        "en": "Sorry, we are very busy at this moment. Please send your message once more in a little while.",
        "ja": "申し訳ございません。ただいま混み合っております。少し待ってから、もう一度お送りください。",
    },
    # When an answer takes longer than its budget.
    "looking": {
        "en": "One moment please, I am looking that up.",
        "ja": "お調べしております。少々お待ちください。",
    },
    "still_looking": {
        "en": "I am still looking that up. Please press the button below in a moment.",
        "ja": "ただいまお調べしております。少し経ってから、下のボタンを押してください。",
    },
    "show_answer": {"en": "Show answer ({number})", "ja": "回答を表示（{number}）"},
    # When nobody can take over, or the platform refused our answer.
    "nobody_free": {
        "en": "Nobody is free at the moment. Please leave a message, and we will get back to you.",
        "ja": "ただいま対応できる担当者がおりません。メッセージをお残しいただければ、追ってご連絡いたします。",
    },
    "give_up": {
        "en": "Sorry, we can't go on with this chat right now. Please try again later.",
        "ja": "申し訳ございません。現在チャットを続けることができません。時間をおいて、もう一度お試しください。",
    },
    # What a card must say when the flow says nothing.
    "please_choose": {"en": "Please choose.", "ja": "お選びください。"},
    "please_answer": {"en": "Please type your answer.", "ja": "ご回答を入力してください。"},
    "picture": {"en": "Picture", "ja": "画像"},
    "video": {"en": "Video", "ja": "動画"},
    "file": {"en": "File", "ja": "ファイル"},
    "links": {"en": "Links", "ja": "リンク"},
    "articles": {"en": "Articles", "ja": "記事"},
    "products": {"en": "Products", "ja": "商品のご案内"},
    "open": {"en": "Open", "ja": "詳しく見る"},
    "place": {"en": "Location", "ja": "場所"},
    "pick_time": {"en": "Choose a date and time", "ja": "日時をお選びください"},
    "name": {"en": "Your name", "ja": "お名前"},
    "email": {"en": "you@example.com", "ja": "you@example.com"},
    "tel": {"en": "Phone number", "ja": "電話番号"},
    "url": {"en": "https://", "ja": "https://"},
    # What stands in a card's place where cards can't be shown.
    "type_one": {"en": "Please type your choice:", "ja": "ご希望のものを入力してください。"},
    "type_several": {
        "en": "Please type your choices, with commas between them:",
        "ja": "ご希望のものを、「、」で区切って入力してください（複数可）。",
    },
    "type_range": {
        "en": "Please type the lowest and the highest, for example {low} - {high}:",
        "ja": "下限と上限を「{low} - {high}」のように入力してください。",
    },
    "type_date": {
        "en": "Please type the date, for example {example}.",
        "ja": "日付を「{example}」のように入力してください。",
    },
    "type_date_time": {
        "en": "Please type date and time, for example {example}.",
        "ja": "日時を「{example}」のように入力してください。",
    },
    "type_dates": {
        "en": "Please type both dates, for example {example}.",
        "ja": "期間を「{example}」のように入力してください。",
    },
    "type_place": {
        "en": "Please send your location, or type the address.",
        "ja": "位置情報を送信するか、ご住所を入力してください。",
    },
    "send_file": {
        "en": "Please attach the file with the clip button of this chat.",
        "ja": "このチャットのクリップのボタンから、ファイルを添付してください。",
    },
    "may_skip": {
        "en": "To skip this question, write: skip",
        "ja": "この質問を飛ばす場合は、「スキップ」と入力してください。",
    },
    "also_say": {"en": "You can also write: {words}", "ja": "次のように入力することもできます：{words}"},
}


def calm(name: str, language: str, **values: str) -> str:
    """The sentence of that name; English for every language but Japanese."""
    texts = _WORDS[name]
    text = texts["ja"] if language.lower().startswith("ja") else texts["en"]
    return text.format(**values) if values else text
