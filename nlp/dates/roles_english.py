"""English words that tell what a date is there for."""

from __future__ import annotations

import re

from nlp.dates.cues import Cues, first_clause, last_clause

_EVENT = (
    r"(?:meeting|call|demo|demonstration|appointment|visit|session|slot|date|time|chat|presentation|"
    r"conversation|one|booking|installation|workshop|webinar|lunch|catch-?up|review|training|interview|"
    r"delivery)"
)
_MOVE = (
    r"(?:mov(?:e|ed|ing)|shift(?:ed|ing)?|slid(?:e|ing)|bump(?:ed|ing)?|re-?schedul(?:e|ed|ing)|"
    r"re-?arrang(?:e|ed|ing)|re-?book(?:ed|"
    r"ing)?|postpon(?:e|ed|ing)|push(?:ed|ing)?|chang(?:e|ed|ing)|cancel(?:l?ed|l?ing)?|call(?:ed|"
    r"ing)? off|put(?:ting)? off|(?:bring(?:ing)?|brought) (?:\w+ )?forward|switch(?:ed|ing)?|swap(?:ped|ping)?|"
    r"delay(?:ed|"
    r"ing)?|drop(?:ping)? out of|scrap(?:ped|ping)?|skip(?:ped|ping)?)"
)
_CANNOT = (
    r"(?:can(?:'t|not| not| no longer)|could(?:n't| not)|won't|will not|wouldn't|unable to|not able to|"
    r"not be able to|have to miss|afraid i(?:'ll| will)? miss|must miss|no longer(?: able to)?)"
)

_OLD_BEFORE = re.compile(
    rf"\b(?:instead of|rather than|in place of|replacing|original(?:ly)?|previously (?:agreed|planned|"
    rf"scheduled|booked)|"
    rf"(?:was|were|had been|had) (?:scheduled|planned|booked|set|arranged|agreed|down|originally|"
    rf"pencilled in|confirmed)(?: {_EVENT})?(?: (?:for|on|at|in))?|"
    rf"(?:had|we'd) (?:said|agreed|planned|booked|scheduled|arranged|a {_EVENT})(?: (?:for|on|at))?)[^,.?!]{{0,25}}$"
)
_BE_MOVED = re.compile(
    rf"^\s*(?:{_EVENT} )?be (?:changed|moved|shifted|postponed|re-?scheduled|brought forward|pushed|cancel)"
)
_AGREED_FOR = re.compile(r"\b(?:planned|scheduled|booked|arranged|agreed|fixed|set) (?:for|on|at)\s(?:the\s)?$")
_NO_APPOINTMENT = re.compile(
    r"\bcancel\w* (?:my|our|the|this|that) (?:\w+ )?(?:subscription|order|plan|account|membership|"
    r"contract)s?\b[^.?!]{0,20}$"
)
_BUT = re.compile(r"^[^.?!]{0,20}\bbut\b")
_NO_MORE = re.compile(r"^ (?:any ?more|any longer|after all)\b")
_MOVED_OBJECT = re.compile(rf"\b{_MOVE}\b(?P<between>[^.?!]{{0,60}})$")
_MOVED_FROM = re.compile(rf"\b(?:{_MOVE}|extend\w*)\b[^.?!]{{0,60}}\bfrom\s(?:the\s)?$")
_TO_RIGHT_HERE = re.compile(
    r"\b(?:now|to|until|till|for|forward to|back to|into|onto|is|on to|new (?:date|time|proposal|slot|"
    r"one):?|suggest|propose|how about|perhaps|"
    r"maybe|could do|or)\s(?:the\s|either\s|say\s|some\s?time\s)?(?:on\s|at\s|in\s|this\s|next\s)?$"
)
_MOVED_TO = re.compile(rf"\b{_MOVE}\b[^.?!]{{0,60}}\b(?:to|until|till|for|onto)\s(?:the\s)?(?:on\s)?$")
# "Sorry, I can't make it today": whoever says so had an appointment.
_CANNOT_MAKE_IT = re.compile(rf"\b{_CANNOT} (?:make it|attend|join you|keep (?:our|the)|come)\b[^,.?!;]{{0,25}}$")
_MOVED_HOUSE = re.compile(r"\b(?:offices?|house|premises|building|in\s*$|back in)")
_OLD_AFTER = re.compile(
    rf"^(?:'s|’s)?\s*(?:{_EVENT}\s)?(?:(?:is|was|has|will) (?:now )?(?:no longer|not (?:going to|taking place|"
    rf"happening)|off|"
    rf"cancel|been (?:cancel|mov|postpon))|no longer|won't|"
    rf"(?:does(?:n't| not)|do(?:n't| not)) work (?:any ?more|after all|now)|needs? to (?:be )?(?:mov|"
    rf"chang|shift|resched|postpon)|"
    rf"(?:has|have) to (?:be )?(?:mov|chang|resched|postpon|cancel|shift|push|delay)|(?:must|"
    rf"should) be (?:moved|postponed)|"
    rf"(?:{_EVENT} )?to be (?:moved|postponed)|{_EVENT} (?:forward|back|earlier|up|off)\b|clashes|has come up)"
)
_CANNOT_DO = re.compile(rf"\b{_CANNOT}\b[^,.?!;]{{0,45}}$")
_DOES_NOT_SUIT = re.compile(
    rf"^(?:'s|’s)?\s*(?:{_EVENT}\s)?(?:is|are|does|do|isn't|won't|doesn't|don't|will)?\s?(?:not|n't|"
    rf"no good|bad|difficult|impossible|out|tricky|won't|doesn't|isn't)\b"
)
_ABOUT_MOVING = re.compile(
    rf"\b(?:{_MOVE}|another (?:time|day|date|slot)|different (?:time|day|date)|instead|"
    rf"alternative (?:time|day|date)|our (?:agreed )?(?:{_EVENT}))\b"
)

