"""The words of advice as people read them, in the page's language."""

from __future__ import annotations

from motenashi.pages.page_language import page_language
from motenashi.pages.page_language import translate as gettext
from motenashi.pages.page_language import translate_later as _
from motenashi.suggestions.suggestion import Effect, Words

ACTIONS = {
    "call": _("Call"),
    "event": _("Meet"),
    "e-mail": _("Write"),
    "email": _("Write"),
    "update": _("Update"),
    "none": _("No action needed"),
}
MADE = {
    "call": _("The call is in the CRM now."),
    "event": _("The event is in the CRM now."),
    "e-mail": _("The e-mail is in the CRM now."),
    "update": _("The record is up to date now."),
}
PURPOSES = {
    "follow_up": _("follow-up"),
    "discovery": _("discovery"),
    "product_info": _("product information"),
    "specification": _("technical question"),
    "demo": _("demonstration"),
    "meeting": _("meeting"),
    "reschedule": _("new date"),
    "trial": _("trial"),
    "trial_extension": _("longer trial"),
    "quote": _("quotation"),
    "comparison": _("comparison"),
    "discount": _("discount"),
    "negotiation": _("negotiation"),
    "contract_review": _("contract review"),
    "contract": _("contract"),
    "renewal": _("renewal"),
    "upgrade": _("upgrade"),
    "order": _("order"),
    "onboarding": _("onboarding"),
    "complaint": _("complaint"),
    "retention": _("retention"),
    "support": _("support"),
    "invoice": _("invoice"),
    "answer": _("answer"),
    "referral": _("referral"),
    "farewell": _("farewell"),
    "unsubscribe": _("no mailings"),
    "reply": _("reply"),
    "check_in": _("check-in"),
    "other": _("other"),
}
LIKE = {
    "industry": _("deals of this industry, type and stage"),
    "type": _("deals of this type and stage"),
    "repeat": _("deals of such customers in this stage"),
    "stage": _("deals in this stage"),
    "all": _("all deals"),
}
DISMISS = {
    "not_now": _("Not the right moment"),
    "wrong_action": _("The wrong thing to do"),
    "wrong_time": _("The wrong time"),
    "done_already": _("Done already"),
    "deal_is_dead": _("The deal is dead"),
    "other": _("Something else"),
}
URGENCIES = {"urgent": _("urgent"), "soon": _("soon"), "normal": ""}
WINDOWS = {
    "invitation": _("from the invitation"),
    "proposed": _("proposed by the customer"),
    "hours": _("within business hours"),
    "best_time": _("their best time"),
    "override": _("time set by hand"),
}
CHANNELS = {"call": _("Calls"), "email": _("E-mails")}
SIGNALS = {
    "call_answered": _("answered our call"),
    "their_call_missed": _("called and we missed it"),
    "their_call_answered": _("called us"),
    "mail_opened": _("opened our mail"),
    "mail_clicked": _("clicked a link in our mail"),
    "their_mail": _("sent us a mail"),
    "ticket": _("opened a ticket"),
    "ticket_reply": _("heard from us on a ticket"),
    "form": _("sent a web form"),
    "wall_post": _("posted on our wall"),
    "comment": _("commented on our post"),
    "like_or_message": _("liked or wrote to us"),
}
HAPPENED = {
    "call_out": _("We called"),
    "call_in": _("They called"),
    "call_missed": _("They called, nobody answered"),
    "no_answer": _("We called, no answer"),
    "event": _("We met"),
    "call_planned": _("A call"),
    "event_planned": _("An appointment"),
    "no_show": _("They did not come"),
    "task": _("Task"),
    "email_out": _("We wrote"),
    "email_in": _("They wrote"),
    "stage": _("New stage"),
    "touchpoint": _("Seen"),
}
NOTES = {
    "email": _("e-mail"),
    "call": _("call"),
    "online_meeting": _("online meeting"),
    "survey": _("survey"),
    "support_ticket": _("support ticket"),
    "event": _("event"),
    "webinar": _("webinar"),
    "e-mail_campaign": _("campaign"),
    "email_campaign": _("campaign"),
    "website_visit": _("website visit"),
    "website": _("website visit"),
    "visit": _("website visit"),
    "facebook": "Facebook",
    "x": "X",
    "portal": _("portal"),
    "chat": _("chat"),
    "open": _("planned"),
    "cancelled": _("cancelled"),
    "opened": _("opened"),
    "clicked": _("clicked"),
    "replied": _("answered"),
    "bounced": _("bounced"),
    "draft": _("draft"),
    "delivered": _("delivered"),
}
TABLES = {
    "deals": _("Deals"),
    "contacts": _("Contacts"),
    "leads": _("Leads"),
    "activities": _("Activities"),
    "emails": _("E-mails"),
    "touchpoints": _("Touchpoints"),
    "stage_history": _("Stage history"),
}
WHY_LEFT_OUT = {
    "unknown_stage": _("the stage is not known"),
    "no_time": _("the time is missing"),
    "after_the_end": _("the time lies in the future"),
    "closed_before_opened": _("closed before it was opened"),
    "closed_in_open_stage": _("closed, but in an open stage"),
    "closed_without_time": _("closed, but the time is missing"),
    "before_its_deal": _("it lies before its deal"),
    "no_type": _("the kind is not known"),
    "unknown_direction": _("the direction is not known"),
    "impossible_duration": _("the length is impossible"),
    "unknown_kind": _("the kind is not known"),
    "unknown_deal": _("the deal is not there"),
    "concerns_nobody": _("it belongs to nobody"),
}
KINDS = {"deal": _("Deal"), "contact": _("Contact"), "lead": _("Lead")}


