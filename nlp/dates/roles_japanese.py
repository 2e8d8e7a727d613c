"""Japanese words that tell what a date is there for."""

from __future__ import annotations

import re

from nlp.dates.cues import Cues, last_clause

_EVENT = (
    r"(?:お?打ち?合わ?せ|会議|ミーティング|アポイント|アポ|デモ|ご?訪問|ご?面談|商談|お?約束|ご?予定|"
    r"ご?予約|件|web会議|お電話|オンライン会議|ご来社|説明会|日程|枠|工事|設置|作業|研修|セミナー|見学|"
    r"回)"
)
_MOVE = (
    r"(?:変更|延期|リスケ|ずら|前倒し|後ろ倒し|振り替え|振替|繰り下げ|繰り上げ|キャンセル|取りやめ|"
    r"取り止め|中止|日程調整をし直|再調整|移動(?!の(?:ため|予定))|改め|延ばし|延長|早め|取り消)"
)

_MOVED_AFTER = re.compile(
    rf"^~?(?:から|の{_EVENT}を|の{_EVENT}について|の{_EVENT}の|の{_EVENT}なのですが|の{_EVENT}ですが|"
    rf"の{_EVENT}は|予定の[^。\n、]{{0,12}}を|に(?:お約束|予定|設定|伺う予定|お願い)して(?:い|おり)|を|は|に予定|の{_EVENT})"
    rf"[^。!?\n]{{0,45}}{_MOVE}"
)
_OLD_AFTER = re.compile(
    rf"^(?:の|に|は|で|、|から)?(?:{_EVENT})?(?:の|を|に|で|は|が|も)?[^。!?\n]{{0,18}}(?:予定でした|"
    rf"予定だった|はずでした|お約束でした|お約束して(?:いま|おりま)した|お願いして(?:いま|おりま)した|"
    rf"予定して(?:いま|おりま)した(?:が|けれど|ものの)|都合が(?:悪く|つかなく|合わなく)|難しくなり|"
    rf"間に合(?:い|わ)|伺えなくなり|行けなくなり|参加できなくなり|出席できなくなり|欠席|急用|別の予定が入|"
    rf"対応できなくなり|できなくなりました)"
)
_OLD_BEFORE = re.compile(
    r"(?:変更前|旧日程)[はの::]?\s*$|(?:当初(?:の|は)?|もともと(?:の)?|元々(?:の)?|お約束して(?:いた|"
    r"おりました)|予定して(?:いた|"
    r"おりました|いました)|先にお知らせした|ご連絡した)[^。!?\n、]{0,12}$"
)
_INSTEAD = re.compile(rf"^(?:の{_EVENT})?(?:では|じゃ)なく|^の代わりに|^に代えて")
_OFFERED = re.compile(r"(?:ご提示|ご提案|お約束|ご案内|ご指定|ご連絡)[^。\n]{0,14}$")
_INTO = re.compile(
    r"^(?:の\S{0,6})?(?:に|へ|で|以降に|からに|頃に|ごろに)(?:ご?変更|延期|して|ずら|お願い|リスケ|振り?替え|移(?!転)|延ば|繰り|"
    r"改め|前倒し|でき|早め|なりまし|決ま)"
)

_DEADLINE_AFTER = re.compile(
    r"^(?:まで(?:の?ご?延長|延ば|、?有効)|までに|までには|までで?(?:ご|お|に|の(?:ご|お)|、(?:ご|お))|まで(?:と|です|ございます|必着|"
    r"有効)|迄|必着|締め?切り|〆切|中に|中の(?:ご|お)?(?:返|回|連)|いっぱいで(?:に|契約|期限)|以内に|"
    r"以内の|が(?:期限|締め?切|納期|〆切)|を(?:期限|締め?切|めど|目途)|が?有効期限|で(?:終了|満了|期限|使えなく|利用できなく)|に(?:期限|契約が切|"
    r"満了|切れ)|前に|より前に)"
)
_DEADLINE_BEFORE = re.compile(
    r"(?:締め?切り?|〆切|期限|納期|期日|必着|有効期限)(?:は|が|:|=|の|、)?\s*(?:、)?[^。\n]{0,6}$"
)

