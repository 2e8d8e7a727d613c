"""A stand-in for the desk, for what the pages show and ask: it holds one record of each kind and notes what it is told.

The walks with the real desk are in test_advice_walk.py, test_embed_page.py and in the browser's tests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from crm_client.errors import CrmUnreachable
from motenashi.pages.advice.advice_view import (
    AdviceView,
    Bin,
    Channel,
    ChannelTimes,
    Counts,
    Learning,
    NextSlot,
    OwnTimes,
    Person,
    PersonKind,
    PersonTimes,
    RecordKind,
    ResultsView,
    Switch,
)
from motenashi.pages.records.record_view import (
    Happened,
    ProductLine,
    RecordFacts,
    RecordView,
    Related,
    StagePath,
    StageStep,
)
from motenashi.pages.today.today_view import Somebody, TodayRow, TodayView
from motenashi.suggestions.acted import Acted
from motenashi.suggestions.best_time.best_times import BestTimes, Slot
from motenashi.suggestions.suggestion import (
    About,
    Action,
    Alternative,
    Draft,
    Effect,
    Reason,
    Suggestion,
    TimeWindow,
)

NOW = datetime(2026, 5, 11, 0, 30, tzinfo=UTC)  # Monday, 9:30 in Tokyo
CLEAR = Effect(p=0.58, base=0.36, lift=1.6, low=1.1, high=2.3, taken=19, advanced=12, like="industry")
OPEN = Effect(p=0.4, base=0.36, lift=1.1, low=0.7, high=1.8, taken=6, advanced=3, like="stage")
PRIOR = Effect(p=0.4, base=0.36, lift=1.1, low=0.5, high=2.4)
LANGUAGES = ("en", "ja")


def words(english: str, japanese: str) -> dict[str, str]:
    return {"en": english, "ja": japanese}


def window(days: int = 1, hour: int = 1, **more: Any) -> TimeWindow:
    start = datetime(2026, 5, 11, hour, tzinfo=UTC) + timedelta(days=days)
    return TimeWindow(start, start + timedelta(hours=1), **{"source": "best_time", **more})


def suggestion(number: int = 7, action: Action = "call", **more: Any) -> Suggestion:
    usual: dict[str, Any] = {
        "id": number,
        "key": f"advice/{number}",
        "about": About(contact_id="c1", deal_id="d1", deal_certainty=1, owner_id="o1", language="de"),
        "action": action,
        "purposes": ("quote",),
        "urgency": "soon",
        "title": words("Call about the quotation", "お見積もりの件で電話する"),
        "windows": (
            window(),
            window(2, 5, source="proposed", text="übermorgen nach 14 Uhr"),
            window(5, 4, source="hours", off_hours=True),
        ),
        "reasons": (
            Reason(words("The customer asks what it costs.", "お客様から金額のお問い合わせです。"), 0.9,
                   "Könnten Sie uns <b>bis Freitag</b> ein Angebot schicken?"),
            Reason(words("No contact for 9 days; 5 are usual.", "9日間ご連絡していません。ふつうは5日おきです。"), 0.6),
            Reason(words("The deal has been in this stage for long.", "この段階に長くとどまっています。"), 0.25),
        ),
        "created_at": NOW,
        "respond_by": NOW + timedelta(days=1),
        "made_by": "advice",
        "effect": CLEAR,
        "alternatives": (
            Alternative("event", "demo", words("Arrange a demonstration", "デモの日程を調整する"), OPEN),
            Alternative("e-mail", "quote", words("Send the quotation", "見積書を送る"), PRIOR),
        ),
        "draft": Draft("call", "de", "Angebot AeroBook", "Guten Tag Frau Weber,\n- Preis", "+49 30 901820"),
        "gain": 120_000.0,
    }  # fmt: skip
    return Suggestion(**{**usual, **more})


def mail_suggestion() -> Suggestion:
    draft = Draft(
        "e-mail",
        "ja",
        "お見積もりの件",
        "森様\n\nいつもお世話になっております。\nお見積書をお送りいたします。",
        "mori@example.com",
    )
    return suggestion(
        8, "e-mail", title=words("Send the quotation", "見積書を送る"), draft=draft, effect=OPEN, urgency="urgent"
    )


def nothing_needed() -> Suggestion:
    return suggestion(
        9,
        "none",
        purposes=(),
        title=words(
            "No action needed; the next contact is due on Thu 14 May",
            "現在必要な対応はありません。次のご連絡は5月14日(木)の予定です",
        ),
        windows=(window(3),),
        reasons=(
            Reason(words("The last contact was yesterday; every 5 days is usual here.",
                         "昨日ご連絡したばかりです。ふつうは5日おきです。"), 0.8),
        ),
        alternatives=(),
        effect=None,
        draft=None,
        urgency="normal",
    )  # fmt: skip


def best_times(channel: str = "call", *, preference: bool = True) -> BestTimes:
    slots = []
    for weekday in range(5):
        for hour in range(9, 18):
            stars = max(0.0, 5 - abs(hour - 10.5) - 0.5 * abs(weekday - 1)) if preference else 0.0
            slots.append(
                Slot(weekday, hour, 0.2 + stars / 10, 0.1 + stars / 12, 0.4 + stars / 10, round(stars * 2) / 2)
            )
    slots.sort(key=lambda slot: -slot.stars)
    signals = (("call_answered", 9), ("mail_opened", 4))
    return BestTimes("c1", channel, tuple(slots), preference, 14, 9, signals, "Europe/Berlin", NOW - timedelta(days=1))


def next_slots() -> tuple[NextSlot, ...]:
    passed = NOW - timedelta(hours=3)
    first = (NextSlot(passed, passed + timedelta(hours=1), 4.0, passed=True),)
    ahead = [NOW.replace(hour=1, minute=0) + timedelta(days=days) for days in (1, 2, 8)]
    return first + tuple(NextSlot(at, at + timedelta(hours=1), 5 - n / 2) for n, at in enumerate(ahead))


PERSON = Person("contact", "c1", "Anna Weber", "Europe/Berlin", "de")
OWN_TIMES = OwnTimes((1, 3), 15, 17, "rep@example.com", NOW - timedelta(days=2))


def times(**more: Any) -> PersonTimes:
    channels = (
        ChannelTimes("call", best_times(), next_slots()),
        ChannelTimes("email", best_times("email"), next_slots()),
    )
    return PersonTimes(**{"person": PERSON, "channels": channels, "zone": "Asia/Tokyo", **more})


def deal_facts(**more: Any) -> RecordFacts:
    steps = (
        StageStep("Qualification", "passed", 6),
        StageStep("Needs Analysis", "passed", 11),
        StageStep("Value Proposition", "skipped"),
        StageStep("Proposal/Price Quote", "here", 24),
        StageStep("Negotiation/Review", "ahead"),
    )
    usual: dict[str, Any] = {
        "kind": "deal",
        "id": "d1",
        "name": "AeroBook 14 for the Berlin office",
        "account": "Fabrikam Logistik GmbH",
        "owner": "Haruto Sato",
        "person": Related("contact", "c1", "Anna Weber", "Head of IT"),
        "industry": "logistics",
        "type": "New Business",
        "amount": 4_280_000,
        "created_at": NOW - timedelta(days=41),
        "expected_close": date(2026, 6, 30),
        "last_contact_at": NOW - timedelta(days=9),
        "path": StagePath(steps),
        "products": (ProductLine("AeroBook 14", 20, 198_000), ProductLine("Dock for AeroBook", 20, 16_000)),
        "history": (
            Happened(NOW - timedelta(days=1), "email_in", "Angebot?", theirs=True),
            Happened(NOW - timedelta(days=9), "no_answer", "Quote", "Haruto Sato"),
            Happened(NOW - timedelta(days=24), "stage", "Proposal/Price Quote", "Haruto Sato"),
            Happened(NOW - timedelta(days=30), "touchpoint", "visit", note="website_visit", theirs=True),
        ),
    }
    return RecordFacts(**{**usual, **more})


def person_facts(kind: RecordKind) -> RecordFacts:
    return RecordFacts(
        kind=kind,
        id="c1",
        name="Anna Weber",
        account="Fabrikam Logistik GmbH",
        title="Head of IT",
        email="anna.weber@fabrikam.example",
        phone="+49 30 901820",
        status="Contacted" if kind == "lead" else "",
        related=(Related("deal", "d1", "AeroBook 14 for the Berlin office", "Proposal/Price Quote"),),
    )


def today_rows(count: int = 6) -> tuple[TodayRow, ...]:
    shown = [
        suggestion(),
        mail_suggestion(),
        suggestion(10, "event", title=words("Arrange a demonstration", "デモの日程を調整する"), effect=OPEN),
        suggestion(11, "update", title=words("Stop mailings", "配信を停止する"), effect=None, draft=None),
    ]
    return tuple(
        TodayRow(
            suggestion=replace(shown[n % len(shown)], id=100 + n),
            kind="deal" if n % 5 else "lead",
            record_id=f"d{n}",
            record_name=f"AeroBook 14, {n + 2} pieces",
            person="Anna Weber",
            account="Fabrikam Logistik GmbH",
            stage="Proposal/Price Quote" if n % 5 else "",
            amount=1_250_000 * (n + 1) if n % 5 else None,
            overdue=n == 0,
        )
        for n in range(count)
    )


def some_results() -> ResultsView:
    return ResultsView(
        total=Counts("", 240, 130, 121, 48, 22, 70, 19),
        by_action=(Counts("call:quote", 90, 50, 48, 20, 9, 30, 8), Counts("event:demo", 80, 45, 40, 12, 6, 26, 9)),
        calibration=(Bin(0.2, 0.3, 18, 0.26, 0.22), Bin(0.3, 0.4, 55, 0.35, 0.38), Bin(0.5, 0.6, 40, 0.55, 0.52)),
        not_followed=Bin(0.0, 1.0, 71, 0.36, 0.31),
        dismiss_reasons=(("wrong_time", 21), ("done_already", 14), ("other", 3)),
    )


ALL_SWITCHES = (
    "next_best_action",
    "best_time_calls",
    "best_time_emails",
    "reminders",
    "exploration",
    "classic_threshold",
)


DONE = Acted("done")
NEVER = Learning()
NO_RESULTS = ResultsView(Counts(""))


@dataclass
class PlainDesk:
    """RecordDesk, TodayDesk, SettingsDesk and ResultsDesk in one; `told` is what it was asked to do."""

    advice: AdviceView = field(
        default_factory=lambda: AdviceView(suggestion(), PERSON, learned_from=1204, learned_at=NOW)
    )
    acted: Acted = DONE
    told: list[tuple[Any, ...]] = field(default_factory=list)
    away: bool = False
    someone: list[Somebody] = field(default_factory=list)
    today_view: TodayView = field(default_factory=TodayView)
    on: dict[str, bool] = field(default_factory=lambda: dict.fromkeys(ALL_SWITCHES, True))
    how_learning: Learning = NEVER
    shown: list[tuple[tuple[int, ...], str]] = field(default_factory=list)
    outcome: ResultsView = NO_RESULTS

    def view(self, kind: RecordKind, record_id: str, *, language: str, seen_by: str = "") -> RecordView | None:
        if self.away:
            raise CrmUnreachable("deal", "no answer")
        if record_id not in ("d1", "c1"):
            return None
        return RecordView(deal_facts() if kind == "deal" else person_facts(kind), self.advice)

    def suggestion(self, suggestion_id: int) -> Suggestion | None:
        one = self.advice.suggestion
        return one if one and one.id == suggestion_id else None

    def accept(self, suggestion_id: int, changes: Mapping[str, Any], *, by: str) -> Acted:
        acted = self._note("accept", suggestion_id, dict(changes), by)
        return replace(acted, made="call") if acted.result == "done" else acted

    def dismiss(self, suggestion_id: int, reason: str, note: str, *, by: str) -> Acted:
        return self._note("dismiss", suggestion_id, reason, note, by)

    def snooze(self, suggestion_id: int, until: datetime, *, by: str) -> Acted:
        return self._note("snooze", suggestion_id, until, by)

    def set_own_times(
        self, kind: PersonKind, person_id: str, weekdays: Sequence[int], from_hour: int, to_hour: int, *, by: str
    ) -> Acted:
        return self._note("own times", kind, person_id, tuple(weekdays), from_hour, to_hour, by)

    def drop_own_times(self, kind: PersonKind, person_id: str, *, by: str) -> Acted:
        return self._note("drop own times", kind, person_id, by)

    def remind(self, kind: PersonKind, person_id: str, at: datetime, channel: Channel, *, by: str) -> Acted:
        return self._note("remind", kind, person_id, at, channel, by)

    def forget_reminder(self, kind: PersonKind, person_id: str, *, by: str) -> Acted:
        return self._note("forget reminder", kind, person_id, by)

    def owners(self) -> Sequence[Somebody]:
        return self.someone

    def today(self, owner_id: str) -> TodayView:
        if self.away:
            raise CrmUnreachable("deals", "no answer")
        self.told.append(("today", owner_id))
        return self.today_view

    def note_shown(self, suggestion_ids: Sequence[int], *, by: str) -> None:
        self.shown.append((tuple(suggestion_ids), by))

    def switches(self) -> Sequence[Switch]:
        return [Switch(name, on) for name, on in self.on.items()]

    def turn(self, name: str, on: bool, *, by: str) -> None:
        self.on[name] = on
        self.told.append(("turn", name, on, by))

    def learning(self) -> Learning:
        return self.how_learning

    def learn_now(self) -> None:
        self.told.append(("learn", ""))

    def results(self, *, days: int) -> ResultsView:
        self.told.append(("results", days))
        return self.outcome

    def _note(self, *what: Any) -> Acted:
        if self.away:
            raise CrmUnreachable("save", "no answer")
        self.told.append(what)
        return self.acted