def in_language(words: Words) -> str:
    """A text of a suggestion in the page's language."""
    return words.get(page_language()) or words.get("en") or next(iter(words.values()), "")


def purpose_name(purpose: str) -> str:
    """Somebody's own purpose is told by its own name."""
    return str(PURPOSES.get(purpose, purpose.replace("_", " ")))


def action_name(name: str) -> str:
    """The name of an action that is counted: "call:demo" is Call · demonstration."""
    kind, _colon, purpose = name.partition(":")
    told = str(ACTIONS.get(kind, kind))
    return f"{told} · {purpose_name(purpose)}" if purpose else told


def times(value: float) -> str:
    """A factor as people say it: two digits, no more than the numbers carry."""
    return f"{value:.1f}" if value < 9.95 else f"{value:.0f}"


def effect_words(effect: Effect) -> str:
    """What is believed of an action, in one sentence; honest where it is not known."""
    factors = {"lift": times(effect.lift), "low": times(effect.low), "high": times(effect.high)}
    if is_clear(effect):
        return gettext("Moves on %(lift)s times as often as what is usual here (%(low)s to %(high)s).", **factors)
    return gettext("No clear difference yet: %(lift)s times as often (%(low)s to %(high)s).", **factors)


def counts_words(effect: Effect) -> str:
    """The plain counts behind it; prior knowledge is called so."""
    if not effect.taken:
        return gettext("Nobody has tried it in such a place; this is prior knowledge only.")
    return gettext(
        "%(advanced)s of %(taken)s moved on after it (%(like)s).",
        advanced=effect.advanced,
        taken=effect.taken,
        like=str(LIKE.get(effect.like, effect.like)),
    )


def is_clear(effect: Effect) -> bool:
    """Does the interval leave out "no difference"?"""
    return effect.low > 1 or effect.high < 1


def stars_words(stars: float) -> str:
    return gettext("%(stars)s of 5 stars", stars=f"{stars:g}")


def left_out(name: str) -> str:
    """Why records were left out of learning: "deals.closed_before_opened" in words."""
    table, _dot, why = name.partition(".")
    told = str(WHY_LEFT_OUT.get(why, why.replace("_", " ")))
    return f"{TABLES.get(table, table)}: {told}"
