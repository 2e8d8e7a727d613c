"""A stand-in for the reader of timelines: persons whose history is made by hand, with the plainest way to show it.

The real reader is tested in tests/insights; the walk over both is in test_timeline_walk.py."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from crm_client.errors import CrmUnreachable
from crm_client.touch_channels import CHANNELS
from motenashi.insights.timeline.timeline import (
    ChannelAnswers,
    Milestone,
    PersonKind,
    Query,
    Rhythm,
    Row,
    Summary,
    Timeline,
    Touch,
)
from motenashi.pages.timeline.timeline_view import ExportFormat

NOW = datetime(2026, 5, 11, 0, 30, tzinfo=UTC)  # Monday, 9:30 in Tokyo
TOKYO = ZoneInfo("Asia/Tokyo")
DAY = 86_400.0
USERS = {"o1": "Haruto Sato", "o2": "佐藤 陽菜"}
YOU = {"user_id": "o2", "user": USERS["o2"]}
STAGE = {"field": "deals.stage", "outcome": "open"}
DEAL = {"deal_id": "d1", "deal": "120 AeroBooks"}
Entry = Touch | Milestone


def touch(number: int, days_ago: float, side: str = "signal", channel: str = "email", **more: Any) -> Touch:
    if side == "follow_up" and "user_id" not in more:
        more |= {"user_id": "o1", "user": USERS["o1"]}
    return Touch(f"touchpoint:{number}", NOW - timedelta(days=days_ago), side, channel, **more)  # type: ignore[arg-type]


def milestone(number: int, days_ago: float, from_value: str, to_value: str, **more: Any) -> Milestone:
    usual: dict[str, Any] = {
        "field": "leads.status",
        "user_id": "o1",
        "user": USERS["o1"],
        "signals": 3,
        "follow_ups": 2,
    }
    at = NOW - timedelta(days=days_ago)
    return Milestone(
        f"change:{number}",
        at,
        from_value=from_value,
        to_value=to_value,
        **{"lasted_s": int(days_ago * DAY), **usual, **more},
    )


def a_stalled_deal() -> list[Entry]:
    """Keen until the webinar, then silent: every channel, side, status and count once or more."""
    return [
        touch(1, 210, channel="visit", status="claimed", duration_s=340, pages=7, title="Looked at AeroBook 14"),
        touch(2, 209.6, channel="chat", status="answered", count=12, title="Asked about delivery times"),
        milestone(1, 209.5, "", "Not contacted", lasted_s=int(3 * DAY), ended=True, signals=1, follow_ups=1),
        touch(3, 206.5, "follow_up", "call", status="no_answer"),
        touch(4, 206, "follow_up", "call", status="answered", duration_s=760, title="First talk about the fleet"),
        milestone(2, 206, "Not contacted", "Contacted", lasted_s=int(21 * DAY), ended=True, signals=4, follow_ups=6),
        touch(5, 201, "follow_up", "email", status="opened", title="Comparison of AeroBook 14 and 16", **YOU),
        touch(6, 200.8, channel="email", status="received", title="Re: Comparison of AeroBook 14 and 16"),
        touch(7, 197, "follow_up", "campaign", status="clicked", title="Spring offers"),
        touch(8, 196, channel="survey", status="answered", count=8, title="What matters in a notebook fleet?"),
        touch(
            9,
            190,
            "follow_up",
            "meeting",
            status="attended",
            duration_s=2700,
            title="Demonstration of device management",
        ),
        milestone(3, 185, "Contacted", "Qualified", lasted_s=int(185 * DAY), signals=9, follow_ups=8),
        touch(10, 184, channel="event", status="attended", title="IT fair in Tokyo, stand 12"),
        touch(11, 176, "follow_up", "email", status="bounced", title="Thank you for your visit"),
        touch(12, 175.5, "follow_up", "email", status="delivered", title="Thank you for your visit"),
        milestone(5, 170, "", "Qualification", **STAGE, **DEAL, lasted_s=int(35 * DAY), ended=True),
        touch(13, 168, channel="portal", title="Downloaded the data sheet", deal_id="d1"),
        touch(14, 160, channel="facebook", status="not_answered", title="Asks whether AeroBook 16 has a numeric pad"),
        touch(15, 158, channel="x", status="answered", title="Mentions us: “good first talk”"),
        touch(16, 150, "follow_up", "email", status="sent", title="Quotation 2025-114", deal_id="d1"),
        touch(17, 149, channel="ticket", status="escalated", title="The trial device does not join the domain"),
        touch(18, 148, "follow_up", "ticket", status="closed", title="Directory connector set up", **YOU),
        touch(19, 142, channel="ticket", status="on_hold", title="Single sign-on with the old directory"),
        milestone(
            6,
            135,
            "Qualification",
            "Proposal",
            **STAGE,
            **DEAL,
            lasted_s=int(100 * DAY),
            ended=True,
            signals=4,
            follow_ups=3,
        ),
        touch(
            20,
            128,
            "follow_up",
            "call",
            status="answered",
            duration_s=1260,
            title="Talked the proposal through",
            deal_id="d1",
        ),
        touch(
            21,
            121,
            channel="webinar",
            status="attended",
            duration_s=3600,
            title="Connecting AeroBooks to your directory",
        ),
        touch(22, 120.9, channel="chat", status="missed", count=3, title="Does it work with our directory?"),
        touch(23, 79, "follow_up", "email", status="delivered", title="Shall we talk about the proposal?"),
        touch(24, 64, "follow_up", "call", status="no_answer"),
        touch(25, 52, "follow_up", "call", status="missed"),
        touch(26, 41, "follow_up", "email", status="opened", title="A short question about the directory"),
        milestone(
            7,
            35,
            "Proposal",
            "Closed Lost",
            **STAGE | {"outcome": "lost"},
            **DEAL,
            lasted_s=int(35 * DAY),
            signals=0,
            follow_ups=0,
        ),
    ]


def many_touches(number: int, seed: int = 5) -> list[Entry]:
    """Years of touches in all channels, a milestone every 400 or so; the same for the same seed."""
    chance, found, days = random.Random(seed), [], 0.0
    for place in range(number):
        days += chance.expovariate(4) if chance.random() > 0.004 else chance.uniform(10, 60)
        side = "signal" if chance.random() < 0.45 else "follow_up"
        title = f"Touch {number - place}" if place % 7 else f"Touch {number - place}: {'a longer title ' * 12}"
        found.append(touch(number - place, days, side, CHANNELS[chance.randrange(13)], title=title))
    entries: list[Entry] = list(found)
    entries += [
        replace(milestone(place, 0, "Contacted", "Qualified"), at=found[place].at + timedelta(seconds=1))
        for place in range(200, number, 400)
    ]
    return entries


@dataclass
class PlainTimelines:
    """A TimelineDesk. `people`: name and entries by (kind, id)."""

    people: dict[tuple[str, str], tuple[str, Sequence[Entry]]] = field(default_factory=dict)
    mean_s: float | None = 6.2 * DAY
    away: bool = False
    asked: list[tuple[Query, int, int, bool]] = field(default_factory=list)

    def person_name(self, kind: PersonKind, person_id: str) -> str | None:
        if self.away:
            raise CrmUnreachable("person", "no answer")
        found = self.people.get((kind, person_id))
        return found[0] if found else None

    def timeline(
        self, kind: PersonKind, person_id: str, query: Query, *, most: int, skip: int = 0, outline: bool = False
    ) -> Timeline | None:
        if self.person_name(kind, person_id) is None:
            return None
        self.asked.append((query, most, skip, outline))
        entries = sorted(self.people[kind, person_id][1], key=lambda one: one.at)
        touches = [one for one in entries if isinstance(one, Touch)]
        gaps = sorted((after.at - before.at).total_seconds() for before, after in pairwise(touches))
        median = gaps[len(gaps) // 2] if len(gaps) >= 5 else None
        limit = self.mean_s if query.rhythm == "module" else median and 3 * median
        rhythm = Rhythm(query.rhythm, limit, self.mean_s, NOW - timedelta(days=3), median, median, len(gaps))
        rows, unanswered = _rows(entries, query, limit)
        rows.reverse()
        users = {one.user_id: one.user for one in touches if one.user_id}
        return Timeline(
            kind,
            person_id,
            query,
            tuple(rows[skip : skip + most]),
            len(rows),
            rhythm,
            _summary(entries, touches, limit),
            users,
            tuple(name for name in CHANNELS if any(one.channel == name for one in touches)),
            unanswered,
        )

    def export(self, kind: PersonKind, person_id: str, query: Query, file_format: ExportFormat) -> bytes | None:
        found = self.timeline(kind, person_id, query, most=100_000)
        if found is None:
            return None
        rows = [{"at": row.at.isoformat(), "title": row.touch.title if row.touch else ""} for row in found.rows]
        if file_format == "json":
            return json.dumps(rows).encode()
        out = io.StringIO()
        writer = csv.DictWriter(out, ["at", "title"])
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue().encode()


def _rows(entries: Sequence[Entry], query: Query, limit: float | None) -> tuple[list[Row], tuple[Touch, ...]]:
    """Oldest first; and the follow-ups after the newest signal, in the view of signals."""
    rows: list[Row] = []
    since: list[Row] = []
    for place, entry in enumerate(entries):
        gap = int((entry.at - entries[place - 1].at).total_seconds()) if place else None
        inactive = gap is not None and limit is not None and gap > limit
        is_touch = isinstance(entry, Touch)
        row = Row(entry if is_touch else None, None if is_touch else entry, gap, inactive)  # type: ignore[arg-type]
        if not _fits(entry, query):
            continue
        if query.view == "all":
            rows.append(row)
        elif query.view == "milestones":
            rows += [*since[-1:], row] if row.milestone else []
            since = [row] if row.touch else []
        elif row.touch and row.touch.side == "follow_up":
            since.append(row)
        elif row.touch:
            if since:
                rows.append(replace(since[-1], folded=_touches(since[:-1])))
            rows.append(row)
            since = []
    return rows, _touches(since) if query.view == "signals" else ()


def _touches(rows: Sequence[Row]) -> tuple[Touch, ...]:
    return tuple(row.touch for row in rows if row.touch)


def _fits(entry: Entry, query: Query) -> bool:
    day = entry.at.astimezone(TOKYO).date()
    first, last = _days(query)
    if (first and day < first) or (last and day > last):
        return False
    if isinstance(entry, Milestone):
        return True
    return (not query.channels or entry.channel in query.channels) and (not query.users or entry.user_id in query.users)


def _days(query: Query) -> tuple[date | None, date | None]:
    today = NOW.astimezone(TOKYO).date()
    return {
        "": (None, None),
        "today": (today, today),
        "yesterday": (today - timedelta(days=1), today - timedelta(days=1)),
        "last_7": (today - timedelta(days=6), today),
        "last_30": (today - timedelta(days=29), today),
        "day": (query.day, query.day),
        "range": (query.first, query.last),
    }[query.period]


def _summary(entries: Sequence[Entry], touches: Sequence[Touch], limit: float | None) -> Summary:
    if not touches:
        return Summary()
    signals = [one for one in touches if one.side == "signal"]
    silence = int((NOW - touches[-1].at).total_seconds())
    ours = [one for one in touches if one.side == "follow_up"]
    counted = [
        ChannelAnswers(
            name,
            sum(one.channel == name for one in ours),
            sum(one.channel == name and one.status in ("answered", "opened", "attended", "clicked") for one in ours),
            sum(one.channel == name for one in signals),
        )
        for name in CHANNELS
    ]
    return Summary(
        len(signals),
        len(ours),
        len(entries) - len(touches),
        touches[0].at,
        touches[-1].at,
        signals[-1].at if signals else None,
        silence,
        limit is not None and silence > limit,
        3.4,
        tuple(sorted((one for one in counted if one.follow_ups or one.signals), key=lambda one: -one.follow_ups)),
    )