_DEADLINE_BEFORE = re.compile(
    r"(?:\bdeadline[^.?!]{0,40}[:\s]\s?$|(?<!drop )(?<!stop )(?<!swing )(?<!pop )\b(?:by|no later than|not later "
    r"than|deadline(?: (?:is|of|"
    r"for [\w ]{1,30}? is|on))?|due(?: date)?(?: is)?(?: (?:on|by|in|back|at))?|expir(?:es?|"
    r"ing)(?: (?:on|at|in))?|"
    r"valid(?: (?:until|till|through|to))?|latest|closing date(?: is)?|closes on|"
    r"cut-?off(?: is)?(?: on)?|clos(?:es?|ing)(?: on| at| in)?|submi\w+ (?:by|before)|before|within|needed (?:by|"
    r"for|on)|in time for|"
    r"runs? out(?: on| in)?|ends?(?: on)?|(?:stops?|stop) working(?: on)?|lock(?:s|ed)(?: in)?(?: on| at)?|"
    r"at the latest(?: on| by)?)\s(?:the\s|"
    r"around\s|end of\s|close of\s|about\s|noon on\s|"
    r"cob\s|eod\s|midnight on\s)*)$"
)
_UNTIL_WHEN = re.compile(
    r"\b(?:extend\w*|offer|open|good|valid|stands?|guaranteed|holds?|extension)(?: [\w ]{1,20})? "
    r"(?:until|till|til|through|thru|to)\s(?:the\s)?$"
)
_DEADLINE_INSIDE = re.compile(r"^(?:by|before|no later than|not later than|within|until)\b")
_DEADLINE_AFTER = re.compile(
    r"^\s*(?:at the latest|deadline|is (?:the|our|my) deadline|is (?:the|our) cut-?off|or (?:earlier|sooner|before))"
)

