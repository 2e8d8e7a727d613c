"""What the timeline's channels, statuses, views and fields are called on the page."""

from __future__ import annotations

from motenashi.insights.timeline.timeline import Touch
from motenashi.pages.advice.advice_words import PURPOSES
from motenashi.pages.page_language import translate as gettext
from motenashi.pages.page_language import translate_later as _

CHANNELS = {
    "email": _("E-mail"),
    "call": _("Call"),
    "meeting": _("Online meeting"),
    "survey": _("Survey"),
    "ticket": _("Support ticket"),
    "facebook": "Facebook",
    "x": "X",
    "event": _("Event"),
    "webinar": _("Webinar"),
    "campaign": _("E-mail campaign"),
    "visit": _("Website visit"),
    "portal": _("Portal"),
    "chat": _("Chat"),
}
SIDES = {"signal": _("Customer"), "follow_up": _("Us")}
VIEWS = {"all": _("All"), "signals": _("Signals"), "milestones": _("Milestones")}
PERIODS = {
    "": _("all of the time"),
    "today": _("today"),
    "yesterday": _("yesterday"),
    "last_7": _("the last 7 days"),
    "last_30": _("the last 30 days"),
    "day": _("one day"),
    "range": _("from … to …"),
}
# A touch without a title of its own: (theirs, ours).
UNTITLED = {
    "email": (_("They wrote"), _("We wrote")),
    "call": (_("They called"), _("We called")),
    "meeting": (_("Met online"), _("Met online")),
    "survey": (_("Answered a survey"), _("Sent a survey")),
    "ticket": (_("Wrote on a support ticket"), _("Answered a support ticket")),
    "facebook": (_("Wrote on Facebook"), _("Answered on Facebook")),
    "x": (_("Wrote on X"), _("Answered on X")),
    "event": (_("Met in person"), _("Met in person")),
    "webinar": (_("Joined a webinar"), _("Invited to a webinar")),
    "campaign": (_("Reacted to a campaign"), _("Sent a campaign")),
    "visit": (_("Visited the website"), _("Visited the website")),
    "portal": (_("Used the portal"), _("Wrote in the portal")),
    "chat": (_("Chatted with us"), _("Answered in the chat")),
}
STATUSES = {
    "sent": _("sent"),
    "delivered": _("delivered"),
    "bounced": _("bounced"),
    "opened": _("opened"),
    "clicked": _("clicked"),
    "received": _("received"),
    "automatic": _("automatic reply"),
    "answered": _("responded"),
    "not_answered": _("no response"),
    "no_answer": _("not answered"),
    "missed": _("missed"),
    "attended": _("attended"),
    "no_show": _("did not come"),
    "cancelled": _("cancelled"),
    "registered": _("registered"),
    "open": _("ticket open"),
    "closed": _("ticket closed"),
    "on_hold": _("on hold"),
    "escalated": _("escalated"),
    "claimed": _("identity not verified"),
    "verified": _("identity verified"),
}
IN_CHANNEL = {  # where the same status is said otherwise
    ("call", "answered"): _("call answered"),
    ("survey", "answered"): _("survey answered"),
}
TONES = {
    "good": frozenset({"opened", "clicked", "answered", "attended", "closed", "verified"}),
    "warn": frozenset({"no_answer", "not_answered", "missed", "on_hold", "no_show", "open"}),
    "bad": frozenset({"bounced", "escalated"}),
}
FIELDS = {
    "leads.status": _("Lead status"),
    "deals.stage": _("Stage"),
    "contacts.status": _("Status"),
}


def title_of(touch: Touch) -> str:
    """Its own title, else what a touch of this kind is."""
    if touch.title.strip():
        return touch.title
    theirs, ours = UNTITLED.get(touch.channel, (channel_name(touch.channel),) * 2)
    return str(theirs if touch.side == "signal" else ours)


def purpose_of(touch: Touch) -> tuple[str, ...]:
    """What it was for, where the CRM says so in a word that we know."""
    known = touch.type in PURPOSES and touch.type != "other"
    return (str(PURPOSES[touch.type]),) if known else ()


def channel_name(channel: str) -> str:
    return str(CHANNELS.get(channel, channel))


def status_chip(touch: Touch) -> tuple[str, str] | None:
    """The status in words and its tone (good, warn, bad or ''); a word that nobody knows stands as it came."""
    if not touch.status:
        return None
    tone = next((tone for tone, statuses in TONES.items() if touch.status in statuses), "")
    words = IN_CHANNEL.get((touch.channel, touch.status)) or STATUSES.get(touch.status, touch.status)
    return str(words), tone


def field_name(field: str) -> str:
    """A tracked field as people call it: 'contacts.Loyalty_Level' is 'Loyalty Level'."""
    return str(FIELDS.get(field) or field.rpartition(".")[2].replace("_", " "))


def value_name(value: str) -> str:
    return value or gettext("(empty)")
