"""The rows of the big world of voices, table by table, in the order of the tables' columns. The same seed and factor
give the same rows. Moments are texts in UTC, which both databases read."""

from __future__ import annotations

import bisect
import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from bench import voice_world_words as words
from motenashi.conversation.folding import fold

UNTIL = datetime(2026, 11, 1, tzinfo=UTC)  # the world's today
DAYS = 1_095  # of history
COMPANY_DAY = 86_400
Row = tuple[Any, ...]


class Rows:
    """`tables()` gives (table, columns, rows), in an order in which they can be written."""

    def __init__(self, factor: float = 1.0, seed: int = 5) -> None:
        self.contacts = _many(50_000, factor)
        self.leads = _many(20_000, factor)
        self.accounts = _many(20_000, factor)
        self.deals = _many(60_000, factor)
        self.touchpoints = _many(1_000_000, factor)
        self.responses = _many(200_000, factor)
        self.owners = 40
        self.products = 200
        self._random = random.Random(seed)
        self._first = int((UNTIL - timedelta(days=DAYS)).timestamp())
        self._seconds = DAYS * COMPANY_DAY
        self._language: list[str] = []
        self._deals_of: dict[int, list[int]] = {}
        self._closed: list[tuple[int, int, int, bool]] = []  # deal, contact, second, won
        self._said: dict[str, list[tuple[int, int]]] = {}  # contact or lead -> (second, response)

    def tables(self) -> Iterator[tuple[str, str, Iterator[Row]]]:
        yield "crm_owners", "id name email time_zone active", self._owners()
        yield "crm_stages", "name outcome position probability", self._stages()
        yield "crm_products", _PRODUCT, self._products()
        yield "crm_accounts", "id name industry employees website owner_id created_at extra", self._accounts()
        yield "crm_contacts", _CONTACT, self._contacts()
        yield "crm_leads", _LEAD, self._leads()
        yield "crm_deals", _DEAL, self._deals()
        yield "crm_stage_changes", "deal_id from_stage to_stage at changed_by", self._stage_changes()
        yield "crm_deal_products", "deal_id product_id quantity unit_price position", self._lines()
        yield "crm_touchpoints", _TOUCHPOINT, self._touchpoints()
        yield "crm_emails", _EMAIL, self._emails()
        yield "crm_activities", _ACTIVITY, self._activities()
        yield from self._voices()
        yield "voice_events", _EVENT, self._events()
        yield "voice_event_responses", "event_id response_id relation seconds", self._links()

    # ---- Records ----

    def _owners(self) -> Iterator[Row]:
        for number in range(self.owners):
            yield f"o{number}", f"Owner {number}", f"owner{number}@example.com", "Asia/Tokyo", True

    def _stages(self) -> Iterator[Row]:
        for position, (name, outcome, probability) in enumerate(words.STAGES):
            yield name, outcome, position, probability

    def _products(self) -> Iterator[Row]:
        for number in range(self.products):
            name = f"Product {number}"
            category = ("Notebook", "Desktop", "Printer", "Service")[number % 4]
            yield f"p{number}", f"PC-{number}", name, f"商品{number}", category, 50_000, "JPY", "", "", "", "", True

    def _accounts(self) -> Iterator[Row]:
        pick = self._random
        for number in range(self.accounts):
            name = f"Company {number}" if number % 2 else f"株式会社{number}"
            extra = f'{{"Tier": "{pick.choice(("Gold", "Silver", "Bronze"))}"}}' if number % 3 else None
            industry = pick.choice(words.INDUSTRIES)
            yield _id("a", number), name, industry, pick.randrange(5, 5_000), "", self._owner(), self._at(), extra

    def _contacts(self) -> Iterator[Row]:
        pick = self._random
        for number in range(self.contacts):
            language = "ja" if pick.random() < 0.6 else "en"
            self._language.append(language)
            family, given = pick.choice(words.FAMILY[language]), pick.choice(words.GIVEN[language])
            email = f"c{number}@example.com" if number % 20 else ""
            extra = f'{{"Seats": {pick.randrange(1, 200)}, "Opt_In": {"true" if pick.random() < 0.5 else "false"}}}'
            yield (
                _id("c", number), family, given, email, "", f"03-{number:08d}", "", _id("a", number % self.accounts),
                pick.choice(words.TITLES), language, "Asia/Tokyo" if language == "ja" else "Europe/London",
                self._owner(), self._at(), extra, email or None, None, None, None,
            )  # fmt: skip

    def _leads(self) -> Iterator[Row]:
        pick = self._random
        for number in range(self.leads):
            language = "ja" if pick.random() < 0.6 else "en"
            converted = number % 5 == 0 and number < self.contacts
            yield (
                _id("l", number), pick.choice(words.FAMILY[language]), f"Prospect {number}",
                pick.choice(words.GIVEN[language]), f"l{number}@example.com", "", "", pick.choice(words.INDUSTRIES),
                pick.choice(words.LEAD_STATUSES), pick.choice(words.SOURCES), language, "Asia/Tokyo", self._owner(),
                "", self._at(), "", _id("c", number) if converted else "", None, f"l{number}@example.com", None, None,
                None,
            )  # fmt: skip

    def _deals(self) -> Iterator[Row]:
        pick = self._random
        for number in range(self.deals):
            contact = int(self.contacts * pick.random() ** 1.5)
            self._deals_of.setdefault(contact, []).append(number)
            stage, outcome, _ = words.STAGES[pick.choices(range(6), (15, 15, 15, 10, 25, 20))[0]]
            begun = self._first + pick.randrange(self._seconds - 60 * COMPANY_DAY)
            ended = begun + pick.randrange(3, 60) * COMPANY_DAY
            if outcome != "open":
                self._closed.append((number, contact, ended, outcome == "won"))
            day = _moment(ended)[:10]
            closed = _moment(ended) if outcome != "open" else None
            amount = pick.randrange(10, 5_000) * 1_000 if number % 50 else None
            yield (
                _id("d", number), f"Deal {number}", stage, _id("a", contact % self.accounts), _id("c", contact),
                self._owner(), pick.choice(("New Business", "Existing Business", "Renewal")), amount, "JPY",
                pick.choice(words.SOURCES), number % 4 == 0, day, _moment(begun), closed, None,
            )  # fmt: skip

    def _stage_changes(self) -> Iterator[Row]:
        pick = self._random
        names = [name for name, outcome, _ in words.STAGES if outcome == "open"]
        for number in range(self.deals):
            second = self._first + pick.randrange(self._seconds - 30 * COMPANY_DAY)
            before = ""
            for name in names[: pick.randrange(1, 5)]:
                yield _id("d", number), before, name, _moment(second), self._owner()
                before, second = name, second + pick.randrange(1, 7) * COMPANY_DAY

    def _lines(self) -> Iterator[Row]:
        pick = self._random
        for number in range(self.deals):
            for position in range(pick.randrange(1, 3)):
                product = f"p{int(self.products * pick.random() ** 2)}"
                yield _id("d", number), product, pick.randrange(1, 20), 50_000, position

    # ---- What happened ----

    def _touchpoints(self) -> Iterator[Row]:
        pick = self._random
        kinds = pick.choices(words.CHANNELS, [kind[4] for kind in words.CHANNELS], k=self.touchpoints)
        for number, (channel, kind, signal, statuses, _) in enumerate(kinds):
            contact, lead, deal = self._who()
            long = pick.randrange(30, 1_800) if channel in ("call", "visit", "chat", "meeting") else None
            pages = pick.randrange(1, 20) if channel == "visit" else None
            count = pick.randrange(1, 11) if channel == "survey" else None
            yield (
                _id("t", number), channel, kind, self._at(), signal, contact, lead, deal, self._owner(),
                pick.choice(statuses), long, pages, count, None, None,
            )  # fmt: skip

    def _emails(self) -> Iterator[Row]:
        pick = self._random
        for number in range(self.touchpoints // 5):
            contact, lead, deal = self._who()
            out = number % 2 == 0
            at = self._at()
            opened = at if out and pick.random() < 0.4 else None
            yield (
                _id("m", number), "out" if out else "in", "About your order", at, deal, contact, lead, self._owner(),
                "follow_up", "sent" if out else "received", opened, None, None, None, None, None, None, None,
            )  # fmt: skip

    def _activities(self) -> Iterator[Row]:
        pick = self._random
        for number in range(self.touchpoints // 10):
            contact, lead, deal = self._who()
            kind = ("call", "event", "task")[number % 3]
            result = pick.choice(("answered", "no_answer")) if kind == "call" else ""
            yield (
                _id("v", number), kind, "Follow up", self._at(), None, deal, contact, lead, self._owner(), "demo",
                "outbound" if kind == "call" else "", pick.choice(("open", "completed")), result, "", None, None,
            )  # fmt: skip

    # ---- Voices ----

    def _voices(self) -> Iterator[tuple[str, str, Iterator[Row]]]:
        """Responses with their parts, made together and written table by table."""
        made = [self._response(number) for number in range(1, self.responses + 1)]
        yield "voice_responses", _RESPONSE, (one[0] for one in made)
        yield "voice_intents", "response_id place label score sentence", _flat(one[1] for one in made)
        yield "voice_keywords", _KEYWORD, _flat(one[2] for one in made)
        yield "voice_products", "response_id place product_id text", _flat(one[3] for one in made)

    def _response(self, number: int) -> tuple[Row, list[Row], list[Row], list[Row]]:
        pick = self._random
        contact, lead, deal = self._who(leads=0.15)
        language = self._language[int(contact[1:])] if contact else ("ja" if number % 5 < 3 else "en")
        account = _id("a", int(contact[1:]) % self.accounts) if contact else ""
        channel, kind = _weighted(pick, _VOICE_CHANNELS, _VOICE_TOTALS)[:2]
        tone = _weighted(pick, words.TONES, _TONE_TOTALS)[0]
        intent = _weighted(pick, words.INTENTS, _INTENT_TOTALS)[0]
        second = self._first + pick.randrange(self._seconds)
        self._said.setdefault(contact or lead, []).append((second, number))
        said = self._keywords(number, language, tone, intent)
        general = [row[3] for row in said if row[4] == "general"]
        text = words.SENTENCES[language].format(*(general * 3)[:3])
        score = self._score(tone) if channel == "survey" else None
        sure = {"positive": (0.9, 0.05), "neutral": (0.2, 0.2), "negative": (0.05, 0.9)}[tone]
        row = (
            number, f"voice:{number}", _moment(second), channel, kind, f"mail:{number}", contact, lead, account, deal,
            0.8 if deal else 0.0, self._owner(), language, text, tone, *sure, pick.choice(words.EMOTIONS[tone]), score,
            intent, fold(text),
        )  # fmt: skip
        labels = pick.sample(words.LABELS[intent], 1 if number % 3 else 2)
        intents: list[Row] = [(number, place, label, 0.8, "") for place, label in enumerate(labels)]
        named: list[Row] = []
        if pick.random() < 0.2:
            product = int(self.products * pick.random() ** 2)
            named.append((number, 0, f"p{product}", f"Product {product}"))
        return row, intents, said, named

    def _keywords(self, number: int, language: str, tone: str, intent: str) -> list[Row]:
        pick = self._random
        known = _KEYWORDS[language]
        found = {_weighted(pick, known, _KEYWORD_TOTALS[language]) for _ in range(pick.randrange(1, 6))}
        said: list[Row] = []
        for place, word in enumerate(sorted(found)):
            own = tone if pick.random() < 0.7 else "neutral"
            who = "customer" if pick.random() < 0.85 else "us"
            said.append((number, place, word, word, "general", who, own, intent, 0.7, ""))
        if pick.random() < 0.1:
            rival = int(len(words.COMPETITORS) * pick.random() ** 2)
            name = words.COMPETITORS[rival]
            said.append((number, len(said), name, name, "competitor", "customer", tone, intent, 0.9, f"r{rival}"))
        return said

    def _score(self, tone: str) -> int:
        low, high = {"positive": (8, 10), "neutral": (5, 9), "negative": (0, 6)}[tone]
        return self._random.randint(low, high)

    # ---- What came of it ----

    def _events(self) -> Iterator[Row]:
        pick = self._random
        self._linked: list[Row] = []
        for said in self._said.values():
            said.sort()
        for number, (kind, second, contact, lead, deal) in enumerate(self._happenings(), start=1):
            account = _id("a", int(contact[1:]) % self.accounts) if contact else ""
            detail = pick.choice(("problem_solved", "agreement")) if kind == "call_outcome" else ""
            self._link(number, second, contact or lead)
            yield number, f"event:{number}", kind, _moment(second), contact, lead, account, deal, self._owner(), detail

    def _happenings(self) -> Iterator[tuple[str, int, str, str, str]]:
        pick = self._random
        for deal, contact, second, won in self._closed:
            yield "deal_won" if won else "deal_lost", second, _id("c", contact), "", _id("d", deal)
        for number in range(self.contacts // 30):
            contact = int(self.contacts * pick.random())
            yield "churn", self._first + pick.randrange(self._seconds), _id("c", contact), "", ""
            bought = int(self.contacts * pick.random())
            yield "recommendation_bought", self._first + pick.randrange(self._seconds), _id("c", bought), "", ""
            lead = _id("l", number % self.leads)
            kind = "lead_converted" if number % 3 else "lead_junk"
            yield kind, self._first + pick.randrange(self._seconds), "", lead, ""
        for _ in range(self.contacts // 5):
            contact = int(self.contacts * pick.random() ** 2)
            yield "call_outcome", self._first + pick.randrange(self._seconds), _id("c", contact), "", ""

    def _link(self, event: int, second: int, who: str) -> None:
        said = self._said.get(who, [])
        end = bisect.bisect_right(said, (second, 0))
        for before, response in said[max(0, end - 5) : end]:
            ago = second - before
            if ago <= 90 * COMPANY_DAY:
                self._linked.append((event, response, "during" if ago < COMPANY_DAY else "after", ago))

    def _links(self) -> Iterator[Row]:
        return iter(self._linked)

    # ---- Small choices ----

    def _who(self, leads: float = 0.2) -> tuple[str, str, str]:
        """Contact, lead and deal; some people have much more to do with us than others."""
        pick = self._random
        if pick.random() < leads:
            return "", _id("l", int(self.leads * pick.random() ** 2)), ""
        contact = int(self.contacts * pick.random() ** 2)
        deals = self._deals_of.get(contact)
        return _id("c", contact), "", _id("d", pick.choice(deals)) if deals and pick.random() < 0.5 else ""

    def _owner(self) -> str:
        return f"o{int(self.owners * self._random.random())}"

    def _at(self) -> str:
        return _moment(self._first + int(self._seconds * self._random.random()))


def _many(number: int, factor: float) -> int:
    return max(10, round(number * factor))


def _id(letter: str, number: int) -> str:
    return f"{letter}{number:07d}"


def _moment(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%d %H:%M:%S.000000")


def _flat(lists: Iterator[list[Row]]) -> Iterator[Row]:
    return itertools.chain.from_iterable(lists)


def _weighted(pick: random.Random, items: Any, totals: list[float]) -> Any:
    return items[bisect.bisect(totals, pick.random() * totals[-1])]


def _totals(weights: Any) -> list[float]:
    return list(itertools.accumulate(weights))


_VOICE_CHANNELS = words.VOICE_CHANNELS
_VOICE_TOTALS = _totals(channel[2] for channel in _VOICE_CHANNELS)
_TONE_TOTALS = _totals(tone[1] for tone in words.TONES)
_INTENT_TOTALS = _totals(intent[1] for intent in words.INTENTS)
_KEYWORDS = {language: words.keywords(language) for language in ("en", "ja")}
# As words are in every language: the tenth is a tenth as frequent as the first.
_KEYWORD_TOTALS = {
    language: _totals(1 / (rank + 1) for rank in range(len(known))) for language, known in _KEYWORDS.items()
}

_PRODUCT = "id code name_en name_ja category unit_price currency summary_en summary_ja image url active"
_CONTACT = (
    "id last_name first_name email secondary_email phone mobile account_id title language time_zone owner_id "
    "created_at extra email_key secondary_email_key phone_key mobile_key"
)
_LEAD = (
    "id last_name company first_name email phone mobile industry status source language time_zone owner_id note "
    "created_at converted_deal_id converted_contact_id extra email_key phone_key mobile_key key"
)
_DEAL = (
    "id name stage account_id contact_id owner_id type amount currency lead_source repeat expected_close created_at "
    "closed_at extra"
)
_TOUCHPOINT = "id channel type at signal contact_id lead_id deal_id owner_id status duration_s pages count key title"
_EMAIL = (
    "id direction subject sent_at deal_id contact_id lead_id owner_id purpose status opened_at opened_again_at "
    "clicked_at replied_at message_id in_reply_to text key"
)
_ACTIVITY = (
    "id kind subject start_at end_at deal_id contact_id lead_id owner_id purpose direction status result note key "
    "busy_until"
)
_RESPONSE = (
    "id key at channel type source contact_id lead_id account_id deal_id deal_certainty owner_id language text tone "
    "positive negative emotion score intent text_folded"
)
_KEYWORD = "response_id place text normal kind said_by tone intent score record_id"
_EVENT = "id key kind at contact_id lead_id account_id deal_id owner_id detail"
