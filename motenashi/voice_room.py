"""The parts of the voice of the customer, put together for jobs, the worker and the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, select

from crm_client.records import Product
from motenashi.database import Database
from motenashi.insights.voice.chats import ChatHearing, OnHeard
from motenashi.insights.voice.events.finding import VoiceEvents
from motenashi.insights.voice.hearing import Hearing, Read
from motenashi.insights.voice.our_mails import OurMails
from motenashi.insights.voice.responses import Responses
from motenashi.insights.voice.settings import VoiceSettings
from motenashi.reading_desk.catalogue import catalogue_of
from motenashi.reading_desk.settings import ReadingSettings
from motenashi.suggestions.tables import suggestion_events, suggestions
from nlp.mentions import Catalogue, MentionFinder


@dataclass(frozen=True)
class VoiceRoom:
    """`hearing` and `chats` read in this process when `read` does; `events` is SQL alone."""

    responses: Responses
    hearing: Hearing
    chats: ChatHearing
    events: VoiceEvents
    our_mails: OurMails
    products_named: ProductsNamed


def build_voice_room(
    settings: VoiceSettings,
    database: Database,
    read: Read,
    *,
    reading: ReadingSettings,
    products: Callable[[], Iterable[Product]],
    on_chat: OnHeard | None = None,
) -> VoiceRoom:
    """`read`: a text and its language to its reading, as any reader's `read_chat`; `products`: those of the CRM now;
    `on_chat` is told of what was said in finished chats."""
    responses = Responses(database)
    products_named = ProductsNamed(lambda: catalogue_of(products(), reading))
    return VoiceRoom(
        responses=responses,
        hearing=Hearing(database, responses, read),
        chats=ChatHearing(database, responses, read, settings, on_chat),
        events=VoiceEvents(database, settings, [accepted_suggestions(database.dialect)]),
        our_mails=OurMails(database, products_named),
        products_named=products_named,
    )


class ProductsNamed:
    """Which of our products a text names, by the catalogue of now."""

    def __init__(self, catalogue: Callable[[], Catalogue]) -> None:
        self._catalogue = catalogue
        self._known: Catalogue | None = None
        self._finder: MentionFinder | None = None

    def refresh(self) -> None:
        """Look at the catalogue again: before a portion of texts, and not for each of them."""
        catalogue = self._catalogue()
        if catalogue != self._known:
            self._known, self._finder = catalogue, MentionFinder(catalogue)

    def __call__(self, text: str) -> Sequence[str]:
        if self._finder is None:
            self.refresh()
        found = self._finder.find(text) if self._finder else ()
        return [one.id for one in found if one.kind == "product"]


def accepted_suggestions(dialect: str) -> Select[Any]:
    """Products of suggestions that somebody of ours took up: (product_id, contact_id, lead_id, at)."""
    if dialect == "postgresql":
        product = func.json_array_elements_text(suggestions.c.product_ids).table_valued("value")
    else:
        product = func.json_each(suggestions.c.product_ids).table_valued("value")
    accepted = and_(suggestion_events.c.suggestion_id == suggestions.c.id, suggestion_events.c.what == "accepted")
    return (
        select(product.c.value, suggestions.c.contact_id, suggestions.c.lead_id, suggestion_events.c.at)
        .select_from(suggestions)
        .join(suggestion_events, accepted)
        .join(product, product.c.value != "")
    )
