"""Alerts as their page shows them: rules in their own words, people by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from crm_client.client import CrmClient
from crm_client.records import Contact, Lead
from motenashi.alerts.desk import AlertDesk
from motenashi.alerts.facts import Happening
from motenashi.alerts.happenings import Happenings
from motenashi.alerts.raised_store import Kept
from motenashi.alerts.rule import MailAction, OneAction, Rule, TaskAction
from motenashi.pages.alerts.alerts_view import ActionView, AlertsView, RaisedView, RuleView, State, TrialView
from motenashi.record_facts import full_name

LATELY = timedelta(days=30)
MOST = 50
_EXCERPT = 240  # letters
_STATES: dict[str, State] = {"waiting": "waiting", "done": "done", "failed": "failed", "quiet": "quiet"}


class AlertViews:
    """An AlertsDesk. CrmError passes through."""

    def __init__(
        self,
        desk: AlertDesk,
        happenings: Happenings,
        crm: CrmClient,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._desk = desk
        self._happenings = happenings
        self._crm = crm
        self._clock = clock

    def view(self) -> AlertsView:
        kept = self._desk.newest(MOST)
        rules = self._desk.live.rules()
        counts = self._desk.counts(self._clock() - LATELY)
        return AlertsView(
            rules=[_rule(rule, counts.get(rule.name, 0)) for rule in rules],
            problems=self._desk.live.problems(),
            raised=self._raised(kept, {rule.name: rule for rule in rules}),
        )

    def try_out(self, rule: str) -> TrialView | None:
        found = next((one for one in self._desk.live.rules() if one.name == rule), None)
        if found is None:
            return None
        tried = self._desk.try_out(found, self._clock())
        names = self._names(tried.matched[:MOST])
        matched = tuple(self._tried(found, one, names) for one in tried.matched[:MOST])
        return TrialView(_rule(found, 0), tried.looked_at, matched)

    def _raised(self, kept: Sequence[Kept], rules: dict[str, Rule]) -> list[RaisedView]:
        happened: dict[tuple[str, int], Happening] = {}
        for when in ("response", "event"):
            ids = [one.source_id for one in kept if one.source == when]
            found = self._happenings.with_ids("event" if when == "event" else "response", ids)
            happened |= {(when, one.id): one for one in found}
        names = self._names(kept)
        return [
            RaisedView(
                rule=one.rule,
                title=rules[one.rule].head.title.by_language if one.rule in rules else {"": one.rule},
                at=one.at,
                state=_STATES.get(one.state, "failed"),
                person=names.get((one.contact_id, one.lead_id), ""),
                person_kind="contact" if one.contact_id else "lead" if one.lead_id else None,
                person_id=one.contact_id or one.lead_id,
                said=_said(happened.get((one.source, one.source_id))),
                actions=tuple(
                    ActionView(str(done["action"]), str(done["state"]), str(done["words"])) for done in one.done
                ),
                error=one.error,
            )
            for one in kept
        ]

    def _tried(self, rule: Rule, one: Happening, names: dict[tuple[str, str], str]) -> RaisedView:
        return RaisedView(
            rule=rule.name,
            title=rule.head.title.by_language,
            at=one.at,
            state="done",
            person=names.get((one.contact_id, one.lead_id), ""),
            person_kind="contact" if one.contact_id else "lead" if one.lead_id else None,
            person_id=one.contact_id or one.lead_id,
            said=_said(one),
        )

    def _names(self, those: Sequence[Kept | Happening]) -> dict[tuple[str, str], str]:
        """(contact id, lead id) to the person's name, in two look-ups for all."""
        contacts = {one.id: one for one in self._crm.contacts_with({one.contact_id for one in those} - {""})}
        leads = {one.id: one for one in self._crm.leads_with({one.lead_id for one in those} - {""})}
        people: dict[tuple[str, str], Contact | Lead | None] = {
            (one.contact_id, one.lead_id): contacts.get(one.contact_id) or leads.get(one.lead_id) for one in those
        }
        return {ids: full_name(person) for ids, person in people.items() if person is not None}


def _rule(rule: Rule, raised: int) -> RuleView:
    conditions = rule.criteria.conditions
    numbered = len({one.number for one in conditions}) > 1
    return RuleView(
        name=rule.name,
        title=rule.head.title.by_language,
        when=rule.head.when,
        conditions=tuple(f"{one.number}. {one}" if numbered else str(one) for one in conditions),
        pattern=rule.pattern,
        actions=tuple(_action(action) for action in rule.head.do),
        file=f"{rule.file}:{rule.line}",
        raised=raised,
    )


def _action(action: OneAction) -> str:
    if isinstance(action.spec, TaskAction):
        return "task"
    return f"mail → {action.spec.to}" if isinstance(action.spec, MailAction) else f"webhook → {_host(action.spec.url)}"


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]


def _said(one: Happening | None) -> str:
    if one is None:
        return ""
    text = one.response.text if one.response else " ".join(word for word in (one.kind, one.detail) if word)
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]}…"
