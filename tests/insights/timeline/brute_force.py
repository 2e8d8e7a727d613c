"""Timelines computed the slow and plain way, knowing nothing of the code under test: from the files' lines as they are
(docs/records-format.md), or from a handful of records. Whole lists, one person at a time."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

Lines = list[dict[str, Any]]
TABLES = ("contacts", "leads", "deals", "stage_history", "activities", "emails", "touchpoints")


@dataclass(frozen=True, order=True)
class Fact:
    """What the timeline must hold. `side`: signal, follow_up, stage, field. `counts`: it ends a silence."""

    at: datetime
    rank: int  # at one moment: stages, fields, activities, e-mails, touchpoints
    id: str
    side: str
    counts: bool
    track: str = ""  # whose stage or field it is
    channel: str = ""


def read_folder(folder: Path) -> dict[str, Lines]:
    tables: dict[str, Lines] = {}
    for name in TABLES:
        with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            tables[name] = [json.loads(line) for line in file]
    return tables


def facts_of_files(tables: Mapping[str, Lines], now: datetime) -> dict[str, list[Fact]]:
    """By contact, in time order; nothing that lies after `now` (a few deals of the files close a little later)."""
    found: dict[str, list[Fact]] = {one["id"]: [] for one in tables["contacts"]}
    whose = {one["id"]: one["contact_id"] for one in tables["deals"]}

    def add(contact_id: str, at: str, rank: int, key: str, side: str, *, counts: bool = True, **more: str) -> None:
        found[contact_id].append(Fact(datetime.fromisoformat(at), rank, key, side, counts, **more))

    for one in tables["activities"]:
        outbound = one["kind"] == "event" or (one["kind"] == "call" and one["direction"] == "outbound")
        if one["status"] == "completed" and one["kind"] != "task":
            side = "follow_up" if outbound else "signal"
            add(one["contact_id"], one["start_at"], 2, f"activity:{one['id']}", side, channel=one["kind"])
    for one in tables["emails"]:
        side = "follow_up" if one["direction"] == "out" else "signal"
        add(one["contact_id"], one["sent_at"], 3, f"email:{one['id']}", side, channel="email")
    for one in tables["touchpoints"]:
        ours = one["type"] == "ticket_reply_by_rep"  # shown, but no outbound contact
        side = "follow_up" if ours else "signal"
        add(one["contact_id"], one["at"], 4, f"touchpoint:{one['id']}", side, counts=not ours, channel=one["channel"])
    for number, one in enumerate(tables["stage_history"], 1):
        add(whose[one["deal_id"]], one["at"], 0, f"stage:{number:09}", "stage", track=one["deal_id"])
    for number, one in enumerate(tables["leads"], 1):
        contact_id = whose.get(one["converted_deal_id"])
        if contact_id:
            add(contact_id, one["created_at"], 1, f"field:{number:09}", "field", counts=False, track=one["id"])
    return {contact_id: sorted(one for one in facts if one.at <= now) for contact_id, facts in found.items()}


def gaps(facts: Sequence[Fact]) -> dict[str, int]:
    """Microseconds since the entry before, by id, of all entries but the first."""
    entries = [one for one in facts if one.counts]
    return {
        entries[place].id: (entries[place].at - entries[place - 1].at) // timedelta(microseconds=1)
        for place in range(1, len(entries))
    }


def mean(everybody: Iterable[Sequence[Fact]]) -> Fraction | None:
    """Of all gaps of everybody, one by one."""
    every = [gap for facts in everybody for gap in gaps(facts).values()]
    return Fraction(sum(every), len(every)) if every else None


def inactive(facts: Sequence[Fact], usual: Fraction | None) -> set[str]:
    return {key for key, gap in gaps(facts).items() if usual is not None and gap > usual}


def inside(facts: Sequence[Fact], milestone: Fact, now: datetime) -> tuple[int, int, int]:
    """Seconds that a milestone lasted, signals and follow-ups within that time."""
    later = [one for one in facts if one.track == milestone.track and one.side == milestone.side and one > milestone]
    end = later[0].at if later else now
    held = [
        one
        for one in facts
        if not one.track and one.at >= milestone.at and (one.at < end or (not later and one.at == end))
    ]
    signals = sum(one.side == "signal" for one in held)
    return int((end - milestone.at).total_seconds()), signals, len(held) - signals


def view_of_signals(facts: Sequence[Fact]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Each signal with the follow-up right before it ('' for none) and what is folded away before that."""
    touches = [one for one in facts if not one.track]
    told = []
    for place, one in enumerate(touches):
        if one.side != "signal":
            continue
        before: list[str] = []
        for earlier in reversed(touches[:place]):
            if earlier.side == "signal":
                break
            before.insert(0, earlier.id)
        told.append((one.id, before[-1] if before else "", tuple(before[:-1])))
    return told


def view_of_milestones(facts: Sequence[Fact]) -> list[str]:
    """Each milestone after the touch right before it, which several milestones in a row share."""
    told: list[str] = []
    for place, one in enumerate(facts):
        if one.track:
            if place and not facts[place - 1].track:
                told.append(facts[place - 1].id)
            told.append(one.id)
    return told