_PROPOSING = re.compile(
    r"日時|いかが|ご都合|都合(?:が|の)(?:よ|良|つ|合)|お願いでき|お願いしたい|お願いいたし|お願いし|可能|"
    r"伺(?:い|え|う|わ|っ)|お伺い|お会い|打ち?合わ?せ|デモ|訪問|来社|来店|お越し|面談|ミーティング|商談|"
    r"お時間|空いて|空き|予約|希望|候補|"
    r"よろしいで|宜しいで|よろしければ|お待ちし|見学|お電話|電話|オンライン|web会議|zoom|teams|大丈夫|"
    r"問題(?:あり|ござい)ません|でいいです|でもいい|提案|折り返し|想定|参加|設定|調整|実演|拝見|見せて|説明して|相談|どうでしょう|でしょうか|"
    r"ませんか|ましょう|承知|"
    r"にして(?:いただ|くださ|もらえ|ほし)|構いません|かまいません|結構で|助かり|ありがたい|幸い|日程|"
    r"理想|通話|できますか|つながり|でしたら|会いでき|会えま|来ていただ|でお願い|開催|話(?:を|が)|してほしい|行きたい|見たい|試したい|ならOK|"
    r"なら大丈夫|ですと"
)
_NOT_PROPOSING = re.compile(
    r"停止|休業|休み|休暇|夏季休|不在|外出|出張|埋まって|ふさがって|契約(?:が|は|期間|満了|更新)|保証|納品|"
    r"納入|発売|リリース|稼働|移転|入社|決算|予算|導入(?:予定|を予定)|開始(?:予定|を予定)|異動|展示会|"
    r"開店|"
    r"請求|支払|お?見積|注文|発送|届|キャンペーン|値上げ|サポート終了|売上|棚卸"
)
_STRONGLY_PROPOSING = re.compile(
    r"日時|いかが|ご都合|都合(?:が|の)(?:よ|良)|打ち?合わ?せ|デモ|訪問|来社|来店|お越し|面談|ミーティング|"
    r"商談|お時間|お会い|空いて|候補|オンライン|電話(?:を|で|いただ|くださ)|見学|実演|伺(?:い|え|わ|っ)|"
    r"参加|相談"
)
_WE_ARE_THERE = re.compile(r"営業時間|受付時間|毎回|改めてご?連絡|後日")
_WILL_SAY = re.compile(r"改めて[^。\n]{0,12}(?:ご?連絡|お送り|ご?案内|ご?提示)(?:いたし|し|差し上げ|させ)")
_NEGATIVE = re.compile(
    r"^以外|^(?:の?[^。\s]{0,8})?(?:は|が|も|だと|では)?(?:[^。\n]{0,16}ため)?(?:終日)?"
    r"(?:祝日|定休|都合が(?:悪|つか|つき|合わ|合い)|難し|無理|不可|ng|埋まって|(?:会議|予定|打ち?合わ?せ)が(?:あ|入)|不在|休|"
    r"空いていません|外して|避け|以外)|^[^。]{0,25}ありがとうございました"
)
_PAST_AFTER = re.compile(
    r"^(?:付け?の|付で|付け?で|発行の|に|の|より|から|は|、)?(?!お?打ち?合わ?せを(?:お願い|"
    r"希望))[^。!?\n、]{0,22}?(?:いただきました(?!ら)|頂きました(?!ら)|頂いた|いただいた|しました(?!ら)|ました(?!ら)|"
    r"(?:[しっいれえ来]た|んだ|[いっ]だ)(?=[一-龥ァ-ヶa-z])|(?:注文|購入|契約|発注|受領|入金|解約|納品|導入|受け取り?|申し?込)(?:し|み)?(?:て|、|後)|"
    r"した(?:が|ところ|の|、|製品|商品|際|件|分|もの)|だった|届いた|送った|買った|"
    r"使って(?:い|おり)ます|続いて(?:い|おり)ます|でした(?!ら))|^付(?:け)?(?:の|で)|^(?:締め?|付け?|発行|着|受領)の(?:請求|お?見積|注文|メール|書|資料)|"
    r"^の[^。\n]{0,12}(?:では?、?(?:お世話|ありがと|あった|伺った)|は大変|はとても|の際に?は?)|"
    r"^[^。]{0,25}ありがとうございました"
)
_NOT_PAST = re.compile(
    r"と(?:言われ|聞い|伺い|のこと|表示)|予定(?:で|に|だ|して)|承知|了解|承り|かしこまり|確認|お約束|決まりました|決定しました|(?:変更|延期|こと|予定)(?:に|と)なりました|変更|延期|までに"
)


