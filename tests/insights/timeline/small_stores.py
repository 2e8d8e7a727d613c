"""Small stores in which anything may happen, as hypothesis makes them; and what their timelines must hold, by the rules
said once more in other words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import delete, insert

from crm_client.embedded import tables as crm
from motenashi.database import Database
from motenashi.insights.timeline.timeline import PersonKind
from tests.insights.timeline.brute_force import Fact

NOW = datetime(2026, 3, 1, tzinfo=UTC)

# Small stores: two contacts, two leads of which one became a contact, two deals; anything may be of anybody.
PEOPLE = st.sampled_from(
    [("c1", ""), ("c2", ""), ("", "l1"), ("", "l2"), ("", ""), ("c1", "l2"), ("c2", "l1"), ("gone", "")]
)
DEALS = st.sampled_from(["", "d1", "d2"])
MOMENTS = st.one_of(
    st.integers(0, 12).map(lambda hours: NOW - timedelta(hours=hours * 6)),  # ties, and gaps as long as the mean
    st.integers(-(10**6), 90 * 86_400 * 10**6).map(lambda ago: NOW - timedelta(microseconds=ago)),
)
WHOSE = st.tuples(PEOPLE, DEALS, MOMENTS)
ACTIVITIES = st.tuples(
    WHOSE, st.sampled_from(["call", "event", "task"]), st.sampled_from(["", "inbound", "outbound"]),
    st.sampled_from(["open", "completed", "completed", "cancelled"]), st.sampled_from([None, "k1", "k2"]),
)  # fmt: skip
EMAILS = st.tuples(
    WHOSE, st.sampled_from(["in", "out"]), st.sampled_from(["delivered", "draft", "automatic"]),
    st.sampled_from([None, "k3", "k4"]),
)  # fmt: skip
TOUCHPOINTS = st.tuples(
    WHOSE, st.sampled_from(["visit", "E-Mail ", "mail", "call", "online meeting", "event", "support", "pigeon"]),
    st.booleans(), st.sampled_from(["", "automatic"]), st.sampled_from([None, "k1", "k2", "k3", "k4"]),
)  # fmt: skip
CHANGES = st.tuples(st.sampled_from(["d1", "d2"]), MOMENTS)
FIELDS = st.tuples(st.sampled_from([("leads", "l1"), ("leads", "l2"), ("contacts", "c1"), ("deals", "d2")]), MOMENTS)


def once(rows: list[Any]) -> list[Any]:
    """Of rows with the same key (the last of their values) the first."""
    first: dict[Any, Any] = {}
    for number, row in enumerate(rows):
        first.setdefault(row[-1] or number, row)
    return list(first.values())


@st.composite
def stores(draw: st.DrawFn) -> dict[str, list[Any]]:
    return {
        "activities": once(draw(st.lists(ACTIVITIES, max_size=6))),
        "emails": once(draw(st.lists(EMAILS, max_size=6))),
        "touchpoints": once(draw(st.lists(TOUCHPOINTS, max_size=8))),
        "changes": draw(st.lists(CHANGES, max_size=5)),
        "fields": draw(st.lists(FIELDS, max_size=4)),
        "became": [draw(st.sampled_from([("c1", ""), ("", "d2"), ("c2", "d1")]))],  # the lead l1
    }


CONTACT_OF_DEAL = {"d1": "c1", "d2": "c2"}
CHANNELS = {
    "visit": "visit", "E-Mail ": "email", "mail": "email", "call": "call", "online meeting": "meeting",
    "event": "event", "support": "ticket", "pigeon": "pigeon",
}  # fmt: skip


def fill(database: Database, store: dict[str, list[Any]]) -> None:
    def whose(one: Any) -> dict[str, Any]:
        (contact_id, lead_id), deal_id, _ = one
        return {"contact_id": contact_id, "lead_id": lead_id, "deal_id": deal_id}

    rows: dict[Any, list[dict[str, Any]]] = {
        crm.crm_activities: [
            {
                "id": f"a{n}",
                **whose(who),
                "start_at": who[2],
                "kind": kind,
                "direction": side,
                "status": status,
                "key": key,
            }
            for n, (who, kind, side, status, key) in enumerate(store["activities"])
        ],
        crm.crm_emails: [
            {"id": f"m{n}", **whose(who), "sent_at": who[2], "direction": side, "status": status, "key": key}
            for n, (who, side, status, key) in enumerate(store["emails"])
        ],
        crm.crm_touchpoints: [
            {"id": f"t{n}", **whose(who), "at": who[2], "channel": word, "signal": theirs, "status": status, "key": key}
            for n, (who, word, theirs, status, key) in enumerate(store["touchpoints"])
        ],
        crm.crm_stage_changes: [
            {"number": n, "deal_id": deal_id, "at": at} for n, (deal_id, at) in enumerate(store["changes"], 1)
        ],
        crm.crm_field_changes: [
            {"number": n, "module": module, "record_id": record_id, "field": "f", "at": at}
            for n, ((module, record_id), at) in enumerate(store["fields"], 1)
        ],
        crm.crm_leads: [
            {
                "id": "l1",
                "created_at": NOW,
                "converted_contact_id": store["became"][0][0],
                "converted_deal_id": store["became"][0][1],
            },
            {"id": "l2", "created_at": NOW, "converted_contact_id": "", "converted_deal_id": ""},
        ],
    }
    with database.write() as connection:
        for table, values in rows.items():
            connection.execute(delete(table))
            if values:
                connection.execute(insert(table), values)


def facts_of(store: dict[str, list[Any]], kind: PersonKind, person_id: str) -> list[Fact]:
    """The rules, said once more in other words."""
    contact_of_lead, deal_of_lead = store["became"][0]
    became = contact_of_lead or CONTACT_OF_DEAL[deal_of_lead]

    def is_theirs(whose: Any) -> bool:
        (contact_id, lead_id), deal_id, at = whose
        if at > NOW:
            return False
        if kind == "lead":
            return bool(lead_id == person_id)
        nobody = not contact_id and not lead_id
        by_deal = nobody and CONTACT_OF_DEAL.get(deal_id) == person_id
        return contact_id == person_id or (lead_id == "l1" and became == person_id) or by_deal

    facts: list[Fact] = []
    for n, (whose, what, direction, status, _) in enumerate(store["activities"]):
        if is_theirs(whose) and what != "task" and status == "completed":
            side = "signal" if (what, direction) == ("call", "inbound") else "follow_up"
            facts.append(Fact(whose[2], 2, f"activity:a{n}", side, True))
    for n, (whose, direction, status, _) in enumerate(store["emails"]):
        if is_theirs(whose) and status != "draft":
            theirs = direction == "in"
            facts.append(
                Fact(
                    whose[2],
                    3,
                    f"email:m{n}",
                    "signal" if theirs else "follow_up",
                    not (theirs and status == "automatic"),
                )
            )
    for n, touchpoint in enumerate(store["touchpoints"]):
        whose, word, theirs, status, _ = touchpoint
        if is_theirs(whose) and not told_already(store, touchpoint):
            reaches_out = CHANNELS[word] in ("email", "call", "meeting", "event")
            counts = status != "automatic" and (theirs or reaches_out)
            facts.append(Fact(whose[2], 4, f"touchpoint:t{n}", "signal" if theirs else "follow_up", counts))
    for n, (deal_id, at) in enumerate(store["changes"], 1):
        if kind == "contact" and CONTACT_OF_DEAL[deal_id] == person_id and at <= NOW:
            facts.append(Fact(at, 0, f"stage:{n:09}", "stage", True, deal_id))
    for n, ((module, record_id), at) in enumerate(store["fields"], 1):
        records = {("leads", person_id)} if kind == "lead" else {("contacts", person_id)}
        if kind == "contact":
            records |= {("leads", "l1")} if became == person_id else set()
            records |= {("deals", one) for one, contact_id in CONTACT_OF_DEAL.items() if contact_id == person_id}
        if (module, record_id) in records and at <= NOW:
            facts.append(Fact(at, 1, f"field:{n:09}", "field", False, record_id))
    return sorted(facts)


def told_already(store: dict[str, list[Any]], touchpoint: Any) -> bool:
    """Does an e-mail or activity of the same person in the same channel say the same?"""
    (who, _, at), word, theirs, _, key = touchpoint
    for (person, _, other_at), direction, status, other_key in store["emails"]:
        same = (key and key == other_key) or (at == other_at and theirs == (direction == "in"))
        if same and person == who and CHANNELS[word] == "email" and status != "draft" and other_at <= NOW:
            return True
    for (person, _, other_at), what, direction, status, other_key in store["activities"]:
        fits = CHANNELS[word] in {"call": ("call",), "event": ("event", "meeting"), "task": ()}[what]
        same = (key and key == other_key) or (at == other_at and theirs == ((what, direction) == ("call", "inbound")))
        if same and person == who and fits and status == "completed" and other_at <= NOW:
            return True
    return False
