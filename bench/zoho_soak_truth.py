"""Who wrote what and when, as the writers themselves tell it; and what must therefore stand on both sides at the end.

The last write of a field wins. An earlier one may stand when a conflict says so (Zoho tells when a record was changed,
not when a field was), or when both were made within moments: Zoho's times are whole seconds.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.zoho_soak_world import FIELDS, MARKED_BY, Written
from crm_client.zoho.outbox.conflicts import Conflict

SAME_MOMENT = 3.0  # seconds

Mark = tuple[str, str]  # module, mark


@dataclass(frozen=True)
class Wrong:
    """`kind`: lost, doubled, back again, lost write."""

    kind: str
    module: str
    mark: str
    what: str


@dataclass
class Verdicts:
    wrong: list[Wrong] = field(default_factory=list)
    checked: int = 0
    by_conflict: int = 0
    same_moment: int = 0
    deleted_unseen: int = 0

    def count(self, kind: str) -> int:
        return sum(one.kind == kind for one in self.wrong)


class Truth:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.made: dict[Mark, Written] = {}
        self.gone: dict[Mark, Written] = {}
        self.writes: dict[tuple[str, str, str], list[Written]] = {}
        self.mails: list[str] = []  # subjects
        self.by_side: Counter[str] = Counter()

    def add(self, written: Sequence[Written]) -> None:
        with self._lock:
            for one in written:
                self._add(one)

    def _add(self, one: Written) -> None:
        key = (one.module, one.mark)
        if one.field == "made":
            self.made[key] = one
        elif one.field == "gone":
            self.gone.setdefault(key, one)
        elif one.field == "mailed":
            self.mails.append(one.mark)
        elif one.field != "converted":
            self.writes.setdefault((*key, one.field), []).append(one)

    def last(self, module: str, mark: str, name: str) -> Written | None:
        with self._lock:
            found = self.writes.get((module, mark, name))
            return max(found, key=lambda one: one.at) if found else None

    def is_gone(self, module: str, mark: str) -> bool:
        with self._lock:
            return (module, mark) in self.gone

    # At the end

    def judge(
        self,
        here: Mapping[str, Mapping[str, Any]],
        there: Mapping[str, Sequence[Mapping[str, Any]]],
        conflicts: Mapping[tuple[str, str, str], Sequence[Conflict]],
        mails: Sequence[str] = (),
        never_told: Collection[str] = (),
    ) -> Verdicts:
        """`here`: module -> our id -> record; `there`: module -> Zoho's raws; `conflicts` by module, our id, field;
        `mails`: the subjects of those that Zoho has; `never_told`: Zoho's ids of what was made for a call of ours whose
        answer was lost. Who deletes such a record before we could look for it sees it made again."""
        found = Verdicts()
        subjects = Counter(mails)
        for subject in self.mails:
            if subjects[subject] != 1:
                kind = "doubled" if subjects[subject] else "lost"
                found.wrong.append(Wrong(kind, "emails", subject, f"{subjects[subject]} in Zoho"))
        ours = {module: self._by_mark(module, records) for module, records in here.items()}
        theirs = {module: Counter(raw.get(MARKED_BY[module][1]) for raw in raws) for module, raws in there.items()}
        for (module, mark), made in self.made.items():
            here_now, there_now = ours[module].get(mark, []), theirs[module][mark]
            gone = self.gone.get((module, mark))
            if gone is not None and gone.zoho_id in never_told and len(here_now) == there_now == 1:
                found.deleted_unseen += 1
                continue
            self._judge_record(found, made, here_now, there_now)
        raws = {(module, str(raw.get(MARKED_BY[module][1]))): raw for module, some in there.items() for raw in some}
        for (module, mark, name), writes in self.writes.items():
            records, raw = ours[module].get(mark, []), raws.get((module, mark))
            if name in FIELDS[module] and len(records) == 1 and raw is not None:
                said = conflicts.get((module, records[0].id, name), ())
                self._judge_field(found, writes, raw.get(FIELDS[module][name].name), said)
        return found

    def _by_mark(self, module: str, records: Mapping[str, Any]) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for record in records.values():
            found.setdefault(getattr(record, MARKED_BY[module][0]), []).append(record)
        return found

    def _judge_record(self, found: Verdicts, made: Written, ours: Sequence[Any], theirs: int) -> None:
        def wrong(kind: str) -> None:
            side = "here" if made.ours else "in Zoho"
            text = f"made {side}; {len(ours)} here, {theirs} in Zoho"
            found.wrong.append(Wrong(kind, made.module, made.mark, text))

        gone = (made.module, made.mark) in self.gone
        if gone and (ours or theirs):
            wrong("back again")
        elif not gone and (len(ours) > 1 or theirs > 1):
            wrong("doubled")
        elif not gone and not (ours and theirs):
            wrong("lost")

    def _judge_field(self, found: Verdicts, writes: Sequence[Written], raw: Any, said: Sequence[Conflict]) -> None:
        found.checked += 1
        change = FIELDS[writes[0].module][writes[0].field]
        last = max(writes, key=lambda one: one.at)
        if _same(raw, change.there(last.value)):
            return
        stands = [one for one in writes if _same(raw, change.there(one.value))]
        if any(last.at - one.at <= SAME_MOMENT for one in stands):
            found.same_moment += 1
        elif stands and any(str(last.value) in (one.ours, one.theirs) for one in said):
            found.by_conflict += 1
        else:
            history = "; ".join(
                f"{'here' if one.ours else 'Zoho'} {one.at - writes[0].at:.1f} s {one.value!r}" for one in writes[-5:]
            )
            what = f"{writes[0].field} is {raw!r} and was written: {history}; conflicts: {len(said)}"
            found.wrong.append(Wrong("lost write", last.module, last.mark, what))


def _same(one: Any, other: Any) -> bool:
    return one == other or (one in ("", None) and other in ("", None))
