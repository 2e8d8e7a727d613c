"""Formulas of politeness, taken out before a tone is judged: thanks in advance, good wishes, apologies for writing.

Fixed formulas stand in the lexicons; here are those that people vary ("it would be most helpful if ...").
"""

from __future__ import annotations

import re

MARK = "‡"  # what stands where a formula stood

_ENGLISH = re.compile(
    "|".join(
        (
            r"\b(?:many |kind |with (?:many |kind )?)?(?:thanks|thank you|thx|thanking you)(?: (?:very much|"
            r"so much|a lot|again|all))?,? "
            r"in advance(?: for [^.!?\n]{0,80})?",
            r"\b(?:many )?(?:thanks|thank you)(?: (?:very much|so much|a lot|again|kindly))? for (?:the|your|"
            r"this|sending|letting me know)"
            r"(?: (?:kind|quick|prompt|swift|speedy|detailed|fast|last|latest|recent|new|revised|updated|"
            r"phone|price|information|friendly|the|us|me|over|"
            r"and|for|pleasant|nice|above|attached|requested))*"
            r" (?:e-?mails?|mails?|message|note|letter|reply|response|answer|call|quote|quotation|offer|"
            r"proposal|estimate|information|info|"
            r"details|documents?|catalogue|brochure|invitation|reminder|update|newsletter|time|attention|"
            r"understanding|consideration|"
            r"cooperation|invoice|enquiry|inquiry|interest|minutes|link|file|paperwork|confirmation|"
            r"price list|conversation|chat)\b",
            r"\b(?:(?:i|we) )?(?:do |very much |really )?(?:hope|trust) (?:that )?(?:you|this|all|everyone|"
            r"everything|the)\b[^.!?\n]{0,50}?"
            r"\b(?:well|fine|good|great|fun|safe|holidays?|weekend|break|summer|start|spirits|health|week|"
            r"year|trip)\b",
            r"\bhave an? (?:\w+ ){0,2}(?:day|weekend|week|evening|afternoon|morning|time|holiday|christmas|"
            r"summer|easter|start|trip|break|one)\b",
            r"\bwish(?:es|ing)? (?:you|everybody|everyone|all of you|the team)\b[^.!?\n]{0,60}",
            r"\b(?:it|that|this|i|we|you|they)?(?: would|'d|’d) (?:really |very much |greatly |also |"
            r"all )?be (?:(?:so|very|most|really|much|greatly|highly|"
            r"extremely|absolutely|more than|just|rather) )*(?:great|grateful|nice|lovely|wonderful|fantastic|"
            r"good|perfect|ideal|helpful|useful|"
            r"appreciated|brilliant|kind|happy|glad|pleased|delighted|obliged|thankful|super|interesting)\b",
            r"\b(?:would|'d|’d|do|will|shall) (?:really |very much |greatly |highly |truly )?appreciate\b",
            r"\bbe so (?:very )?(?:kind|good|gracious|nice) (?:as|and)\b",
            r"\b(?:with |my |our )*(?:kind|best|warm|warmest|kindest|very best|sincere|friendly|"
            r"cordial) (?:regards|wishes|greetings|appreciation|thanks)"
            r"(?: and (?:kind|best|warm) \w+)?",
            r"\b(?:much|greatly) (?:appreciated|obliged)(?= (?:if|in advance)|[.!]?\s*$)",
            r"\blook(?:ing)? forward to (?:hearing|receiving|speaking|talking|seeing|meeting|"
            r"your (?:\w+ )?(?:reply|answer|response|quotation|quote|offer|"
            r"feedback|call|thoughts|proposal|mail|e-mail|email|confirmation))\b",
            r"\b(?:happy|merry) (?:new year|easter|christmas|friday|monday|birthday|holidays|thanksgiving|"
            r"diwali)\b|\bmany happy returns[^.!?\n]{0,20}",
            r"\bit was (?:a (?:great |real )?pleasure|(?:so |very |really )?(?:nice|good|great|"
            r"lovely)) (?:to (?:meet|speak|talk|see|hear|chat)|meeting|speaking|"
            r"talking|seeing|hearing|chatting)\b",
            r"\b(?:so |very |terribly |awfully |really )?sorry (?:to (?:bother|trouble|disturb|chase|be)|"
            r"for (?:the|my|any|this|all|bothering|troubling)"
            r"|about (?:the|that|this|my))\b",
            r"\b(?:my |our |with )?apologies (?:for|in)\b|\bi (?:do )?apologi[sz]e\b|\bforgive (?:me|my|the)\b",
            r"\b(?:i'm|i am|we're|we are) afraid\b|\b(?:i|we) regret (?:to|that)\b|\bwith (?:great |deep )?regret\b",
        )
    ),
    re.IGNORECASE,
)
_JAPANESE = re.compile(
    "|".join(
        (
            r"(?:ご|お|御)?(?:連絡|返信|返事|回答|見積り?書?|見積もり|案内|提案書?|送付|資料|カタログ|メール|電話|訪問|来社|足労|時間|検討|応募|登録|注文|発注|利用|"
            r"愛顧|理解|問い?合わ?せ|打ち合わせ|参加|来店|送り|送信|共有|知らせ|教え)(?:を|の件|の|に|頂き|いただき|頂戴し|下さり|くださり|まして|て|早速|誠に|大変|どうも|"
            r"、|して|割いて|お送り)*ありがとうございま(?:す|した)",
            r"(?:いただけ|頂け|もらえ|くださ|でき|けれ|すれ|あれ|戴け|れ|け)(?:れば|ると|ますと|ましたら|たら|ば|るなら)[^。!?\n、]{0,6}(?:助かり|幸い|幸甚|"
            r"ありがた|有難|有り難|嬉し|うれし)[^。!?\n]{0,12}",
            r"(?:と|ば|たら)(?:大変|とても|誠に|本当に|非常に|たいへん)?(?:助かります|幸いです|幸いに存じます|ありがたいです|ありがたく存じます|嬉しいです|うれしいです|嬉しく存じます)",
            r"[^。!?\n]{0,20}(?:お慶び|お喜び)申し上げます|(?:発展|繁栄|活躍|健勝|多幸|成功)を[^。\n]{0,8}(?:祈|願)[^。\n]{0,10}",
            r"良い(?:週末|一日|午後|お年|一年|休日|夏|連休)を[^。!?\n]{0,10}|ご自愛[^。!?\n]{0,10}|お体に[^。!?\n]{0,12}",
            r"(?:お返事|ご返信|ご回答|ご連絡|お会い|お目にかか)[^。!?\n]{0,12}(?:楽しみに|心待ちに)[^。!?\n]{0,12}",
            r"(?:新年)?(?:明けまして)?おめでとうございます(?=。|\s|$)",
            r"(?:大変|誠に|本当に|まことに)?(?:申し訳|もうしわけ)(?:ございません|ありません|ないのですが|なく)[^。!?\n]{0,6}",
            r"(?:平素|日頃|いつも|毎度|先日)[^。!?\n]{0,16}(?:お世話|お引き立て|厚情|ご愛顧|高配)[^。!?\n]{0,24}(?:ます|ました)",
            r"お手数(?:です|をお?かけ|では)[^。!?\n]{0,14}",
        )
    )
)


# No formula is without one of these; looking for them first is cheap.
_ENGLISH_TRIGGER = re.compile(
    r"thank|thx|hop|trust|have a|wish|would|['’]d |apprecia|so (?:kind|good|very|grac|nice)|regards|kind|warm|best|"
    r"greet|oblig|look|happy|merry|it was|sorry|apolog|forgive|afraid|regret|shall|will",
    re.IGNORECASE,
)
_JAPANESE_TRIGGER = re.compile(
    "ありがとう|助かり|幸|ありがた|有難|有り難|嬉し|うれし|申し上げ|祈|願|良い|自愛|お体|楽しみ|心待|おめでと|訳|わけ|世話|引き立て|厚情|愛顧|高配|手数"
)


def without_courtesy(text: str, language: str) -> str:
    """`text` with a mark in the place of every formula."""
    if not (_JAPANESE_TRIGGER if language == "ja" else _ENGLISH_TRIGGER).search(text):
        return text
    return (_JAPANESE if language == "ja" else _ENGLISH).sub(f" {MARK} ", text)
