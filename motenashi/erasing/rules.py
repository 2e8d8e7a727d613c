"""Which rows of which table are somebody's. Every table of the house has its rule, and a test sees to it.

A table with the columns `contact_id` and `lead_id` needs no rule of its own. A deal is the company's and stays,
without the person. What hangs on other rows comes first: its parents must still be there to be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, Table, and_, cast, false, func, or_, select

from motenashi.erasing.naming import names
from motenashi.erasing.whose import Whose
from motenashi.storage.all_tables import ALL_TABLES

TABLES: Mapping[str, Table] = {table.name: table for room in ALL_TABLES for table in room.sorted_tables}

# They hold nobody from outside: our own people, our settings, what was learned from all together.
NOBODY = frozenset(
    {
        "advice_leases",
        "advice_switches",
        "alert_places",
        "bulk_audit",
        "bulk_jobs",
        "bulk_pace",
        "crm_accounts",
        "crm_deal_products",
        "crm_demo",
        "crm_diaries",
        "crm_owners",
        "crm_product_popularity",
        "crm_products",
        "crm_stage_changes",
        "crm_stages",
        "erasures",
        "flow_sets",
        "identity_api_keys",
        "identity_login_failures",
        "identity_logins",
        "identity_users",
        "inbound_mailboxes",
        "job_leases",
        "learned_tables",
        "learning_states",
        "saved_filters",
        "timeline_rhythms",
        "touchpoint_counts",
        "mail_refusals",  # digests of addresses: who wanted no mail gets none, also when they come back
        "voice_said_state",
        "zoho_channels",
        "zoho_credits",
        "zoho_examinations",
        "zoho_pushes",  # digests of notifications
        "zoho_sync",
        "zoho_tokens",
    }
)
# Whose they are stays open: the person is taken out, and the row is kept.
KEPT = frozenset({"crm_deals"})

Rule = Callable[[Table, Whose], ColumnElement[bool]]


@dataclass(frozen=True)
class Theirs:
    """The rows of a table that are somebody's."""

    table: Table
    rows: ColumnElement[bool]


def theirs(who: Whose) -> Iterator[Theirs]:
    """What is to be deleted, table by table, those that hang on others first."""
    for name in _in_order():
        table = TABLES[name]
        rule = RULES.get(name) or (_by_person if has_person(table) else None)
        if name not in NOBODY | KEPT and rule is not None:
            yield Theirs(table, rule(table, who))


def has_person(table: Table) -> bool:
    return "contact_id" in table.c or "lead_id" in table.c


def _in_order() -> list[str]:
    hanging = [name for name in RULES if name in TABLES]
    return [*hanging, *(name for name in TABLES if name not in RULES)]


def _any_of(column: Any, values: Collection[Any]) -> ColumnElement[bool]:
    return column.in_(sorted(values)) if values else false()


def _by_person(table: Table, who: Whose) -> ColumnElement[bool]:
    ways = []
    if "contact_id" in table.c:
        ways.append(_any_of(table.c.contact_id, who.contact_ids))
    if "lead_id" in table.c:
        ways.append(_any_of(table.c.lead_id, who.lead_ids))
    return or_(*ways)


def _by_kind(kind: str, record: str) -> Rule:
    """Tables that name a record by its kind and its id."""

    def rule(table: Table, who: Whose) -> ColumnElement[bool]:
        named, ids = table.c[kind], table.c[record]
        return or_(
            and_(named.in_(("contact", "contacts")), _any_of(ids, who.contact_ids)),
            and_(named.in_(("lead", "leads")), _any_of(ids, who.lead_ids)),
        )

    return rule


def _by_id(of: str) -> Rule:
    return lambda table, who: _any_of(table.c.id, who.contact_ids if of == "contact" else who.lead_ids)


def _by_address(column: str) -> Rule:
    return lambda table, who: _any_of(func.lower(func.trim(table.c[column])), who.addresses)


def _of_parent(column: str, parent: str, parent_column: str = "id") -> Rule:
    """Rows that hang on rows of a parent table, which are found by its own rule."""

    def rule(table: Table, who: Whose) -> ColumnElement[bool]:
        above = TABLES[parent]
        mine = RULES.get(parent, _by_person)(above, who)
        return table.c[column].in_(select(above.c[parent_column]).where(mine))

    return rule


def _any_rule(*rules: Rule) -> Rule:
    return lambda table, who: or_(*(rule(table, who) for rule in rules))


def _conversations(table: Table, who: Whose) -> ColumnElement[bool]:
    """By the address, by the record that the flow keeps as `person`, or by a request for an operator."""
    over, state = TABLES["hand_overs"], table.c.state
    asked = select(over.c.conversation_id).where(_by_person(over, who))
    kept = (state.contains(f'"record_id":"{one}"', autoescape=True) for one in sorted(who.ids))
    return or_(_any_of(func.lower(table.c.email), who.addresses), table.c.id.in_(asked), *kept)


def _mails(table: Table, who: Whose) -> ColumnElement[bool]:
    """By the sender's address, or because the CRM, or the voice, keeps something of it under `mail:<id>`."""
    keys = "mail:" + cast(table.c.id, String)
    emails, responses = TABLES["crm_emails"], TABLES["voice_responses"]
    return or_(
        *(names(func.lower(table.c.sender), address) for address in sorted(who.addresses)),
        keys.in_(select(emails.c.key).where(_by_person(emails, who), emails.c.key.is_not(None))),
        keys.in_(select(responses.c.source).where(_by_person(responses, who))),
    )


