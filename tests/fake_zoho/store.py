"""The records of the fake's organisation, in SQLite: a table a module, the record as JSON beside what lists go by.

`put`, `change` and `delete` do what a person does who works in Zoho: new Modified_Time, no checks, and a notification.
"""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from tests.fake_zoho.catalogue import LINKING, Catalogue, Module
from tests.fake_zoho.clock import Clock, read, written

Raw = dict[str, Any]
FIRST_ID = 4_876_876_000_000_100_001  # 19 digits: more than a float can hold
API_USER, COLLEAGUE = "4876876000000000011", "4876876000000000012"

_TABLE = """create table if not exists "{0}" (id integer primary key, created integer not null,
modified integer not null, touched real not null, converted integer not null default 0, data text not null)"""
_LINKS_AS_RECORDS = f"""create view if not exists "{LINKING}" as select rowid as id, at as created, at as modified,
at as touched, 0 as converted, json_object('id', cast(rowid as text),
'Deal_Name', json_object('id', cast(deal as text)),
'Product_Name', json_object('id', cast(product as text))) as data from links"""
_TABLES = (
    "create table if not exists deleted (module text, id integer, name text, at integer, who text)",
    "create table if not exists links (deal integer, product integer, at integer, primary key (deal, product))",
    "create table if not exists roles (deal integer, contact integer, role text, primary key (deal, contact))",
    "create table if not exists emails (module text, record integer, message text, at integer, data text)",
    "create index if not exists emails_of on emails (module, record, at)",
    "create index if not exists products_of on links (product)",
)
_POURED = 2_000
_LENGTH = re.compile(r"\d+:\d\d")
_SEPARATORS = re.compile(r"[-_/@.:,;\s]+")


@dataclass(frozen=True)
class Change:
    module: Module
    operation: str  # insert, update, delete
    ids: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by id
    by_api: bool = False


def plain(text: object) -> str:
    """As the search index has it: small letters, separators as blanks."""
    return _SEPARATORS.sub(" ", str(text or "").lower()).strip()


