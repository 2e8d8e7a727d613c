"""The alerts at work: look for what is new, ask the rules, act; and what people are shown of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_args

from sqlalchemy.exc import DBAPIError

from crm_client.client import CrmClient
from crm_client.errors import CrmError
from motenashi.alerts.acting import Acting, NotDone, Raised
from motenashi.alerts.facts import Facts, Happening, facts_of
from motenashi.alerts.happenings import Happenings, Place
from motenashi.alerts.live_alerts import LiveAlerts
from motenashi.alerts.raised_store import Kept, RaisedStore
from motenashi.alerts.rule import Rule
from motenashi.alerts.settings import AlertSettings
from motenashi.alerts.variables import When
from motenashi.flow_engine.criteria import holds

log = logging.getLogger(__name__)

_WHENS: tuple[When, ...] = get_args(When)


@dataclass(frozen=True)
class TriedOut:
    """A rule asked about what happened already: how many were looked at, and those it would have spoken of."""

    looked_at: int
    matched: tuple[Happening, ...]


class AlertDesk:
    """`zone_now` gives a moment in the house's zone, for conditions on days and times of day."""

    def __init__(
        self,
        live: LiveAlerts,
        happenings: Happenings,
        store: RaisedStore,
        acting: Acting,
        crm: CrmClient,
        settings: AlertSettings,
        *,
        in_zone: Callable[[datetime], datetime] = lambda moment: moment,
    ) -> None:
        self._live = live
        self._happenings = happenings
        self._store = store
        self._acting = acting
        self._crm = crm
        self._settings = settings
        self._in_zone = in_zone

    # The job

    def look(self, now: datetime) -> int:
        """Ask the rules about what is new, then act on what waits; how many alerts were raised. Safe to run twice and
        in several processes. CrmError: the rest waits for the next look."""
        raised = sum(self._look_for(when, now) for when in _WHENS)
        while (kept := self._store.claim(now)) is not None:
            self._act(kept, now)
        return raised

    def _look_for(self, when: When, now: datetime) -> int:
        place = self._store.place(when)
        if place is None:  # what was there before there were alerts wakes nobody
            self._store.move(when, Place(self._happenings.last_id(when)))
            return 0
        newest = now - timedelta(hours=self._settings.newest_hours)
        found, reached = self._happenings.since(when, place, newest)
        rules = [rule for rule in self._live.rules() if rule.head.when == when]
        raised = sum(self._ask(rules, one, now) for one in found) if rules else 0
        if reached != place:
            self._store.move(when, reached)
        return raised

    def _ask(self, rules: Sequence[Rule], one: Happening, now: datetime) -> int:
        facts = facts_of(one, self._crm)
        return sum(self._holds(rule, facts, now) and self._store.raise_alert(rule, one, now) for rule in rules)

    def _holds(self, rule: Rule, facts: Facts, now: datetime) -> bool:
        return holds(rule.criteria, facts.look_up, self._in_zone(now))

    def _act(self, kept: Kept, now: datetime) -> None:
        rule = next((rule for rule in self._live.rules() if rule.name == kept.rule), None)
        found = self._happenings.with_ids("event" if kept.source == "event" else "response", [kept.source_id])
        if rule is None or not found:
            why = "the rule is gone" if rule is None else "what was said is not kept any more"
            self._store.finish(kept, "failed", kept.done, why)
            return
        try:
            raised = Raised(kept.key, rule, found[0], facts_of(found[0], self._crm))
        except CrmError as error:
            self._store.later(kept, kept.done, f"the CRM does not answer: {error}", now)
            return
        self._do_all(kept, raised, now)

    def _do_all(self, kept: Kept, raised: Raised, now: datetime) -> None:
        """Each action that is not done yet; one that fails keeps none of the others from being done."""
        before = {int(one["number"]): dict(one) for one in kept.done if one.get("state") != "again"}
        done = [
            before.get(number) or self._one(raised, number, now, last=kept.tries >= self._settings.most_tries)
            for number in range(len(raised.rule.head.do))
        ]
        trouble = "; ".join(str(one["words"]) for one in done if one["state"] != "done")
        if any(one["state"] == "again" for one in done):
            self._store.later(kept, done, trouble, now)
        else:
            self._store.finish(kept, "failed" if trouble else "done", done, trouble)

    def _one(self, raised: Raised, number: int, now: datetime, *, last: bool) -> dict[str, Any]:
        """What came of one action, as it is kept: done, failed for good, or to be tried again."""
        name = raised.rule.head.do[number].name
        try:
            return {"number": number, "action": name, "state": "done", "words": self._acting.do(raised, number, now)}
        except NotDone as error:
            again, words = error.again, str(error)
        except CrmError as error:
            again, words = True, f"the CRM does not answer: {error}"
        except DBAPIError:
            raise  # away: the alert is taken up again
        except Exception as error:  # a text that can't be made, a fault of ours: no other alert waits for this one
            again, words = True, f"it can't be done: {type(error).__name__}"
        log.warning("alert %s, action %s was not done: %s", raised.rule.name, name, words)
        return {"number": number, "action": name, "state": "again" if again and not last else "failed", "words": words}

    # What people see

    @property
    def live(self) -> LiveAlerts:
        return self._live

    def newest(self, most: int = 100) -> tuple[Kept, ...]:
        return self._store.newest(most)

    def counts(self, since: datetime) -> dict[str, int]:
        return self._store.counts(since)

    def try_out(self, rule: Rule, now: datetime, *, most: int = 300) -> TriedOut:
        """What the rule would have said about the newest `most`; does nothing. CrmError."""
        last = self._happenings.last_id(rule.head.when)
        ids = list(range(max(1, last - most + 1), last + 1))
        found = self._happenings.with_ids(rule.head.when, ids)
        matched = [one for one in found if self._holds(rule, facts_of(one, self._crm), now)]
        return TriedOut(len(found), tuple(reversed(matched)))

    def forget_old(self, now: datetime) -> int:
        return self._store.forget(now - timedelta(days=self._settings.kept_days))