def _touchpoint_rows(table: Table, who: Whose) -> ColumnElement[bool]:
    """Of another tool: by the person, or while it waits for one, by how it names them."""
    return or_(
        _by_person(table, who),
        _any_of(table.c.wanted_contact_id, who.contact_ids),
        _any_of(table.c.wanted_lead_id, who.lead_ids),
        _any_of(table.c.phone_key, who.phones),
        _inside("payload")(table, who),
    )


def _inside(*columns: str) -> Rule:
    """Their addresses, or their ids in quotes, stand somewhere in a text."""

    def rule(table: Table, who: Whose) -> ColumnElement[bool]:
        texts = [func.lower(table.c[name]) for name in columns]
        ids = [f'"{one.lower()}"' for one in sorted(who.ids)]
        ways = [names(text, address) for text in texts for address in sorted(who.addresses)]
        return or_(false(), *ways, *(text.contains(one, autoescape=True) for text in texts for one in ids))

    return rule


def _known_to_zoho(id_column: str) -> Rule:
    """What is noted of their records, and of all that hangs on them, on the way to and from Zoho."""

    def rule(table: Table, who: Whose) -> ColumnElement[bool]:
        noted = or_(_hanging(table, id_column, who), _by_kind("module", id_column)(table, who))
        return and_(noted, ~_still_to_be_sent(table)) if "action" in table.c else noted

    return rule


def _still_to_be_sent(outbox: Table) -> ColumnElement[bool]:
    """That they are to be deleted there, too; and before it, that they are only just coming into being there: nobody
    could delete what nobody knows of. (Notes go with their person.)"""
    gone_out = or_(outbox.c.sent_at.is_not(None), outbox.c.state == "sending")
    coming = and_(outbox.c.action == "create", outbox.c.module != "notes", gone_out)
    return or_(outbox.c.action == "delete", coming)


def _no_more_in_zoho(table: Table, who: Whose) -> ColumnElement[bool]:
    """Which records of Zoho they are must be known until Zoho has deleted them; of all others it is forgotten."""
    outbox = TABLES["zoho_outbox"]
    same = and_(outbox.c.module == table.c.module, outbox.c.local_id == table.c.local_id)
    to_be_deleted = select(outbox.c.number).where(same, outbox.c.action == "delete").exists()
    return and_(_hanging(table, "local_id", who), ~to_be_deleted)


def _hanging(table: Table, id_column: str, who: Whose) -> ColumnElement[bool]:
    module, ids = table.c.module, table.c[id_column]
    return or_(
        *(
            and_(module.in_(modules), ids.in_(select(TABLES[name].c.id).where(_by_person(TABLES[name], who))))
            for modules, name in _HANGING
        )
    )


_HANGING = ((("calls", "events", "tasks"), "crm_activities"), (("notes",), "crm_notes"), (("emails",), "crm_emails"))

# In the order in which they are deleted.
RULES: dict[str, Rule] = {
    "visit_views": _of_parent("mark", "visit_browsers", "mark"),
    "visits": _of_parent("mark", "visit_browsers", "mark"),
    "visit_browsers": _of_parent("conversation_id", "conversations"),
    "conversation_entries": _of_parent("conversation_id", "conversations"),
    "late_answers": _of_parent("conversation_id", "conversations"),
    "identity_codes": _any_rule(_by_address("email"), _of_parent("conversation_id", "conversations")),
    "conversations": _conversations,
    "mail_corrections": _of_parent("mail_id", "inbound_mails"),
    "inbound_raw_mails": _of_parent("mail_id", "inbound_mails"),
    "inbound_mails": _mails,
    "suggestion_events": _of_parent("suggestion_id", "suggestions"),
    "voice_intents": _of_parent("response_id", "voice_responses"),
    "voice_keywords": _of_parent("response_id", "voice_responses"),
    "voice_products": _of_parent("response_id", "voice_responses"),
    "voice_said_words": _of_parent("response_id", "voice_responses"),
    "voice_said": _of_parent("response_id", "voice_responses"),
    "voice_event_responses": _any_rule(
        _of_parent("response_id", "voice_responses"), _of_parent("event_id", "voice_events")
    ),
    "advice_due": _by_kind("kind", "record_id"),
    "best_times": _by_kind("kind", "person_id"),
    "time_overrides": _by_kind("kind", "person_id"),
    "time_reminders": _by_kind("kind", "person_id"),
    "mail_outbox": _by_address("to"),
    "mail_outgoing": _by_address("to"),
    "touchpoint_intake": _touchpoint_rows,
    "touchpoint_refusals": _inside("payload", "problems", "id"),
    "touchpoint_external_ids": _any_rule(_by_person, _inside("external_key")),
    "zoho_outbox": _known_to_zoho("local_id"),
    "zoho_conflicts": _known_to_zoho("local_id"),
    "zoho_hints": _known_to_zoho("zoho_id"),
    "zoho_links": _no_more_in_zoho,
    "crm_field_changes": _by_kind("module", "record_id"),
    "crm_contacts": _by_id("contact"),
    "crm_leads": _by_id("lead"),
}


def without_rule() -> list[str]:
    """Tables of which nobody has said whose they are."""
    known = NOBODY | KEPT | RULES.keys()
    return sorted(name for name, table in TABLES.items() if name not in known and not has_person(table))