class Store:
    def __init__(self, catalogue: Catalogue, clock: Clock, path: str = ":memory:") -> None:
        self.catalogue, self.clock = catalogue, clock
        self.lock = threading.RLock()
        self.users: list[Raw] = [user(API_USER, "API User", "api@shop.example")]
        self.users.append(user(COLLEAGUE, "Sales User", "sales@shop.example"))
        self.listeners: list[Callable[[Change], None]] = []
        self._sql = sqlite3.connect(path, check_same_thread=False, isolation_level=None, cached_statements=500)
        self._sql.execute("pragma synchronous=off")
        self._sql.execute("pragma journal_mode=memory")
        self._sql.create_function("plain", 1, plain, deterministic=True)
        for statement in _TABLES:
            self._sql.execute(statement)
        for module in catalogue:
            self.make_table(module)
        self._next = max(FIRST_ID, self._highest() + 1)

    def close(self) -> None:
        with self.lock:
            self._sql.close()

    def sql(self, statement: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        with self.lock:
            return self._sql.execute(statement, tuple(values)).fetchall()

    def make_table(self, module: Module) -> None:
        table = module.key
        if table == LINKING:
            self._sql.execute(_LINKS_AS_RECORDS)
            return
        self._sql.execute(_TABLE.format(table))
        for column in ("created", "modified", "touched"):
            self._sql.execute(f'create index if not exists "{table}_{column}" on "{table}" ({column}, id)')
        self.index_fields(module)

    def index_fields(self, module: Module) -> None:
        """Look-ups, addresses and unique fields are found quickly."""
        for one in module.fields.values():
            way = column(one.name, one.data_type)
            if one.data_type == "lookup":
                text = way
            elif one.data_type == "email" or one.unique:
                text = f"{way} collate nocase"
            else:
                continue
            self._sql.execute(f'create index if not exists "{module.key}_{one.name}" on "{module.key}" ({text})')

    def forget_indexes(self, module: Module, name: str) -> None:
        self._sql.execute(f'drop index if exists "{module.key}_{name}"')

    def _highest(self) -> int:
        return max((self.sql(f'select max(id) from "{one.key}"')[0][0] or 0) for one in self.catalogue)

    def new_id(self) -> str:
        with self.lock:
            self._next += 1
            return str(self._next - 1)

    # What a person does in Zoho

    def put(self, module: str, raw: Mapping[str, Any]) -> str:
        """A new record, or all fields of the one with this `id`. `Created_Time` and `Modified_Time` may be given."""
        with self.lock:
            record_id = self.save(self.catalogue.of(module), dict(raw), by=COLLEAGUE)
        self.tell(Change(self.catalogue.of(module), "insert", (record_id,)))
        return record_id

    def put_many(self, module: str, raws: Iterable[Mapping[str, Any]]) -> int:
        """Without notifications, in one transaction."""
        found, count = self.catalogue.of(module), 0
        with self.lock:
            self._sql.execute("begin")
            for count, raw in enumerate(raws, start=1):  # noqa: B007 - it is what comes back
                self.save(found, dict(raw), by=COLLEAGUE)
            self._sql.execute("commit")
        return count

    def pour(self, module: str, records: Iterable[Raw]) -> int:
        """Many records as they are: complete, with ids, owners and times. Nothing is checked, noted or told."""
        key, count = self.catalogue.of(module).key, 0
        now = self.clock.seconds()
        source = iter(records)
        while chunk := list(islice(source, _POURED)):
            with self.lock:
                self._sql.execute("begin")
                rows = [_row(one, now) for one in chunk]
                self._sql.executemany(f'insert or replace into "{key}" values (?, ?, ?, ?, ?, ?)', rows)
                self._next = max(self._next, *(row[0] + 1 for row in rows))
                self._sql.execute("commit")
            count += len(chunk)
        return count

    def get(self, module: str, record_id: str) -> Raw | None:
        rows = self.sql(f'select data from "{self.catalogue.of(module).key}" where id = ?', (_number(record_id),))
        return dict(json.loads(rows[0][0])) if rows else None

    def all(self, module: str) -> list[Raw]:
        return list(self.each(self.catalogue.of(module)))

    def count(self, module: str) -> int:
        return int(self.sql(f'select count(*) from "{self.catalogue.of(module).key}"')[0][0])

    def change(self, module: str, record_id: str, fields: Mapping[str, Any]) -> None:
        """KeyError for a record that is not there."""
        found = self.catalogue.of(module)
        with self.lock:
            self.alter(found, record_id, dict(fields), by=COLLEAGUE)
        self.tell(Change(found, "update", (record_id,), {record_id: tuple(fields)}))

    def delete(self, module: str, record_id: str) -> None:
        found = self.catalogue.of(module)
        with self.lock:
            self.remove(found, record_id, by=COLLEAGUE)
        self.tell(Change(found, "delete", (record_id,)))

    def link(self, deal: str, product: str) -> None:
        now = int(self.clock.seconds())
        self.sql("insert or ignore into links values (?, ?, ?)", (int(deal), int(product), now))

    def link_all(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Deals and products."""
        now = int(self.clock.seconds())
        with self.lock:
            rows = [(int(deal), int(product), now) for deal, product in pairs]
            self._sql.execute("begin")
            self._sql.executemany("insert or ignore into links values (?, ?, ?)", rows)
            self._sql.execute("commit")

    def set_products(self, deal: str, products: Iterable[str]) -> None:
        """Exactly these; the deal counts as changed."""
        with self.lock:
            self.sql("delete from links where deal = ?", (int(deal),))
            for one in products:
                self.link(deal, one)
        self.change("Deals", deal, {})

    def products_of(self, deal: str) -> list[str]:
        rows = self.sql("select product from links where deal = ? order by at, product", (int(deal),))
        return [str(one) for (one,) in rows]

    def emails_of(self, module: str, record_id: str) -> list[Raw]:
        """Newest first."""
        rows = self.sql(
            "select data from emails where module = ? and record = ? order by at desc, rowid desc",
            (self.catalogue.of(module).key, int(record_id)),
        )
        return [json.loads(one) for (one,) in rows]

    def add_email(self, module: str, record_id: str, email: Mapping[str, Any], at: int) -> str:
        """In the shape of a record's list of e-mails, with its `content`."""
        message_id = str(email.get("message_id") or f"m.{self.new_id()}")
        kept = {
            "message_id": message_id,
            "cc": None,
            "read": True,
            "sent": False,
            "source": "api",
            "owner": self.person(API_USER),
            "has_attachment": False,
            "thread_id": message_id,
            "time": written(at),
            "intent": None,
            "sentiment_info": None,
            "status": [{"type": "sent" if email.get("sent") else "received"}],
        }
        kept |= {name: value for name, value in email.items() if name != "date_time"}
        key = self.catalogue.of(module).key
        self.sql("insert into emails values (?, ?, ?, ?, ?)", (key, int(record_id), message_id, at, json.dumps(kept)))
        return message_id

    # What both a person and the API come down to; the caller holds the lock

    def save(self, module: Module, raw: Raw, *, by: str) -> str:
        now = self.clock.seconds()
        record_id = str(raw.get("id") or self.new_id())
        record = {name: self._stored(module, name, value) for name, value in raw.items()}
        record["id"] = record_id
        record.setdefault("Owner", self.person(by))
        for name in ("Created_Time", "Modified_Time"):
            record[name] = written(read(record[name])) if record.get(name) else written(now)
        record.setdefault("Created_By", self.person(by))
        record.setdefault("Modified_By", self.person(by))
        self._derive(module, record)
        self._write(module, record, now)
        if module.key == "Deals":
            self._entered_stage(module, record, record["Created_Time"])
        return record_id

    def alter(self, module: Module, record_id: str, fields: Raw, *, by: str) -> Raw:
        old = self.get(module.key, record_id)
        if old is None:
            raise KeyError(record_id)
        now = self.clock.seconds()
        record = old | {name: self._stored(module, name, value) for name, value in fields.items()}
        if "Modified_Time" not in fields:
            record["Modified_Time"] = written(now)
        record["Modified_By"] = self.person(by)
        self._derive(module, record)
        self._write(module, record, now)
        stage = module.field_of("Stage")
        if module.key == "Deals" and record.get(stage) != old.get(stage):
            self._entered_stage(module, record, written(now))
        return record

    def remove(self, module: Module, record_id: str, *, by: str) -> None:
        record = self.get(module.key, record_id)
        if record is None:
            raise KeyError(record_id)
        now = int(self.clock.seconds())
        values = (module.key, int(record_id), module.name_of(record), now, by)
        self.sql("insert into deleted values (?, ?, ?, ?, ?)", values)
        self.sql(f'delete from "{module.key}" where id = ?', (int(record_id),))
        self.sql("delete from links where deal = ? or product = ?", (int(record_id), int(record_id)))

    def tell(self, change: Change) -> None:
        for listener in self.listeners:
            listener(change)

    def each(self, module: Module, chunk: int = 2000) -> Iterator[Raw]:
        """All records by id, a chunk at a time: others may write in between."""
        last = 0
        while rows := self.sql(f'select id, data from "{module.key}" where id > ? order by id limit ?', (last, chunk)):
            last = rows[-1][0]
            for _, data in rows:
                yield json.loads(data)

    def person(self, user_id: str) -> Raw:
        found = next((one for one in self.users if one["id"] == user_id), self.users[0])
        return {"name": found["full_name"], "id": found["id"], "email": found["email"]}

    def _write(self, module: Module, record: Raw, now: float) -> None:
        self.sql(f'insert or replace into "{module.key}" values (?, ?, ?, ?, ?, ?)', _row(record, now))

    def _stored(self, module: Module, name: str, value: Any) -> Any:
        """Times in the user's zone; look-ups with the name of what they point at."""
        known = module.fields.get(name)
        if known is None or value is None:
            return value
        if known.data_type == "datetime":
            return written(read(value))
        if known.data_type == "ownerlookup" and isinstance(value, dict):
            return self.person(str(value["id"]))
        if known.data_type == "lookup" and isinstance(value, dict):
            target = self.pointed_at(known.target, str(value["id"]))
            kept = {"name": target[0].name_of(target[1]) if target else value.get("name"), "id": str(value["id"])}
            return kept | ({"module": value["module"]} if "module" in value else {})
        return value

    def pointed_at(self, target: str, record_id: str) -> tuple[Module, Raw] | None:
        """Where a look-up leads. People of activities are contacts or leads."""
        if target == "*":
            keys = ["Deals", "Accounts", "Leads", "Contacts", "Products", "Quotes"]
        else:
            keys = [target, "Leads"] if target == "Contacts" else [target]
        for key in keys:
            if key in self.catalogue.modules and (record := self.get(key, record_id)) is not None:
                return self.catalogue.modules[key], record
        return None

    def _derive(self, module: Module, record: Raw) -> None:
        """What Zoho works out by itself."""
        full = module.field_of("Full_Name")
        if full:
            parts = (record.get(module.field_of("First_Name")), record.get(module.field_of("Last_Name")))
            record[full] = " ".join(str(part) for part in parts if part)
        length = record.get(module.field_of("Call_Duration")) if module.key == "Calls" else None
        if isinstance(length, str) and _LENGTH.fullmatch(length):
            minutes, seconds = length.split(":")
            record["Call_Duration_in_seconds"] = int(minutes) * 60 + int(seconds)
        if module.key == "Deals":
            self._derive_of_deal(module, record)

    def _derive_of_deal(self, module: Module, deal: Raw) -> None:
        percent = {name: part for name, part, _ in self.catalogue.stages}.get(str(deal.get(module.field_of("Stage"))))
        if percent is not None:
            deal["Probability"] = percent
        amount = deal.get(module.field_of("Amount"))
        if isinstance(amount, int | float) and percent is not None:
            deal["Expected_Revenue"] = amount * percent / 100

    def _entered_stage(self, deals: Module, deal: Raw, at: str) -> None:
        stage = deal.get(deals.field_of("Stage"))
        self._write(deals, deal | {"Stage_Modified_Time": at}, self.clock.seconds())
        history = self.catalogue.modules.get("DealHistory")
        if history is None or not stage:
            return
        where = f"where {column('Potential_Name', 'lookup')} = ? and json_extract(data, '$.Moved_To__s') is null"
        for (data,) in self.sql(f'select data from "{history.key}" {where}', (deal["id"],)):
            before = json.loads(data)
            self._write(history, before | {"Moved_To__s": stage}, self.clock.seconds())
        told = ("Amount", "Probability", "Expected_Revenue", "Closing_Date")
        entry = {name: deal.get(deals.field_of(name)) for name in told}
        entry |= {"Potential_Name": {"id": deal["id"]}, "Stage": stage, "Moved_To__s": None}
        self.save(history, entry | {"Created_Time": at, "Modified_Time": at}, by=deal["Modified_By"]["id"])


def _row(record: Raw, now: float) -> tuple[Any, ...]:
    created, modified = read(record["Created_Time"]), read(record["Modified_Time"])
    converted = bool(record.get("Converted__s"))
    return int(record["id"]), created, modified, now, converted, json.dumps(record, ensure_ascii=False)


def column(name: str, data_type: str = "", table: str = "") -> str:
    """SQL of a field's value. The name comes from the catalogue, never from a caller."""
    if name == "id":
        return f"{table}id"
    path = f'$."{name}".id' if data_type in ("lookup", "ownerlookup") else f'$."{name}"'
    return f"json_extract({table}data, '{path}')"


def _number(record_id: str) -> int:
    text = str(record_id)
    return int(text) if text.isdigit() and len(text) < 19 + 1 else -1


def user(user_id: str, name: str, email: str, zone: str = "Asia/Tokyo") -> Raw:
    return {
        "id": user_id,
        "full_name": name,
        "last_name": name.split()[-1],
        "first_name": " ".join(name.split()[:-1]) or None,
        "email": email,
        "status": "active",
        "time_zone": zone,
        "confirm": True,
        "role": {"name": "CEO", "id": "4876876000000000021"},
        "profile": {"name": "Administrator", "id": "4876876000000000031"},
    }