def _is_old(before: str, after: str, earlier: str) -> bool:
    if _INTO.match(after):
        return False
    if _INSTEAD.match(after) or _OLD_BEFORE.search(before):
        return True
    if _NEGATIVE.match(after) and _OFFERED.search(before):
        return True
    return bool(_MOVED_AFTER.match(after) or _OLD_AFTER.match(after))


def _is_deadline(before: str, after: str) -> bool:
    return bool(_DEADLINE_AFTER.match(after) or _DEADLINE_BEFORE.search(before))


_CLAUSE_BEFORE = re.compile(r".*(?:(?:です|ます|した)(?:が|けれども|けれど|けど)|ので|ため)、", re.DOTALL)


def _is_proposed(before: str, after: str) -> bool:
    before = last_clause(before, _CLAUSE_BEFORE)
    if re.search(r"(?:変更後|新日程|候補|希望)[はの:]?\s*$", before):
        return True
    sentence = before + after
    if _WILL_SAY.search(after):
        return False
    if _INTO.match(after) or after.startswith("しか"):
        return True
    if _NEGATIVE.match(after) or not _PROPOSING.search(sentence):
        return False
    return not _NOT_PROPOSING.search(sentence) or bool(_STRONGLY_PROPOSING.search(sentence))


def _tells_of_past(before: str, after: str) -> bool:
    told = _PAST_AFTER.match(after)
    return told is not None and not _NOT_PAST.search(told.group())


_AHEAD = re.compile(
    r"予定|します|いたします|不在|いかが|お願い|ください|下さい|まで|以内|締|期限|でしょうか|ませんか|ますか|ましょう|たい|希望|可能|伺(?:い|う|え|っても)|都合|"
    r"から(?!届)|以降|開始|終了|休業|休み|休暇|有効|にて|変更|延期|見込|\?"
)
_DEMAND = re.compile(
    r"^(?:中)?(?:に|で|にも|には|、)?[^。?\n、]{0,24}(?:して|返信|返答|回答|ご?連絡|返金|確認|対応|送付|お送り|修理|交換|解決|支払)[^。?\n]{0,6}"
    r"(?:ください|下さい|願い|お願い|ほしい|欲しい|もらいたい)"
)


def _is_no_meeting(before: str, after: str) -> bool:
    before = last_clause(before, _CLAUSE_BEFORE)
    return bool(_NEGATIVE.match(after) or _NOT_PROPOSING.search(before + after) or _WE_ARE_THERE.search(before + after))


def _looks_ahead(before: str, after: str) -> bool:
    return bool(_AHEAD.search(after)) or before.endswith(("今度", "次回"))


def _is_demand(_before: str, after: str) -> bool:
    return bool(_DEMAND.match(after))


JAPANESE = Cues(
    is_old=_is_old,
    is_deadline=_is_deadline,
    is_proposed=_is_proposed,
    tells_of_past=_tells_of_past,
    looks_ahead=_looks_ahead,
    is_no_meeting=_is_no_meeting,
    is_demand=_is_demand,
)
