"""What the engine itself says when a flow has no words of its own, in every language."""

from __future__ import annotations

from motenashi.flow_engine.texts import LocalText


def _text(en: str, ja: str) -> LocalText:
    return LocalText({"en": en, "ja": ja})


SORRY = _text(
    "Sorry, I can't look that up just now. Please try again in a little while.",
    "申し訳ございません。ただいま確認ができません。少し時間をおいてからもう一度お試しください。",
)
NOT_UNDERSTOOD = _text(
    "Sorry, I did not understand that. Please choose one of these.",
    "申し訳ございません。内容を理解できませんでした。次の中からお選びください。",
)
NOT_UNDERSTOOD_TYPED = _text(
    "Sorry, I did not understand that.",
    "申し訳ございません。内容を理解できませんでした。恐れ入りますが、別の言い方でお試しください。",
)
FLOW_CHANGED = _text(
    "Our chat has just been updated, so let us begin again.",
    "チャットの内容が更新されましたので、はじめからご案内いたします。",
)
GOODBYE = _text("Thank you for stopping by. Good-bye!", "ご利用ありがとうございました。")
STILL_HERE = _text("I'm here when you need me.", "ご用の際は、いつでもお声がけください。")

ONE_MOMENT = _text("One moment, please.", "少々お待ちください。")
WHICH_EMAIL = _text(
    "To show this safely I first need to know it is you. Which e-mail address do we know you by?",
    "安全にご案内するため、ご本人様の確認をお願いいたします。ご登録のメールアドレスをご入力ください。",
)
CODE_SENT = _text(
    "We have sent a six-digit code to {{ address }}. Please type it here."
    " (Or type “new code”, “other address” or “cancel”.)",
    "{{ address }} 宛に6桁の確認コードをお送りしました。こちらにご入力ください。"
    "（「再送」「別のアドレス」「やめる」とご入力いただくこともできます。）",
)
CODE_LOOKS_LIKE = _text(
    "The code has six digits. Please type it, or “new code”, “other address” or “cancel”.",
    "確認コードは6桁の数字です。コードをご入力いただくか、「再送」「別のアドレス」「やめる」とご入力ください。",
)
CODE_WRONG = _text(
    "That is not the code we sent. {{ left }} {{ 'try' if left == 1 else 'tries' }} left.",
    "確認コードが一致しません。あと{{ left }}回お試しいただけます。",
)
CODE_EXPIRED = _text(
    "That code has expired. Type “new code” and we send another.",
    "確認コードの有効期限が切れました。「再送」とご入力いただければ、新しいコードをお送りします。",
)
TOO_MANY_TRIES = _text(
    "That was not the code too many times, so we stop here for your safety.",
    "確認コードの入力回数が上限に達したため、安全のため確認を中止いたしました。",
)
TOO_MANY_CODES = _text(
    "We have sent several codes already. Please try again in a while.",
    "確認コードの送信回数が上限に達しました。しばらくしてからもう一度お試しください。",
)
CODE_NOT_SENT = _text(
    "We could not send the code just now. Please try again in a while.",
    "ただいま確認コードを送信できませんでした。しばらくしてからもう一度お試しください。",
)
TRY_AGAIN_LATER = _text(
    "That did not work just now. Please try again in a moment.",
    "ただいま処理できませんでした。少し時間をおいてからもう一度お試しください。",
)
PICK_A_SLOT = _text("When would suit you?", "ご都合のよい日時をお選びください。")
FREE_SLOTS = _text("Free times", "予約可能な日時")
SLOT_TAKEN = _text(
    "Somebody was a moment faster. These times are still free:",
    "申し訳ございません、そのお時間には先にご予約が入りました。次の空き時間からお選びください。",
)
BOOKED = _text("Booked: {{ slot.when }}. See you then!", "{{ slot.when }}で承りました。お待ちしております。")
YOUR_QUESTION = _text("What would you like to know?", "どのようなことをお知りになりたいですか。")
DID_YOU_ASK = _text("Did you mean one of these?", "お知りになりたいことは、次のいずれかでしょうか。")
NONE_OF_THESE = _text("None of these", "どれも当てはまらない")
READ_MORE = _text("Read more", "詳しく見る")

CANCEL_WORDS = ("cancel", "stop", "no", "back", "やめる", "キャンセル", "中止", "戻る", "いいえ")
NEW_CODE_WORDS = ("new code", "resend", "send again", "another code", "再送", "再送信", "もう一度送る", "新しいコード")
OTHER_ADDRESS_WORDS = ("other address", "another address", "change address", "別のアドレス", "アドレスを変更", "変更")

# What visitors say from anywhere. `human` works where a flow names a way for it.
INTERRUPT_WORDS: dict[str, tuple[str, ...]] = {
    "human": (
        "human",
        "operator",
        "agent",
        "talk to a human",
        "talk to a person",
        "real person",
        "担当者",
        "オペレーター",
        "人と話したい",
        "有人対応",
    ),
    "start_over": (
        "start over",
        "restart",
        "menu",
        "main menu",
        "begin again",
        "最初から",
        "はじめから",
        "最初に戻る",
        "メニュー",
    ),
    "stop": ("stop", "quit", "bye", "goodbye", "end chat", "終了", "おわり", "やめます", "さようなら"),
}
