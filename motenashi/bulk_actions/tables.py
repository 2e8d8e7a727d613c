"""The tables of bulk actions: what was planned and what became of each record, who did what when, who wants no mail.

Rows of a plan name the person in `contact_id` or `lead_id` where they say something about them, so that erasing a
person takes them along. An address is kept nowhere here: `mark` is its digest (marks.py).
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from motenashi.database import UtcTime

metadata = MetaData()

LONGEST_NAME = 255
LONGEST_DETAIL = 500
_Number = BigInteger().with_variant(Integer, "sqlite")  # only SQLite's plain INTEGER counts up by itself there


def _words(name: str, length: int = LONGEST_NAME) -> Column[str]:
    return Column(name, String(length), nullable=False, server_default="")


bulk_jobs = Table(
    "bulk_jobs",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("created_at", UtcTime, nullable=False),
    _words("created_by", 320),
    _words("module", 16),
    Column("filter", Text, nullable=False),
    _words("action", 16),  # mail, update, task
    Column("content", JSON, nullable=False),
    _words("state", 16),  # freezing, planning, preview, running, paused, cancelled, done
    Column("version", Integer, nullable=False, server_default="1"),  # counts up when the content is changed
    _words("owner_only"),  # the owner whose records alone may be acted on
    Column("total", Integer, nullable=False, server_default="0"),
    Column("confirmed_at", UtcTime),
    _words("confirmed_by", 320),
    Column("good_until", UtcTime, nullable=False),
    Column("looked_at", UtcTime),  # when it was last seen who of them still fits the filter
    Column("look_again", Boolean, nullable=False),
    _words("trouble", 32),  # why it waits for somebody: mail_not_set_up, filter_wrong
    _words("lease"),
    Column("lease_until", UtcTime),
    Column("finished_at", UtcTime),
    _words("undo", 16),  # '', running, done
    Column("undone_at", UtcTime),
    Index("bulk_jobs_state", "state"),
    Index("bulk_jobs_undo", "undo"),
)

# What is to be done to one record, and what became of it.
bulk_rows = Table(
    "bulk_rows",
    metadata,
    Column("job_id", _Number, ForeignKey(bulk_jobs.c.id, ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _words("found_id"),  # the record of the filter's result
    _words("module", 16),
    _words("record_id"),  # what it is done to: the same, or a contact of that account
    _words("name"),
    _words("contact_id"),
    _words("lead_id"),
    _words("deal_id"),
    _words("owner_id"),
    Column("mark", String(64)),  # of the address that gets the mail; once in a job
    _words("state", 16),  # new, ready, working, handed, done, failed, skipped, stopped
    _words("why", 32),
    _words("detail", LONGEST_DETAIL),
    Column("due_at", UtcTime),
    _words("lease"),
    Column("lease_until", UtcTime),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("looked_at", UtcTime),  # when the mail server's answer was last asked for
    Column("before", JSON),  # of an update: the values that were there
    _words("subject", 2_000),
    Column("text", Text),  # of a mail, until the CRM has it
    Column("finished_at", UtcTime),
    _words("undo", 16),  # '', wanted, working, done, changed, failed
    _words("undo_detail", LONGEST_DETAIL),
    UniqueConstraint("job_id", "mark", name="bulk_rows_mark_once"),
    Index("bulk_rows_state", "job_id", "state", "why"),
    Index("bulk_rows_due", "job_id", "state", "due_at"),
    Index("bulk_rows_undo", "job_id", "undo"),
    Index("bulk_rows_record", "job_id", "found_id"),
    Index("bulk_rows_lease", "state", "lease_until"),
    Index("bulk_rows_handed", "state", "looked_at"),
    Index("bulk_rows_mark", "mark", "why"),
    Index("bulk_rows_contact", "contact_id"),
    Index("bulk_rows_lead", "lead_id"),
)

# Who did what to a bulk action. Rows are added, and never changed or deleted.
bulk_audit = Table(
    "bulk_audit",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("job_id", _Number, nullable=False),
    Column("at", UtcTime, nullable=False),
    _words("by", 320),
    _words("what", 32),
    Column("detail", JSON, nullable=False),
    Index("bulk_audit_job", "job_id", "id"),
)

# Who wants no mail to many. Kept when the person is erased: it names nobody who does not know the address.
mail_refusals = Table(
    "mail_refusals",
    metadata,
    Column("mark", String(64), primary_key=True),
    Column("at", UtcTime, nullable=False),
    _words("why", 32),  # one_click, page
)

# When the next mail of all mass mails may leave.
bulk_pace = Table(
    "bulk_pace",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("next_at", UtcTime, nullable=False),
)
