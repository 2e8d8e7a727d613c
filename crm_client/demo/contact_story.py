"""One contact between a seller and a customer, and what the customer does about it.

`Story` collects what happened; each method writes down one kind of thing and returns how warmly it was received.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from crm_client.demo.customer import Customer
from crm_client.demo.office_time import any_time, awake
from crm_client.demo.sales_rules import Action
from crm_client.demo.words import note, subject, task, title
from crm_client.records import Activity, Email, Touchpoint

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
OUR_NAME = "Minamo"  # where nobody has named a product yet
FORGOTTEN_PURPOSE = 0.1  # how often nobody notes what a call or mail was for

# What customers do on their own, and how often: (channel, type).
_SIGNALS: dict[tuple[str, str], float] = {
    ("website_visit", "visit"): 10,
    ("email_campaign", "campaign_open"): 3,
    ("email_campaign", "campaign_click"): 1.5,
    ("chat", "chat"): 2,
    ("portal", "portal"): 1.5,
    ("webinar", "webinar"): 0.8,
    ("facebook", "comment"): 0.4,
    ("facebook", "like_or_dm"): 0.5,
    ("x", "wall_post"): 0.4,
    ("event", "booth_visit"): 0.3,
}


@dataclass
class Story:
    """Everything that has happened so far, on its way to be stored. Ids count up within `prefix`."""

    random: Random
    customer: Customer
    prefix: str
    now: datetime
    product: str = ""
    of_lead: bool = False
    activities: list[Activity] = field(default_factory=list)
    emails: list[Email] = field(default_factory=list)
    touchpoints: list[Touchpoint] = field(default_factory=list)

    def act(self, action: Action, at: datetime) -> float:
        """The seller's move and the customer's reaction, from -1 (cold) to 1 (warm)."""
        if action.kind == "call":
            return self._call(action.purpose, at)
        return self._meet(action.purpose, at) if action.kind == "event" else self._write(action.purpose, at)

    def _call(self, purpose: str, at: datetime) -> float:
        answered = self.random.random() < self.customer.answer_chance(at)
        length = self.random.randint(2, 25) * MINUTE if answered else timedelta(seconds=30)
        result = "answered" if answered else "no_answer"
        self._activity("call", purpose, at, at + length, direction="outbound", status="completed", result=result)
        if not answered and self.random.random() < 0.25 * self.customer.answers:
            return self._call_back(at)
        return 0.6 if answered else -0.4

    def _call_back(self, missed: datetime) -> float:
        at = missed + self.random.randint(20, 200) * MINUTE
        result = "answered" if self.random.random() < 0.7 else "missed"
        length = self.random.randint(3, 15) * MINUTE if result == "answered" else timedelta()
        if at + length < self.now:
            self._activity("call", "", at, at + length, direction="inbound", status="completed", result=result)
        return 0.5

    def _meet(self, purpose: str, at: datetime) -> float:
        came = self.random.random() < 0.72 + 0.25 * self.customer.reads
        result = "attended" if came else "no_show"
        length = self.random.choice((30, 60, 60, 90)) * MINUTE
        self._activity("event", purpose, at, at + length, status="completed", result=result)
        return 0.7 if came else -0.6

    def _write(self, purpose: str, at: datetime) -> float:
        if self.random.random() < 0.01:
            self._email(purpose, at, status="bounced")
            return -0.5
        opened = self._after(at, 0.35 + 0.6 * self.customer.reads, 14)
        clicked = self._after(opened, 0.35, 1) if opened else None
        replied = self._after(opened, 0.2 + 0.45 * self.customer.reads, 10) if opened else None
        mail = self._email(purpose, at, status="delivered", opened_at=opened, clicked_at=clicked, replied_at=replied)
        if replied:
            self._reply(mail, replied)
            return 0.7
        return 0.4 if clicked else 0.05 if opened else -0.35

    def _after(self, moment: datetime, chance: float, hours: float) -> datetime | None:
        """Some time within these hours, or never; what lies after now has not happened yet."""
        if self.random.random() >= chance:
            return None
        later = any_time(self.random, moment + MINUTE, hours / 24)
        later = awake(self.random, later, self.customer.zone, self.customer.favourite_hour)
        return later if later < self.now else None

    def _reply(self, mail: Email, at: datetime) -> None:
        answer = subject(self.random, "reply", self.customer.language, subject=mail.subject)
        self.emails.append(
            replace(
                mail,
                id=self._id("m", self.emails),
                direction="in",
                subject=answer,
                sent_at=at,
                purpose="",
                status="received",
                opened_at=None,
                clicked_at=None,
                replied_at=None,
            )
        )

    def signals(self, start: datetime, end: datetime, often: float) -> int:
        """What the customer does by themselves in the meantime. The warmer, the more."""
        count = min(int(self.random.expovariate(1 / max(often, 0.05))), 6)
        days = (end - start) / timedelta(days=1)
        for _ in range(count):
            channel, kind = self.random.choices(list(_SIGNALS), list(_SIGNALS.values()))[0]
            self.touch(channel, kind, any_time(self.random, start, days))
        return count

    def touch(self, channel: str, kind: str, at: datetime, *, signal: bool = True, **more: Any) -> None:
        if at >= self.now:
            return
        if kind == "visit":
            pages = 1 + int(self.random.expovariate(0.35))
            more |= {"pages": pages, "duration_s": pages * self.random.randint(15, 90)}
        self.touchpoints.append(
            Touchpoint(
                self._id("t", self.touchpoints),
                channel,
                kind,
                at,
                signal,
                owner_id="" if signal else self.customer.owner_id,
                title=title(f"{self.prefix} {len(self.touchpoints)}", kind, self.customer.language, **self._about()),
                **self._whose(),
                **more,
            )
        )

    def do_task(self, purpose: str, at: datetime, hours: float) -> None:
        """Work inside the house; open when it is not done yet."""
        done_at = any_time(self.random, at + HOUR, hours / 24)
        words = task(purpose, self.customer.language, company=self.customer.company)
        if at < self.now:
            status = "completed" if done_at < self.now else "open"
            self._activity("task", purpose, at, max(done_at, at), words=words, status=status)

    def plan(self, action: Action, at: datetime) -> None:
        """In the diary, not done yet."""
        direction = "outbound" if action.kind == "call" else ""
        end = at + (HOUR if action.kind == "event" else 15 * MINUTE)
        self._activity(action.kind, action.purpose, at, end, status="open", direction=direction)

    def _activity(
        self, kind: str, purpose: str, start: datetime, end: datetime, *, words: str = "", **more: Any
    ) -> None:
        self.activities.append(
            Activity(
                id=self._id("a", self.activities),
                kind=kind,
                subject=words or self._subject(purpose or "follow_up"),
                start_at=start,
                end_at=end,
                owner_id=self.customer.owner_id,
                purpose=self._noted(purpose),
                note=note(self.random, more.get("result", ""), self.customer.language),
                **self._whose(),
                **more,
            )
        )

    def _email(self, purpose: str, at: datetime, **more: Any) -> Email:
        mail = Email(
            self._id("m", self.emails),
            "out",
            self._subject(purpose),
            at,
            owner_id=self.customer.owner_id,
            purpose=self._noted(purpose),
            **self._whose(),
            **more,
        )
        self.emails.append(mail)
        return mail

    def _subject(self, purpose: str) -> str:
        return subject(self.random, purpose, self.customer.language, **self._about())

    def _noted(self, purpose: str) -> str:
        return "" if self.random.random() < FORGOTTEN_PURPOSE else purpose

    def _about(self) -> dict[str, str]:
        return {"product": self.product or OUR_NAME, "company": self.customer.company}

    def _whose(self) -> dict[str, Any]:
        return {"lead_id": self.customer.id} if self.of_lead else {"contact_id": self.customer.id}

    def _id(self, letter: str, so_far: list[Any]) -> str:
        return f"{self.prefix}-{letter}{len(so_far) + 1}"
