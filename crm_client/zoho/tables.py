"""The tables of what we know about Zoho: tokens, credits, which record is which, what waits, how far we have read."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, Text

from crm_client.embedded.columns import MOST_LETTERS, MOST_LETTERS_OF_A_NOTE, Extra, RowNumber, UniqueWords, Words
from motenashi.database import UtcTime

metadata = MetaData()


def _words(name: str, length: int = MOST_LETTERS) -> Column[str]:
    return Column(name, Words(length), nullable=False, default="")


def _moment(name: str, *, required: bool = False) -> Column[object]:
    return Column(name, UtcTime(), nullable=not required)


# One row for each client and account: the token all processes share. Secrets are encrypted with the house's key.
zoho_tokens = Table(
    "zoho_tokens",
    metadata,
    Column("name", Words(64), primary_key=True),  # digest of data centre, client and refresh token; 'connection' below
    Column("refresh_token", Text),  # encrypted; only from `zoho connect`
    Column("access_token", Text),  # encrypted
    _moment("expires_at"),
    _words("api_domain"),
    Column("refreshes", Extra),  # times (ISO, UTC) of the refreshes of the last ten minutes
    _moment("wait_until"),  # Zoho said: too many
    _words("state", 32),  # '', needs_consent
    _words("trouble", 64),
    _moment("changed_at"),
    _moment("claimed_until"),  # somebody is refreshing
)

# Credits used, by the hour (UTC); what Zoho itself said is kept in the row of its hour.
zoho_credits = Table(
    "zoho_credits",
    metadata,
    Column("hour", UtcTime(), primary_key=True),
    Column("used", BigInteger, nullable=False, default=0),
    Column("told_left", BigInteger),
    _moment("told_at"),
)

# Which record of ours is which record of Zoho's. A record that came from Zoho has Zoho's id here, too.
zoho_links = Table(
    "zoho_links",
    metadata,
    Column("module", Words(32), primary_key=True),  # ours: contacts, leads, accounts, deals, products, calls, events, …
    Column("local_id", Words(MOST_LETTERS), primary_key=True),
    Column("zoho_id", Words(64), nullable=False),
    _moment("modified_at"),  # Zoho's Modified_Time of what we last applied or wrote
    Column("base", Extra),  # our field -> value that both sides last agreed on, as JSON; only fields we may write
    Index("zoho_links_zoho_id", "module", "zoho_id", unique=True),
)

# What we wrote here and Zoho does not have yet. In order of `number` for each record.
zoho_outbox = Table(
    "zoho_outbox",
    metadata,
    Column("number", RowNumber, primary_key=True, autoincrement=True),
    _words("module", 32),
    _words("local_id"),
    _words("action", 16),  # create, update, delete, products, email
    Column("fields", Extra),  # our field -> new value (JSON); of creates: none, the record as it stands is sent
    Column("before", Extra),  # our field -> value before, of updates
    _words("by"),
    _moment("at", required=True),  # when it was written here
    _words("state", 16),  # waiting, sending, stuck
    Column("attempts", Integer, nullable=False, default=0),
    _moment("next_at"),  # not before
    _moment("sent_at"),  # a call went out then, and nobody knows yet what became of it
    _moment("claimed_until"),
    _words("trouble", 64),
    _words("why", MOST_LETTERS_OF_A_NOTE),  # for the operator; no personal data of others
    Index("zoho_outbox_record", "module", "local_id", "number"),
    Index("zoho_outbox_state", "state", "next_at", "number"),
)

# Fields that both sides had changed, and who won.
zoho_conflicts = Table(
    "zoho_conflicts",
    metadata,
    Column("number", RowNumber, primary_key=True, autoincrement=True),
    _moment("at", required=True),
    _words("module", 32),
    _words("local_id"),
    _words("field"),
    Column("base", UniqueWords(MOST_LETTERS_OF_A_NOTE), nullable=True),
    Column("ours", UniqueWords(MOST_LETTERS_OF_A_NOTE), nullable=True),
    Column("theirs", UniqueWords(MOST_LETTERS_OF_A_NOTE), nullable=True),
    _moment("ours_at"),
    _moment("theirs_at"),
    _words("won", 16),  # ours, zoho
    Index("zoho_conflicts_record", "module", "local_id"),
)

# Records that Zoho said had changed; to be fetched by id.
zoho_hints = Table(
    "zoho_hints",
    metadata,
    Column("module", Words(32), primary_key=True),
    Column("zoho_id", Words(64), primary_key=True),
    Column("deleted", Boolean, nullable=False, default=False),
    _moment("at", required=True),
    _moment("claimed_until"),
    Column("attempts", Integer, nullable=False, default=0),
)

# Pushes seen, so that a repeated one is nothing new (24 hours).
zoho_pushes = Table(
    "zoho_pushes",
    metadata,
    Column("digest", Words(64), primary_key=True),
    _moment("at", required=True),
    Index("zoho_pushes_at", "at"),
)

# Our notification channels. Secrets as digests; the one before is good for ten minutes more.
zoho_channels = Table(
    "zoho_channels",
    metadata,
    Column("id", Words(32), primary_key=True),
    _words("path", 64),  # digest of the unguessable part of the address
    _words("token", 64),  # digest
    _words("old_token", 64),
    _moment("old_token_until"),
    Column("events", Extra),
    _moment("expires_at"),
    _moment("checked_at"),
    _moment("last_push_at"),
)

# How far each module has been read.
zoho_sync = Table(
    "zoho_sync",
    metadata,
    Column("module", Words(32), primary_key=True),
    _moment("watermark"),  # the latest Modified_Time that was applied
    _moment("deleted_watermark"),
    _moment("asked_at"),  # when Zoho last told us all that had changed
    _moment("filled_at"),
    _words("job", 64),  # the bulk job of a fill that is under way
    Column("job_page", Integer, nullable=False, default=0),
    Column("rows_done", BigInteger, nullable=False, default=0),
    Column("rows_expected", BigInteger, nullable=False, default=0),
    _words("trouble", 64),
    _words("why", MOST_LETTERS_OF_A_NOTE),
    _moment("trouble_at"),
    Column("unreadable", BigInteger, nullable=False, default=0),  # records of Zoho that could not be taken over
)

# What the doctor found last; one row.
zoho_examinations = Table(
    "zoho_examinations",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    _moment("at", required=True),
    Column("findings", Extra),  # {"all": [finding, ...]}
)
