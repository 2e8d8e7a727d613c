"""The demo company as an organisation of Zoho's would hold it: the same people, deals and histories.

Fields of ours that Zoho does not ship stand in fields of the organisation's own; DEMO_FIELDS names them in the form of
`crm.zoho.fields`. Touchpoints of other channels are no business of Zoho's and are left out.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Table, select

from crm_client.demo.company import make_demo
from crm_client.embedded import tables
from motenashi.database import Database
from motenashi.storage.migrate import migrate
from motenashi.storage.open_database import open_database
from tests.fake_zoho.clock import written
from tests.fake_zoho.fake import FakeZoho
from tests.fake_zoho.store import API_USER, Raw, Store, user

DEMO_FIELDS = {
    "contacts": {"language": "Language", "time_zone": "Time_Zone"},
    "leads": {"language": "Language", "time_zone": "Time_Zone"},
    "products": {
        "name_ja": "Product_Name_JA",
        "summary_ja": "Description_JA",
        "image": "Image_Path",
        "url": "Product_Page",
        "currency": "Currency",
    },
    "deals": {"repeat": "Repeat_Deal", "closed_at": "Closed_At"},
    "events": {"purpose": "Meeting_Purpose", "result": "Meeting_Result", "status": "Meeting_Status"},
}
_TYPES = {"repeat": "boolean", "closed_at": "datetime", "summary_ja": "textarea"}
_FORECASTS = {"open": "Open", "won": "Closed Won", "lost": "Closed Lost"}
_CALL_RESULTS = {"answered": "Answered", "no_answer": "No response/Busy"}
_TASKS = {"open": "Not Started", "completed": "Completed", "cancelled": "Deferred"}
_CALLS = {"open": "Scheduled", "completed": "Completed", "cancelled": "Cancelled"}
_Row = Row[Any]


def fill_from_demo(zoho: FakeZoho, *, scale: int = 1, now: datetime | None = None) -> None:
    """`now`: the moment up to which the company's two years go; the present without."""
    with tempfile.TemporaryDirectory(prefix="fake-zoho-demo-") as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'demo.sqlite'}")
        try:
            migrate(database)
            make_demo(database, scale=scale, now=now or datetime.now(UTC))
            fill_from(zoho, database)
        finally:
            database.engine.dispose()


def fill_from(zoho: FakeZoho, database: Database) -> None:
    """What an embedded CRM holds, moved into the fake. The same database gives the same ids in every new fake."""
    _Converter(zoho, database).convert()


