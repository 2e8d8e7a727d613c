"""The words of a reading as people read them, in the page's language."""

from __future__ import annotations

from typing import Any

from motenashi.pages.page_language import translate_later as _
from nlp.reading import Tone

INTENTS = {
    "demo_request": _("Wants a demo"),
    "meeting_request": _("Wants to meet"),
    "reschedule": _("Moves an appointment"),
    "quote_request": _("Asks for a quote"),
    "discount_request": _("Asks for a discount"),
    "product_info": _("Asks for information"),
    "spec_question": _("Asks about a detail"),
    "trial_extension": _("Wants a longer trial"),
    "comparison_request": _("Compares"),
    "renewal": _("Renews"),
    "upgrade": _("Wants more"),
    "purchase": _("Buys"),
    "complaint": _("Complains"),
    "cancellation": _("Cancels"),
    "support_issue": _("Needs help"),
    "payment_invoice": _("Payment or invoice"),
    "general_inquiry": _("Asks something else"),
    "out_of_office": _("Away"),
    "unsubscribe": _("Wants no mailings"),
    "thanks_ack": _("Thanks or confirms"),
    "not_interested": _("Not interested"),
    "referral": _("Points to somebody else"),
    "spam": _("Spam"),
    "other": _("Nothing to do"),
}
TONES: dict[Tone, Any] = {"positive": _("Glad"), "neutral": _("Neutral"), "negative": _("Unhappy")}
STATES = {
    "waiting": _("Waiting"),
    "read": _("Read"),
    "set_aside": _("Set aside"),
    "skipped": _("Skipped"),
    "tried": _("Tried out"),
}
ROLES = {
    "proposed": _("proposed"),
    "deadline": _("deadline"),
    "old": _("old appointment"),
    "past": _("past"),
    "other": _("mentioned"),
}
PARTS = {
    "quote_header": _("Quoted mail"),
    "quote": _("Quoted mail"),
    "forward_header": _("Forwarded mail"),
    "forward": _("Forwarded mail"),
    "signature": _("Signature"),
    "device_line": _("Signature"),
    "notice": _("Legal notice"),
    "banner": _("Banner"),
    "newest": _("Newest part"),
}
MARKS = {
    "date": _("Date"),
    "product": _("Product"),
    "competitor": _("Competitor"),
    "phone": _("Phone number"),
    "person": _("Person"),
    "keyword": _("Keyword"),
}
LINKED = {"contact": _("Contact"), "lead": _("Lead"), "deal": _("Deal")}
VOICES = {"sender": _("said by the sender"), "us": _("our words"), "other": _("said by somebody else")}
ACTIONS = {"call": _("Call"), "event": _("Meet"), "e-mail": _("Write"), "update": _("Update")}
WHY = {
    "loop": _("Our own mail came back."),
    "bounce": _("A mail server could not deliver one of our mails."),
    "receipt": _("A receipt of delivery or reading."),
    "copy": _("Another mail with the name of one we have."),
    "internal": _("From one of our own people."),
    "auto_reply": _("An automatic reply."),
    "automatic": _("Sent by a program."),
    "bulk": _("A mailing to many."),
    "spam": _("Spam."),
}
REJECTED = {  # what nlp/dates says of a value that was not taken
    "its weekday is not the one that is told": _("The weekday would be another one."),
    "the writer puts day and month in the other order": _("The writer puts day and month in the other order."),
    "it lies on the other side of the day of writing": _("It lies on the other side of the day of writing."),
    "that day is over": _("That day was over."),
    "the sentence tells of the past": _("The sentence tells of the past."),
    "outside the hours people meet": _("Outside the hours people meet."),
}
