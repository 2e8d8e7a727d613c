"""The soak's tally: counted from both sides, printed as a table."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bench.zoho_soak_here import SLOW_SECONDS
from bench.zoho_soak_truth import Verdicts
from bench.zoho_soak_world import API_MODULES
from crm_client.zoho.outbox import conflicts
from crm_client.zoho.outbox.conflicts import Conflict
from crm_client.zoho.tables import zoho_conflicts, zoho_hints, zoho_links, zoho_outbox
from motenashi.database import Database
from tests.crm_client.zoho.both_sides import Comparison, ours

if TYPE_CHECKING:
    from bench.zoho_soak import Soak

_SHOWN = 15


def waiting(database: Database) -> int:
    """Rows of the outbox that are not stuck."""
    return _count(database, select(func.count()).where(zoho_outbox.c.state != "stuck"))


def hints(database: Database) -> int:
    return _count(database, select(func.count()).select_from(zoho_hints))


def _count(database: Database, query: object) -> int:
    with database.read() as connection:
        return int(connection.scalar(query) or 0)  # type: ignore[call-overload]


class Told:
    def __init__(self, soak: Soak, settled: bool, sides: Comparison) -> None:
        self.soak = soak
        self.settled = settled
        self.sides = sides
        database = soak.parts.database
        with database.read() as connection:
            self.conflicts: list[Conflict] = list(conflicts.latest(connection, 1_000_000))
            here = {module: ours(connection, module) for module in API_MODULES}
            self.stuck = connection.execute(
                select(zoho_outbox.c.module, zoho_outbox.c.action, zoho_outbox.c.trouble, zoho_outbox.c.why).where(
                    zoho_outbox.c.state == "stuck"
                )
            ).all()
            self.made_here = connection.scalar(
                select(func.count()).select_from(zoho_links).where(zoho_links.c.local_id != zoho_links.c.zoho_id)
            )
            self.conflict_rows = connection.scalar(select(func.count()).select_from(zoho_conflicts))
        there = {module: soak.fake.records(name) for module, name in API_MODULES.items()}
        said: dict[tuple[str, str, str], list[Conflict]] = {}
        for one in self.conflicts:
            said.setdefault((one.module, one.local_id, one.field), []).append(one)
        mails, never_told = soak.fake.ask("mails"), soak.fake.ask("never_told")
        self.verdicts: Verdicts = soak.truth.judge(here, there, said, mails, never_told)
        self.against_policy = [one for one in self.conflicts if not by_policy(one)]

    @property
    def good(self) -> bool:
        return not (self.sides.different or self.verdicts.wrong or self.stuck or self.against_policy) and self.settled

    def page(self) -> str:
        rows = list(self._rows())
        width = max(len(name) for name, _ in rows)
        lines = [f"{name:<{width}}  {value}" for name, value in rows]
        return "\n".join([*self.soak.events, "", *lines, "", *self._wrong()])

    def _rows(self) -> Iterator[tuple[str, object]]:
        soak, verdicts, sides = self.soak, self.verdicts, self.sides
        visitors, eye = soak.visitors, soak.eye
        refreshes, most = soak.fake.ask("most_refreshes")
        credits = soak.fake.ask("credits")
        changes = soak.done_here + soak.done_there
        chats = len(visitors.seconds) + sum(visitors.errors.values()) + visitors.nobody_can_tell
        yield "database", soak.parts.database.dialect
        yield "changes made here / in Zoho", f"{soak.done_here} / {soak.done_there}"
        yield "came too late here (record gone)", soak.colleague.too_late
        yield "our database was locked for 3 s", soak.colleague.busy
        yield "records compared", f"{sides.compared.total()} ({_by_module(sides.compared)})"
        yield "fields compared", sides.fields
        yield "writes judged by the writers' own books", verdicts.checked
        yield "records made here that Zoho has", self.made_here
        yield "mails put beside their people", len(self.soak.truth.mails)
        yield "faults met by calls", _by_module(Counter(soak.fake.ask("faults_met")))
        yield "looks back after an unknown outcome", self._looks_back()
        yield "conflicts (ours won / Zoho won)", self._conflicts()
        yield "  not decided by the policy", len(self.against_policy)
        yield "  later write overruled by a noted conflict", verdicts.by_conflict
        yield "  written on both sides within 3 s", verdicts.same_moment
        yield "  deleted in Zoho before its answer came, made again", verdicts.deleted_unseen
        yield "LOST records", verdicts.count("lost")
        yield "LOST writes", verdicts.count("lost write")
        yield "DOUBLED records", verdicts.count("doubled")
        yield "BACK after deletion", verdicts.count("back again")
        yield "UNEQUAL fields", len(sides.unequal)
        yield "only here / only in Zoho", f"{len(sides.only_here)} / {len(sides.only_there)}"
        yield "STUCK", len(self.stuck)
        yield "everything came to rest", "yes" if self.settled else "NO"
        yield "credits used in all / a change", f"{credits} / {credits / max(1, changes):.2f}"
        yield "token refreshes in all / most in 10 min", f"{refreshes} / {most}"
        yield "visitors (during the outage)", f"{chats} ({visitors.during_outage})"
        yield "  credits a visitor", f"{soak.parts.sender.credits_used / max(1, chats):.3f}"
        yield "  errors", sum(visitors.errors.values()) or "none"
        yield "  not recognised though known", visitors.unknown
        yield "  strangers / of whom nobody could tell", f"{visitors.strangers} / {visitors.nobody_can_tell}"
        yield f"  slower than {SLOW_SECONDS} s", sum(one > SLOW_SECONDS for one in visitors.seconds)
        yield "  seconds (median, p95, worst)", _spread(visitors.seconds)
        yield "seconds from notification to visible here", ""
        for name, seconds in sorted(eye.after_notification.items()):
            yield f"  {name}", _spread(seconds)
        yield "  seen before any notification, from change", _spread(eye.without_notification)
        yield "  not seen within 5 minutes", eye.never_seen
        yield "answers of the door", _by_module(Counter({str(k): v for k, v in soak.door.answers.items()}))

    def _looks_back(self) -> str:
        calls = self.soak.fake.ask("calls")
        asked = sum(number for name, number in calls.items() if name.endswith("/coql"))
        return f"{asked} queries among {sum(calls.values())} calls"

    def _conflicts(self) -> str:
        won = Counter(one.won for one in self.conflicts)
        return f"{self.conflict_rows} ({won['ours']} / {won['zoho']})"

    def _wrong(self) -> Iterator[str]:
        for one in self.verdicts.wrong[:_SHOWN]:
            yield f"{one.kind}: {one.module} {one.mark}: {one.what}"
        for two in self.sides.different[:_SHOWN]:
            yield f"different: {two.module} {two.local_id} ({two.zoho_id}) {two.field}: {two.here!r} / {two.there!r}"
        for three in self.stuck[:_SHOWN]:
            yield f"stuck: {three.module} {three.action}: {three.trouble}: {three.why}"
        for four in self.against_policy[:_SHOWN]:
            yield f"against the policy: {four}"


def by_policy(one: Conflict) -> bool:
    """The rule said once more: the later change wins, ours when both were made at the same moment; of a record that is
    gone in Zoho nothing can be changed."""
    if one.ours_at is None or one.theirs_at is None:
        return one.won == "zoho"
    return one.won == ("zoho" if one.theirs_at > one.ours_at else "ours")


def _spread(seconds: Sequence[float]) -> str:
    if not seconds:
        return "none"
    ordered = sorted(seconds)
    picked = (ordered[min(len(ordered) - 1, math.floor(share * len(ordered)))] for share in (0.5, 0.95))
    return " ".join(f"{one:.3f}" for one in (*picked, ordered[-1])) + f" (of {len(ordered)})"


def _by_module(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counted.items()))