class _Converter:
    def __init__(self, zoho: FakeZoho, database: Database) -> None:
        self._zoho, self._database = zoho, database
        self._store: Store = zoho.store
        self._ids: dict[str, str] = {}  # ours -> Zoho's
        self._names: dict[str, str] = {}  # by our id
        self._last_change: dict[str, datetime] = {}  # of deals

    def convert(self) -> None:
        self._owners()
        for module, fields in DEMO_FIELDS.items():
            for field, name in fields.items():
                self._zoho.admin.add_field(module.capitalize(), name, _TYPES.get(field, "text"))
        self._stages()
        self._pour("Accounts", tables.crm_accounts, _account)
        self._pour("Contacts", tables.crm_contacts, _contact)
        self._pour("Products", tables.crm_products, _product)
        self._history()
        self._pour("Deals", tables.crm_deals, _deal)
        self._pour("Leads", tables.crm_leads, _lead)
        self._rows_poured("DealHistory", self._stage_entries())
        self._lines()
        for kind, module in (("call", "Calls"), ("event", "Events"), ("task", "Tasks")):
            rows = self._each(tables.crm_activities, tables.crm_activities.c.kind == kind)
            self._rows_poured(module, (_ACTIVITIES[kind](self, row) | self._frame(row, row.start_at) for row in rows))
        self._emails()
        self._offer_values()

    def look_up(self, our_id: str) -> dict[str, str] | None:
        if not our_id or our_id not in self._ids:
            return None
        return {"name": self._names.get(our_id, ""), "id": self._ids[our_id]}

    def _each(self, table: Table, where: Any = None) -> Iterator[_Row]:
        order = table.c.id if "id" in table.c else table.primary_key.columns.values()[0]
        query = select(table).order_by(order)
        with self._database.read() as connection:
            yield from connection.execution_options(yield_per=1000).execute(
                query if where is None else query.where(where)
            )

    def _pour(self, module: str, table: Table, convert: Callable[[_Converter, _Row], Raw]) -> None:
        def records() -> Iterator[Raw]:
            for row in self._each(table):
                raw = convert(self, row)
                raw |= self._frame(row, getattr(row, "created_at", None) or self._zoho.clock.now())
                found = self._zoho.catalogue.modules[module]
                self._names[row.id] = found.name_of(raw)
                yield raw

        self._rows_poured(module, records())

    def _rows_poured(self, module: str, records: Iterable[Raw]) -> None:
        self._store.pour(module, ({k: v for k, v in one.items() if v not in (None, "")} for one in records))

    def _id(self, our_id: str) -> str:
        if our_id not in self._ids:
            self._ids[our_id] = self._store.new_id()
        return self._ids[our_id]

    def _frame(self, row: _Row, at: datetime) -> Raw:
        """What every record has."""
        owner = self._store.person(self._ids.get(getattr(row, "owner_id", ""), API_USER))
        now = self._zoho.clock.now()
        at, changed = min(at, now), min(self._last_change.get(row.id, at), now)  # a meeting may be yet to come
        return {
            "id": self._id(row.id),
            "Owner": owner,
            "Created_By": owner,
            "Modified_By": owner,
            "Created_Time": written(at.timestamp()),
            "Modified_Time": written(changed.timestamp()),
        }

    def _owners(self) -> None:
        for row in self._each(tables.crm_owners):
            self._store.users.append(user(self._id(row.id), row.name, row.email, row.time_zone))

    def _stages(self) -> None:
        with self._database.read() as connection:
            rows = connection.execute(select(tables.crm_stages).order_by(tables.crm_stages.c.position)).all()
        self._zoho.admin.set_stages([(row.name, row.probability, _FORECASTS[row.outcome]) for row in rows])

    def _history(self) -> None:
        """When each deal changed last; ids of deals, since leads and histories name them."""
        for row in self._each(tables.crm_stage_changes):
            self._last_change[row.deal_id] = max(row.at, self._last_change.get(row.deal_id, row.at))

    def _stage_entries(self) -> Iterator[Raw]:
        order = (tables.crm_stage_changes.c.deal_id, tables.crm_stage_changes.c.at)
        with self._database.read() as connection:
            rows = connection.execution_options(yield_per=1000).execute(
                select(tables.crm_stage_changes).order_by(*order)
            )
            for deal_id, changes in groupby(rows, key=lambda row: row.deal_id):
                entered = list(changes)
                for change, after in zip(entered, [*entered[1:], None], strict=True):
                    at = written(change.at.timestamp())
                    yield {
                        "id": self._store.new_id(),
                        "Potential_Name": self.look_up(deal_id),
                        "Stage": change.to_stage,
                        "Moved_To__s": after.to_stage if after else None,
                        "Created_Time": at,
                        "Modified_Time": at,
                        "Modified_By": self._store.person(self._ids.get(change.changed_by, API_USER)),
                    }

    def _lines(self) -> None:
        with self._database.read() as connection:
            rows = connection.execute(select(tables.crm_deal_products.c.deal_id, tables.crm_deal_products.c.product_id))
            pairs = [(self._ids[deal], self._ids[product]) for deal, product in rows if product in self._ids]
        self._store.link_all(pairs)

    def _emails(self) -> None:
        for row in self._each(tables.crm_emails):
            module, person = ("Contacts", row.contact_id) if row.contact_id else ("Leads", row.lead_id)
            if person in self._ids:
                self._store.add_email(module, self._ids[person], self._email(row, person), int(row.sent_at.timestamp()))

    def _email(self, row: _Row, person: str) -> Raw:
        theirs = {"user_name": self._names.get(person, ""), "email": self._address(person)}
        owner = self._store.person(self._ids.get(row.owner_id, API_USER))
        ours = {"user_name": owner["name"], "email": owner["email"]}
        sent = row.direction == "out"
        deal = self.look_up(row.deal_id)
        return {
            "subject": row.subject,
            "from": ours if sent else theirs,
            "to": [theirs if sent else ours],
            "sent": sent,
            "owner": owner,
            "content": row.text,
            "original_message_id": f"<{row.message_id}>" if row.message_id else None,
            "linked_record": {"id": deal["id"], "module": {"api_name": "Deals"}} if deal else None,
        }

    def _address(self, person: str) -> str:
        record = self._store.get("Contacts", self._ids[person]) or self._store.get("Leads", self._ids[person]) or {}
        return str(record.get("Email", ""))

    def _offer_values(self) -> None:
        """Pick lists offer what the records say, as an administrator would have made them."""
        for module in self._zoho.catalogue:
            for field in module.fields.values():
                if field.data_type == "picklist" and field.key not in ("Stage", "Moved_To__s"):
                    used = f'select distinct json_extract(data, \'$."{field.name}"\') from "{module.key}"'
                    said = [one for (one,) in self._store.sql(used) if one and one not in field.values]
                    field.values += sorted(said)