_PROPOSING = re.compile(
    r"\b(?:how about|what about|otherwise|any (?:morning|afternoon|day|evening)|how does|how would|"
    r"how is|how's|could (?:we|you|i)|can (?:we|you|i)|"
    r"may (?:we|i)|might (?:we|you)|shall we|would (?:you|it|that|be|suit|work|\w+day|love|like|prefer)|"
    r"i'd|we'd|"
    r"are you|is (?:it|there|\w+day)|do you|available|availability|free|meet|meeting|demo|demonstrat\w+|"
    r"visit|works?|suits?|any ?time|propos\w+|suggest\w*|let's|let us|slots?|"
    r"come(?! back)|coming|drop (?:by|in)|pop in|stop by|schedul\w+|book|arrange|set up|fits?|prefer|convenient|"
    r"appointment|either|possible|looking at|have time|talk|speak|"
    r"ring|call|phone|chat|catch up|show|host|join|instead|fine|perfect|ideal|best|open to|open on|(?:am|are|"
    r"is|'m|'re) (?:both |all |still )?(?:around|here)|(?:is|are) "
    r"(?:still |all |both )?open|okay|(?:i|"
    r"we) (?:could|can)|ok|good for|good\b|great|happy to|options?|times?|see (?:you|us|it)|anywhere|"
    r"whenever|"
    r"confirm\w*|flexible|aim(?:ing)? for|invite|squeeze|pencil|sometime|window|webinar|teams|zoom|video|lunch|"
    r"coffee|"
    r"move (?:it|this|that|our|the)|push (?:it|this)|earliest|attend|participate|walk us)\b"
)
_NOT_PROPOSING = re.compile(
    r"\b(?:bank holiday|public holiday|away|out of (?:the )?office|ooo|on (?:holiday|leave|vacation)|"
    r"holidays?|not available|(?:i|we)(?:'ll| will) be (?:in|at|out|on|away)|plan(?:ning)? to|back (?:at|in|"
    r"to) (?:work|the office)|"
    r"unavailable|nobody|no one|busy|tied up|travell?ing|closed|"
    r"contract|warranty|renewal|renews?|licen[cs]e|invoice|launch(?:es|ed|ing)?|go(?:es|ing)?[ -]live|"
    r"budget|fiscal|financial year|roll(?:ed|ing)? out|rollout|moving (?:office|in)|starts? work|"
    r"joins? us as|hire|new starter|year-end|audit|arrives?|delivered|ship(?:s|ped|ping)?|released?|"
    r"deliver(?:y|ies)?|installed|opens? (?:on|in)|conference|fair|exhibition|trade show|"
    r"expecting|planned for|sales|report|figures|payment|paid|price|quote|order(?:ed)?|tender)\b"
)
_STRONGLY_PROPOSING = re.compile(
    r"\b(?:how about|what about|could (?:we|you|i)|can (?:we|you|i)|shall we|would (?:\w+day|you be|"
    r"it be|that|suit|work|be possible)|are you (?:free|available|around|open)|available|free|meet|demo|"
    r"demonstration|visit|suits?|"
    r"works? for|slots?|appointment|let's|call me|ring me|give (?:me|us) a (?:call|ring)|speak|talk|"
    r"schedule|book|arrange|set up|come (?:by|over|in|to|round)|drop (?:by|in)|see (?:it|the)|"
    r"show (?:me|us)|join|prefer|(?:a|another|the|review|planning|kick-?off) (?:meeting|call|workshop)|"
    r"propose|suggest|i could|we could|convenient)\b"
)

_PAST_VERB = re.compile(
    r"\b(?:ordered|bought|purchased|received|sent|spoke|met|signed|emailed|e-mailed|talked|delivered|"
    r"arrived|shipped|placed|paid|submitted|"
    r"visited|happened|broke|came|went|dated|wrote|(?<!as )discussed|attended|returned|installed|(?<!as )requested|"
    r"got|"
    r"took place|was due|were due|was supposed to|were supposed to|was meant to|ran out|expired|ended|lapsed|"
    r"charged|invoiced|"
    r"debited|cancelled (?:my|our|the) (?:subscription|order|plan|account|membership|"
    r"contract)|"
    r"saw|stopped|failed|crashed|began|started|"
    r"since|was (?:delivered|sent|ordered|shipped|installed|placed|great|good|nice|very|so|held)|"
    r"were (?:delivered|sent|at|here|there)|did|had (?:a|the|our)|gave|showed|told|left|joined|raised|"
    r"opened|reported|"
    r"been (?:waiting|trying|down|offline|broken)|thank you for (?:your|the|coming|visiting|meeting|"
    r"showing)(?! offer| invit)|thanks for (?:your|the|coming|visiting|meeting|showing)(?! offer| invit| quick)|"
    r"enjoyed|last time|"
    r"your (?:mail|e-?mail|letter|message|quote|quotation|invoice|order|offer|call|visit) (?:of|from|"
    r"dated)|(?:order|invoice|quote|quotation|e?-?mail|letter|message) (?:of|from|"
    r"dated))\b(?P<between>[^.?!]{0,60})$"
)
_AFTER_WHAT_WAS = re.compile(
    r"(?:\b(?:order|invoice|quote|quotation|e?-?mail|letter|message|order|ticket)(?: [\w-]{1,15})? (?:of|from|dated)|"
    r"\bmoved (?:offices?|house|premises)(?: in| on)?|\b(?:following|after|per|from) (?:our|the|my|"
    r"your) [\w ]{1,20}|\b(?:your|my|our) (?:reminder|notice|price list|report|confirmation|complaint|request) "
    r"(?:of|from|dated)|"
    r"\b(?:first|second|third|last|previous) (?:time|one|attempt|visit|failure)\b[^.?!]{0,20})\s(?:on\s)?(?:the\s)?$"
)
# "We downloaded it on 12 January": somebody did something, and no plan was made.
_DID = re.compile(
    r"\b(?:i|we|you|they|he|she|it)(?:'ve| have|'d| had)? (?:just |already |also |recently |first |then )?"
    r"(?!need|speed|feed|exceed|proceed|plann|schedul|book|agre|arrang|suppos|propos|suggest|interest|want)\w{3,}ed\b"
    r"(?P<between>[^.?!]{0,60})$"
)
_SOMEBODY = re.compile(r"\b(?:i|we|you|they|he|she|it|who)\b[^.?!]{0,15}$")
_STILL_TO_COME = re.compile(r"^[^,.?!;]{0,40}\b(?:should|will|must|shall|would)\b")
_CALLED = re.compile(r"\b(?:i|we) (?:tried|called|rang|phoned|asked|missed)\b[^.?!]{0,40}\bon\s$")
_ASKING = re.compile(r"\b(?:i'd|we'd|please|could|can|would|will|need|shall|if|want|should|must|kindly)\b")
_NOT_PAST = re.compile(
    r"\b(?:that|could|can|would|if|whether|will|meet|free|available|let's|shall|may|hope|hoping|want|"
    r"suggest\w*|propos\w+|please|i'd|we'd|how about|shows?|works?|need|by|before|until|like|scheduled|booked|"
    r"planned|and (?:are|is|we|i|would)|reply|back)\b"
)


