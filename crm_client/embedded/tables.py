"""The tables of the embedded CRM. Columns are named and ordered as the records' fields; what else a table holds
(look-up keys, lines' numbers) stands after them.

Look-ups between records are plain ids and no foreign keys: a mirror of another CRM receives records in any order
and without those we may not see. Only what is a piece of a deal (its lines, its stage changes) goes with the deal.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Float, ForeignKey, Index, Integer, MetaData, Table, text
from sqlalchemy.types import TypeEngine

from crm_client.embedded.columns import MOST_LETTERS, MOST_LETTERS_OF_A_NOTE, Extra, RowNumber, UniqueWords, Words
from motenashi.database import UtcTime

metadata = MetaData()


def _id() -> Column[str]:
    return Column("id", Words(MOST_LETTERS), primary_key=True)


def _words(name: str, length: int = MOST_LETTERS) -> Column[str]:
    return Column(name, Words(length), nullable=False, default="")


def _number(name: str, kind: type[TypeEngine[int]] = BigInteger) -> Column[int]:
    return Column(name, kind(), nullable=False)


def _time(name: str, *, required: bool = False) -> Column[object]:
    return Column(name, UtcTime(), nullable=not required)


def _said(name: str, column: str) -> Index:
    """An index of the rows in which this column says something: few of many, which the planners then know."""
    says = text(f"{column} != ''")
    return Index(name, column, sqlite_where=says, postgresql_where=says)


def _key(name: str) -> Column[str]:
    """A look-up key: NULL when the field it is made from is empty."""
    return Column(name, UniqueWords(MOST_LETTERS + 65), nullable=True)


crm_owners = Table(
    "crm_owners",
    metadata,
    _id(),
    _words("name"),
    _words("email"),
    _words("time_zone"),
    Column("active", Boolean, nullable=False),
)

crm_accounts = Table(
    "crm_accounts",
    metadata,
    _id(),
    _words("name"),
    _words("industry"),
    Column("employees", BigInteger),
    _words("website"),
    _words("owner_id"),
    _time("created_at", required=True),
    Column("extra", Extra),
)

crm_contacts = Table(
    "crm_contacts",
    metadata,
    _id(),
    _words("last_name"),
    _words("first_name"),
    _words("email"),
    _words("secondary_email"),
    _words("phone"),
    _words("mobile"),
    _words("account_id"),
    _words("title"),
    _words("language"),
    _words("time_zone"),
    _words("owner_id"),
    _time("created_at", required=True),
    Column("extra", Extra),
    _key("email_key"),
    _key("secondary_email_key"),
    _key("phone_key"),
    _key("mobile_key"),
    Index("crm_contacts_email_key", "email_key"),
    Index("crm_contacts_secondary_email_key", "secondary_email_key"),
    Index("crm_contacts_phone_key", "phone_key"),
    Index("crm_contacts_mobile_key", "mobile_key"),
    Index("crm_contacts_account", "account_id"),
)

crm_leads = Table(
    "crm_leads",
    metadata,
    _id(),
    _words("last_name"),
    _words("company"),
    _words("first_name"),
    _words("email"),
    _words("phone"),
    _words("mobile"),
    _words("industry"),
    _words("status"),
    _words("source"),
    _words("language"),
    _words("time_zone"),
    _words("owner_id"),
    _words("note", MOST_LETTERS_OF_A_NOTE),
    _time("created_at", required=True),
    _words("converted_deal_id"),
    _words("converted_contact_id"),
    Column("extra", Extra),
    _key("email_key"),
    _key("phone_key"),
    _key("mobile_key"),
    Column("key", UniqueWords(MOST_LETTERS), unique=True),
    Index("crm_leads_email_key", "email_key"),
    Index("crm_leads_phone_key", "phone_key"),
    Index("crm_leads_mobile_key", "mobile_key"),
    _said("crm_leads_converted_contact", "converted_contact_id"),
    _said("crm_leads_converted_deal", "converted_deal_id"),
)

crm_stages = Table(
    "crm_stages",
    metadata,
    Column("name", Words(MOST_LETTERS), primary_key=True),
    _words("outcome"),
    _number("position", Integer),
    _number("probability", Integer),
)

crm_deals = Table(
    "crm_deals",
    metadata,
    _id(),
    _words("name"),
    _words("stage"),
    _words("account_id"),
    _words("contact_id"),
    _words("owner_id"),
    _words("type"),
    Column("amount", BigInteger),
    _words("currency"),
    _words("lead_source"),
    Column("repeat", Boolean, nullable=False),
    Column("expected_close", Date),
    _time("created_at", required=True),
    _time("closed_at"),
    Column("extra", Extra),
    Index("crm_deals_contact", "contact_id", "created_at"),
    Index("crm_deals_account", "account_id"),
    Index("crm_deals_stage", "stage"),
    Index("crm_deals_owner", "owner_id"),
)

crm_stage_changes = Table(
    "crm_stage_changes",
    metadata,
    Column("deal_id", Words(MOST_LETTERS), ForeignKey(crm_deals.c.id, ondelete="CASCADE"), nullable=False),
    _words("from_stage"),
    _words("to_stage"),
    _time("at", required=True),
    _words("changed_by"),
    Column("number", RowNumber, primary_key=True, autoincrement=True),
    Index("crm_stage_changes_deal", "deal_id", "at"),
)

crm_products = Table(
    "crm_products",
    metadata,
    _id(),
    Column("code", Words(MOST_LETTERS), nullable=False, unique=True),
    _words("name_en"),
    _words("name_ja"),
    _words("category"),
    _number("unit_price"),
    _words("currency"),
    _words("summary_en", MOST_LETTERS_OF_A_NOTE),
    _words("summary_ja", MOST_LETTERS_OF_A_NOTE),
    _words("image", 2_000),
    _words("url", 2_000),
    Column("active", Boolean, nullable=False),
)

crm_deal_products = Table(
    "crm_deal_products",
    metadata,
    Column("deal_id", Words(MOST_LETTERS), ForeignKey(crm_deals.c.id, ondelete="CASCADE"), primary_key=True),
    _words("product_id"),
    _number("quantity"),
    _number("unit_price"),
    Column("position", Integer, primary_key=True),
    Index("crm_deal_products_product", "product_id"),
)

# Counted up and down in the transaction that changes a deal, so that asking costs one small read. What the columns
# mean, and how they are counted: popularity.py.
crm_product_popularity = Table(
    "crm_product_popularity",
    metadata,
    Column("product_id", Words(MOST_LETTERS), primary_key=True),
    _number("deals"),
    _number("revenue"),
    Column("recent", Float(53), nullable=False),
)

crm_activities = Table(
    "crm_activities",
    metadata,
    _id(),
    _words("kind"),
    _words("subject"),
    _time("start_at", required=True),
    _time("end_at"),
    _words("deal_id"),
    _words("contact_id"),
    _words("lead_id"),
    _words("owner_id"),
    _words("purpose"),
    _words("direction"),
    _words("status"),
    _words("result"),
    _words("note", MOST_LETTERS_OF_A_NOTE),
    Column("key", UniqueWords(MOST_LETTERS), unique=True),
    _time("busy_until"),  # of events that take somebody's time; see diary.py
    Index("crm_activities_deal", "deal_id", "start_at"),
    Index("crm_activities_contact", "contact_id", "start_at"),
    Index("crm_activities_lead", "lead_id", "start_at"),
    Index("crm_activities_owner", "owner_id", "start_at"),
    Index("crm_activities_owner_busy", "owner_id", "busy_until"),
    Index("crm_activities_busy", "busy_until"),
)

# One row an owner: whoever writes into a diary holds its row until the transaction ends.
crm_diaries = Table(
    "crm_diaries",
    metadata,
    Column("owner_id", Words(MOST_LETTERS), primary_key=True),
    _number("entries"),
)

crm_emails = Table(
    "crm_emails",
    metadata,
    _id(),
    _words("direction"),
    _words("subject", 2_000),
    _time("sent_at", required=True),
    _words("deal_id"),
    _words("contact_id"),
    _words("lead_id"),
    _words("owner_id"),
    _words("purpose"),
    _words("status"),
    _time("opened_at"),
    _time("opened_again_at"),
    _time("clicked_at"),
    _time("replied_at"),
    Column("message_id", UniqueWords(MOST_LETTERS), nullable=True),
    Column("in_reply_to", UniqueWords(MOST_LETTERS), nullable=True),
    Column("text", UniqueWords(MOST_LETTERS_OF_A_NOTE), nullable=True),
    Column("key", UniqueWords(MOST_LETTERS), nullable=True),
    Index("crm_emails_deal", "deal_id", "sent_at"),
    Index("crm_emails_contact", "contact_id", "sent_at"),
    Index("crm_emails_lead", "lead_id", "sent_at"),
    Index("crm_emails_message_id", "message_id"),
    Index("crm_emails_key", "key", unique=True),
)

_ASKED = ("at", "channel", "signal", "status", "type", "pages")
crm_touchpoints = Table(
    "crm_touchpoints",
    metadata,
    _id(),
    _words("channel"),
    _words("type"),
    _time("at", required=True),
    Column("signal", Boolean, nullable=False),
    _words("contact_id"),
    _words("lead_id"),
    _words("deal_id"),
    _words("owner_id"),
    _words("status"),
    Column("duration_s", BigInteger),
    Column("pages", BigInteger),
    Column("count", BigInteger),
    Column("key", UniqueWords(MOST_LETTERS), unique=True),
    Column("title", UniqueWords(MOST_LETTERS), nullable=True),
    # What filters ask of a touchpoint lies beside who it was, so that a million are gone through without their rows.
    Index("crm_touchpoints_contact", "contact_id", *_ASKED),
    Index("crm_touchpoints_lead", "lead_id", *_ASKED),
    Index("crm_touchpoints_deal", "deal_id", *_ASKED),
    Index("crm_touchpoints_channel", "channel", "contact_id", "lead_id", "deal_id", "at", "signal", "status"),
)

# When a tracked field (crm.embedded.tracked_fields) got another value. A deal's stages are told above.
crm_field_changes = Table(
    "crm_field_changes",
    metadata,
    _words("module", 32),
    _words("record_id"),
    _words("field"),
    _words("from_value"),
    _words("to_value"),
    _time("at", required=True),
    _words("changed_by"),
    Column("number", RowNumber, primary_key=True, autoincrement=True),
    Index("crm_field_changes_record", "module", "record_id", "at"),
)

# Whether the demo company is here, made from what, and what it holds.
crm_demo = Table(
    "crm_demo",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    _number("seed"),
    _number("scale"),
    _time("made_for", required=True),
    Column("counts", Extra),  # NULL until everything is there
)

# What somebody, or a chat, wrote down about a person or a deal.
crm_notes = Table(
    "crm_notes",
    metadata,
    _id(),
    _words("title"),
    _words("text", MOST_LETTERS_OF_A_NOTE),
    _time("at", required=True),
    _words("contact_id"),
    _words("lead_id"),
    _words("deal_id"),
    _words("owner_id"),
    Column("key", UniqueWords(MOST_LETTERS), unique=True),
    Index("crm_notes_contact", "contact_id", "at"),
    Index("crm_notes_lead", "lead_id", "at"),
    Index("crm_notes_deal", "deal_id", "at"),
)