def _account(converter: _Converter, row: _Row) -> Raw:
    return {
        "Account_Name": row.name,
        "Industry": row.industry,
        "Employees": row.employees,
        "Website": row.website,
    }


def _contact(converter: _Converter, row: _Row) -> Raw:
    return {
        **_person(row),
        "Secondary_Email": row.secondary_email,
        "Title": row.title,
        "Account_Name": converter.look_up(row.account_id),
    }


def _person(row: _Row) -> Raw:
    return {
        "Last_Name": row.last_name,
        "First_Name": row.first_name,
        "Full_Name": f"{row.first_name} {row.last_name}".strip(),
        "Email": row.email,
        "Phone": row.phone,
        "Mobile": row.mobile,
        "Language": row.language,
        "Time_Zone": row.time_zone,
    }


def _lead(converter: _Converter, row: _Row) -> Raw:
    raw: Raw = {
        **_person(row),
        "Company": row.company,
        "Industry": row.industry,
        "Lead_Status": row.status,
        "Lead_Source": row.source,
        "Description": row.note,
    }
    if row.converted_contact_id or row.converted_deal_id:
        raw |= {"Converted__s": True, "Converted_Contact": converter.look_up(row.converted_contact_id)}
        raw |= {"Converted_Deal": converter.look_up(row.converted_deal_id)}
    return raw


def _product(converter: _Converter, row: _Row) -> Raw:
    return {
        "Product_Name": row.name_en,
        "Product_Code": row.code,
        "Product_Category": row.category,
        "Product_Active": row.active,
        "Unit_Price": row.unit_price,
        "Description": row.summary_en,
        "Product_Name_JA": row.name_ja,
        "Description_JA": row.summary_ja,
        "Image_Path": row.image,
        "Product_Page": row.url,
        "Currency": row.currency,
    }


def _deal(converter: _Converter, row: _Row) -> Raw:
    closing = row.expected_close or (row.closed_at.date() if row.closed_at else row.created_at.date())
    return {
        "Deal_Name": row.name,
        "Stage": row.stage,
        "Closing_Date": closing.isoformat(),
        "Amount": row.amount,
        "Currency": row.currency,
        "Type": row.type,
        "Lead_Source": row.lead_source,
        "Contact_Name": converter.look_up(row.contact_id),
        "Account_Name": converter.look_up(row.account_id),
        "Repeat_Deal": row.repeat,
        "Closed_At": written(row.closed_at.timestamp()) if row.closed_at else None,
    }


def _about(converter: _Converter, row: _Row) -> Raw:
    """Contacts in Who_Id; a deal, or else a lead, in What_Id."""
    what, module = (row.deal_id, "Deals") if row.deal_id else (row.lead_id, "Leads")
    found = converter.look_up(what)
    about = {"Who_Id": converter.look_up(row.contact_id), "Description": row.note}
    return about | ({"What_Id": found, "$se_module": module} if found else {})


def _call(converter: _Converter, row: _Row) -> Raw:
    missed = row.result == "missed"
    seconds = int((row.end_at - row.start_at).total_seconds()) if row.end_at else None
    return {
        **_about(converter, row),
        "Subject": row.subject or "Call",
        "Call_Type": "Missed" if missed else "Inbound" if row.direction == "inbound" else "Outbound",
        "Call_Start_Time": written(row.start_at.timestamp()),
        "Call_Duration": f"{seconds // 60:02d}:{seconds % 60:02d}" if seconds is not None else None,
        "Call_Duration_in_seconds": seconds,
        "Call_Purpose": row.purpose,
        "Call_Result": _CALL_RESULTS.get(row.result, ""),
        "Outgoing_Call_Status": _CALLS.get(row.status, "") if row.direction != "inbound" else "",
    }


def _event(converter: _Converter, row: _Row) -> Raw:
    end = row.end_at or row.start_at
    return {
        **_about(converter, row),
        "Event_Title": row.subject or "Meeting",
        "Start_DateTime": written(row.start_at.timestamp()),
        "End_DateTime": written(end.timestamp()),
        "Meeting_Purpose": row.purpose,
        "Meeting_Result": row.result,
        "Meeting_Status": row.status,
    }


def _task(converter: _Converter, row: _Row) -> Raw:
    return {
        **_about(converter, row),
        "Subject": row.subject or "Task",
        "Due_Date": written(row.start_at.timestamp())[:10],
        "Status": _TASKS.get(row.status, "Not Started"),
    }


_ACTIVITIES = {"call": _call, "event": _event, "task": _task}