_WE_ARE_THERE = re.compile(
    r"\b(?:be reached|reach (?:us|me)|(?:office|opening|business|working) hours|sessions?|each (?:session|time)|"
    r"runs?|"
    r"takes? place|(?:i|we)(?:'ll| will) (?:get|come) back|(?:be|are|am|is) back|(?:i|we)(?:'ll| will) (?:send|"
    r"contact|"
    r"let you know|be in touch|write))\b"
)
_WILL_SAY = re.compile(
    r"\b(?:i|we)(?:'ll| will) (?:propose|suggest|send|offer|come back|get back|let you know|be in touch|contact)\b"
)
_NOW_IS = re.compile(r"\b(?:it is|it's|time is|today is|now)\s(?:now\s|already\s|the\s)*$")
_EXCEPT = re.compile(
    r"\b(?:except(?: for| on)?|apart from|other than|but not(?: on)?|anything but|not on)\s(?:the\s)?$|(?:^|"
    r"[.,;]\s)not\s(?:on\s)?$"
)
_IS_TODAY = re.compile(r"^ is (?:already )?(?:the )?\d")
_CLAUSE_BEFORE = re.compile(r".*(?:[;(]|, so|,? (?:but|however|though)\b)", re.DOTALL)
_CLAUSE_AFTER = re.compile(r"(?:[;)]|, so|,? (?:but|however|though)\b)")


def _is_old(before: str, after: str, earlier: str) -> bool:
    if _NO_APPOINTMENT.search(before):
        return False
    if _OLD_BEFORE.search(before) or _MOVED_FROM.search(before):
        return True
    if _AGREED_FOR.search(before) and (_ABOUT_MOVING.search(before) or _BUT.match(after)):
        return True
    moved = _MOVED_OBJECT.search(before)
    if (
        moved is not None
        and not _MOVED_HOUSE.search(moved.group("between"))
        and not _TO_RIGHT_HERE.search(before)
        and not re.search(r"\bto\b", moved.group("between"))
    ):
        return True
    if _OLD_AFTER.match(after) or _BE_MOVED.match(after) or _CANNOT_MAKE_IT.search(before):
        return True
    if _CANNOT_DO.search(before) and _NO_MORE.match(after):
        return True
    if (_CANNOT_DO.search(before) and not _TO_RIGHT_HERE.search(before)) or _DOES_NOT_SUIT.match(after):
        return bool(_ABOUT_MOVING.search(f"{earlier[-200:]} {before} {after}"))
    return False


def _is_deadline(before: str, after: str) -> bool:
    return bool(
        _DEADLINE_BEFORE.search(before)
        or _REGISTER.search(before)
        or _UNTIL_WHEN.search(before)
        or _DEADLINE_AFTER.match(after)
    )


