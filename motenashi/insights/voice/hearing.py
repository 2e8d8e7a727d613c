"""From the words of a touchpoint to a response: a call, a chat, a survey, a ticket, a post, whatever tool told of it.

Only what a customer said is a response. What we said in the same talk adds its keywords, marked as ours, and the
products that we named; what we said alone is none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from crm_client.touch_channels import channel_of
from motenashi.database import Database
from motenashi.insights.voice.call_outcome import call_outcome
from motenashi.insights.voice.from_reading import products_named, with_our_words, with_reading
from motenashi.insights.voice.people import call_beside, how_long, whose
from motenashi.insights.voice.recommendations import Recommendation, Recommendations
from motenashi.insights.voice.response import RESPONSE_TYPES, Response
from motenashi.insights.voice.responses import Responses
from motenashi.insights.voice.text_touch import Speaker, TextTouch
from nlp.reading import Reading

LONGEST_TALK = 100_000  # characters of one side; the reader reads a fifth of it

Read = Callable[[str, str], Reading]  # a text and its language ("": find out)

_TYPES = {"call": "call", "meeting": "call", "survey": "survey", "ticket": "ticket", "chat": "chat", "email": "mail"}
_SOCIAL = ("post", "comment")


class Hearing:
    """Safe to share between threads. What it raises (the reader is away, the database is away): nothing is half done,
    hear it again."""

    def __init__(self, database: Database, responses: Responses, read: Read) -> None:
        self._database = database
        self._responses = responses
        self._recommendations = Recommendations(database)
        self._read = read

    def hear(self, touch: TextTouch) -> Response | None:
        """Store what a customer said; None when it was only us. The same key again changes nothing."""
        theirs, ours = said_by(touch, "customer"), said_by(touch, "us")
        reading_of_ours = self._read(ours, touch.language) if ours else None
        if reading_of_ours:
            self._note_products(touch, reading_of_ours)
        if not theirs and touch.score is None:
            return None
        response = self._begun(touch)
        if theirs:
            response = with_reading(response, self._read(theirs, touch.language))
        if reading_of_ours:
            response = with_our_words(response, reading_of_ours)
        return self._responses.add(self._with_outcome(response, touch))

    def _begun(self, touch: TextTouch) -> Response:
        """Everything but the words."""
        with self._database.read() as connection:
            about = whose(connection, touch.contact_id, touch.lead_id, touch.deal_id)
            lasted = how_long(connection, touch.key)
        talk = response_type(touch) in ("call", "chat")
        return Response(
            id=0,
            key=f"touch:{touch.key}",
            at=touch.at,
            channel=channel_of(touch.channel) or touch.channel,
            type=response_type(touch),
            source=f"touch:{touch.key}",
            contact_id=touch.contact_id,
            lead_id=touch.lead_id,
            account_id=about.account_id,
            deal_id=about.deal_id,
            deal_certainty=about.deal_certainty,
            owner_id=touch.owner_id or about.owner_id,
            language=touch.language,
            score=touch.score,
            ended_at=touch.at + lasted if talk else None,
        )

    def _with_outcome(self, response: Response, touch: TextTouch) -> Response:
        if response.type != "call":
            return response
        with self._database.read() as connection:
            logged = call_beside(connection, touch.contact_id, touch.lead_id, touch.at)
        said = [segment.text for segment in touch.segments] or [touch.text]
        return replace(response, outcome=call_outcome(said, response.language, logged))

    def _note_products(self, touch: TextTouch, reading: Reading) -> None:
        self._recommendations.add_all(
            Recommendation(one.product_id, touch.at, f"touch:{touch.key}", touch.contact_id, touch.lead_id)
            for one in products_named(reading)
        )


def said_by(touch: TextTouch, speaker: Speaker) -> str:
    """Everything that one side said, a piece a line; of a plain text the side that its direction names."""
    if touch.segments:
        told = "\n".join(one.text.strip() for one in touch.segments if one.speaker == speaker)
    else:
        told = touch.text if speaker == ("customer" if touch.signal else "us") else ""
    return told.strip()[:LONGEST_TALK]


def response_type(touch: TextTouch) -> str:
    """One of RESPONSE_TYPES."""
    channel, type_ = channel_of(touch.channel), touch.type.strip().lower()
    if channel in ("facebook", "x"):
        return next((word for word in _SOCIAL if word in type_), "message" if "message" in type_ else "post")
    return _TYPES.get(channel) or (type_ if type_ in RESPONSE_TYPES else "message")