def _is_proposed(before: str, after: str) -> bool:
    before, after = last_clause(before, _CLAUSE_BEFORE), first_clause(after, _CLAUSE_AFTER)
    sentence = f"{before} {after}"
    if _EXCEPT.search(before) or _NOW_IS.search(before) or _IS_TODAY.match(after) or _WILL_SAY.search(before):
        return False
    if (
        re.search(r"\b(?:how|what)\s+$", before)
        or _MOVED_TO.search(before)
        or (len(sentence) < 60 and "?" in after and not _CANNOT_DO.search(before))
    ):
        return True
    if not _PROPOSING.search(sentence):
        return False
    if _CANNOT_DO.search(before) or _DOES_NOT_SUIT.match(after):
        return False
    return not _NOT_PROPOSING.search(sentence) or bool(_STRONGLY_PROPOSING.search(sentence))


def _tells_of_past(before: str, after: str) -> bool:
    if _AFTER_WHAT_WAS.search(before):
        return True
    if _ASKING.search(before):
        return False
    if _CALLED.search(before):
        return True
    told = _PAST_VERB.search(before) or _DID.search(before)
    if told and _STILL_TO_COME.match(after) and not _SOMEBODY.search(before[: told.start() + 3]):
        return False  # "what is shipped after 25 August should"
    return told is not None and not _NOT_PAST.search(told.group("between"))


_AHEAD = re.compile(
    r"\b(?:will|shall|would|could|can|may|might|must|should|please|let's|let us|how about|what about|by|until|till|"
    r"due|"
    r"deadline|are (?:you|we)|is (?:it|there|that)|do you|propos\w+|suggest\w*|plan\w*|starts?|begins?|ends?|opens?|"
    r"closes?|going to|expect\w*|forward|free|available|scheduled|booked|want|like to|need|hop(?:e|ing)|"
    r"looking at|valid|"
    r"expires?|meet(?:ing)?|before|from|on leave|away|closed|travel\w*|instead|works?|suits?|see you|i'?ll|"
    r"we'?ll)\b|\?"
)
_REGISTER = re.compile(
    r"\b(?:register|appl(?:y|ied)|repl(?:y|ies)|respond|submit\w*|send|confirm|answer|let (?:me|us) know|pay|order|"
    r"return|"
    r"sign(?: up)?|rsvp|decide|extended?|enrol|accept)\b[^.?!]{0,40}\b(?:until|till|latest)\s(?:the\s)?$"
)
_DEMAND = re.compile(
    r"(?:^|[,;]\s|\b(?:please|and|must|kindly|need|to|should|you|can|could|or)\s)(?:\w+ly )?(?:check|answer|reply|"
    r"respond|refund|"
    r"send|confirm|fix|pay|return|deliver|replace|resolve|repair|credit|(?:ring|call|phone|get) (?:me|"
    r"us) back|have (?:this|it)|reimburse|sign|submit|forward|get back to|"
    r"let "
    r"(?:me|us) know|escalate|restore|finish|complete|decide)\b(?:(?! so )[^.?!;]){0,60}$"
)


_CALL_BACK = re.compile(r"\b(?:ring|call|phone) (?:me|us) back $")
_NEED = re.compile(r"\bneed (?:this|it|that|them|these|those|the \w+|an? \w+) (?:\w+ )?(?:by )?$")
_MEETING = re.compile(
    r"\b(?:meet|meeting|visit|demo\w*|call|ring|speak|talk|slots?|appointment|come|join|available|free|"
    r"so (?:that )?(?:we|i))\b"
)


def _is_no_meeting(before: str, after: str) -> bool:
    before, after = last_clause(before, _CLAUSE_BEFORE), first_clause(after, _CLAUSE_AFTER)
    return bool(
        _EXCEPT.search(before)
        or _NOW_IS.search(before)
        or _IS_TODAY.match(after)
        or _CANNOT_DO.search(before)
        or _DOES_NOT_SUIT.match(after)
        or _NOT_PROPOSING.search(f"{before} {after}")
        or _WE_ARE_THERE.search(f"{before} {after}")
    )


def _looks_ahead(before: str, after: str) -> bool:
    return bool(_AHEAD.search(f"{before} {after}"))


def _is_demand(before: str, after: str) -> bool:
    if _NEED.search(before) or _CALL_BACK.search(before):
        return True
    return bool(_DEMAND.search(before)) and not _MEETING.search(f"{before} {after}")


ENGLISH = Cues(
    is_old=_is_old,
    is_deadline=_is_deadline,
    is_proposed=_is_proposed,
    tells_of_past=_tells_of_past,
    looks_ahead=_looks_ahead,
    is_no_meeting=_is_no_meeting,
    is_demand=_is_demand,
)
