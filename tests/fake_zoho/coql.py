"""COQL: a small, strict parser, and the SQL that answers.

query      = select columns from Module where condition [group by names] [order by names] [limit n[, m]]
condition  = part [and|or part]          more than two parts need brackets, pair by pair, as Zoho demands
part       = ( condition ) | comparison
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from tests.fake_zoho.call import ApiCall
from tests.fake_zoho.catalogue import Field, Module
from tests.fake_zoho.clock import read, written
from tests.fake_zoho.store import Raw, column
from tests.fake_zoho.tokens import covers
from tests.fake_zoho.troubles import ZohoTrouble
from tests.fake_zoho.wire import Reply

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\\n]|\\.)*')|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>\$?[A-Za-z_][\w.]*)"
    r"|(?P<sign><=|>=|!=|=|<|>|\(|\)|,|\*))"
)
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_AGGREGATES = ("count", "sum", "max", "min", "avg")
MOST_COLUMNS, MOST_CRITERIA, MOST_IN, MOST_ROWS = 50, 25, 50, 100_000


@dataclass(frozen=True)
class _Column:
    shown: str
    sql: str
    field: Field | None  # None: an aggregate
    dotted: bool = False


def query(call: ApiCall) -> Reply:
    text = call.json().get("select_query")
    if not isinstance(text, str) or not text.strip():
        details = {"api_name": "select_query", "json_path": "$.select_query"}
        raise ZohoTrouble(400, "MANDATORY_NOT_FOUND", details=details)
    return _Query(call, text).answer()


def credits_of(call: ApiCall) -> int:
    """1, 2 or 3, by the rows asked for."""
    found = re.search(
        r"limit\s+\d+\s*,\s*(\d+)\s*$|limit\s+(\d+)\s*$",
        str(call.request.body.decode("utf-8", "replace")).rstrip('"} '),
    )
    rows = int(found[1] or found[2]) if found else 200
    return 1 if rows <= 200 else 2 if rows <= 1000 else 3


class _Query:
    def __init__(self, call: ApiCall, text: str) -> None:
        self._call = call
        self._tokens = _tokens(text)
        self._at = 0
        self._criteria = 0
        self._values: list[Any] = []
        self._module = call.module(self._module_name())
        if not covers(call.scopes, f"ZohoCRM.modules.{scope_name(self._module)}.READ"):
            raise ZohoTrouble(call.fake.switches.scope_status, "OAUTH_SCOPE_MISMATCH")

    def answer(self) -> Reply:
        self._word("select")
        columns = self._columns()
        self._word("from")
        self._take()
        if not self._is("where"):
            raise _syntax("where", "missing clause")
        self._take()
        where = self._condition()
        groups = self._names("group", 4)
        orders = self._orders()
        offset, count = self._limit()
        if self._at < len(self._tokens):
            raise _syntax(self._tokens[self._at][1])
        if any(one.field is None for one in columns) or groups:
            return self._grouped(columns, where, groups, orders, offset, count)
        return self._plain(columns, where, orders, offset, count)

    # What the answer is made of

    def _plain(self, columns: list[_Column], where: str, orders: str, offset: int, count: int) -> Reply:
        dotted = [one for one in columns if one.dotted]
        picked = ", ".join(["t.data", *(one.sql for one in dotted)])
        rows = self._rows(
            f"select {picked} from {self._table} where {where} {orders or 'order by t.id'}", offset, count
        )
        data = []
        for row in rows[:count]:
            record: Raw = json.loads(row[0])
            shown = {one.shown: record.get(one.shown) for one in columns if not one.dotted}
            shown |= {one.shown: _out(value, one) for one, value in zip(dotted, row[1:], strict=True)}
            data.append(shown | {"id": record["id"]})
        return _reply(data, len(rows) > count)

    def _grouped(
        self, columns: list[_Column], where: str, groups: list[str], orders: str, offset: int, count: int
    ) -> Reply:
        picked = ", ".join(one.sql for one in columns)
        by = f"group by {', '.join(groups)}" if groups else ""
        rows = self._rows(f"select {picked} from {self._table} where {where} {by} {orders}", offset, count)
        data = [dict(zip((one.shown for one in columns), row, strict=True)) for row in rows[:count]]
        return _reply(data, len(rows) > count)

    def _rows(self, sql: str, offset: int, count: int) -> list[tuple[Any, ...]]:
        return self._call.fake.store.sql(f"{sql} limit ? offset ?", [*self._values, count + 1, offset])

    @property
    def _table(self) -> str:
        return f'"{self._module.key}" t'

    # Clauses

    def _module_name(self) -> str:
        for place, (kind, text) in enumerate(self._tokens):
            if kind == "name" and text.lower() == "from" and place + 1 < len(self._tokens):
                return self._tokens[place + 1][1]
        raise _syntax("from", "missing clause")

    def _columns(self) -> list[_Column]:
        columns = [self._column()]
        while self._is(","):
            self._take()
            columns.append(self._column())
        if len(columns) > MOST_COLUMNS:
            raise ZohoTrouble(400, "LIMIT_EXCEEDED", details={"limit": MOST_COLUMNS, "clause": "select"})
        return columns

    def _column(self) -> _Column:
        name = self._name()
        if name.lower() in _AGGREGATES and self._is("("):
            self._take()
            inner, _ = self._field(self._name())
            self._sign(")")
            shown, sql = f"{name.upper()}({inner})", f"{name}({inner})"
            if self._is("as"):
                self._take()
                shown = self._name()
            return _Column(shown, sql, None)
        sql, field = self._field(name)
        return _Column(name, sql, field, "." in name)

    def _condition(self) -> str:
        left = self._part()
        if not (self._is("and") or self._is("or")):
            return left
        joint = self._take()[1].lower()
        right = self._part()
        if self._is("and") or self._is("or"):
            raise _syntax(self._tokens[self._at][1], "more than two criteria must be paired by brackets")
        return f"({left} {joint} {right})"

    def _part(self) -> str:
        if self._is("("):
            self._take()
            inner = self._condition()
            self._sign(")")
            return inner
        self._criteria += 1
        if self._criteria > MOST_CRITERIA:
            raise ZohoTrouble(400, "LIMIT_EXCEEDED", details={"limit": MOST_CRITERIA, "clause": "where"})
        return self._comparison()

    def _comparison(self) -> str:
        name = self._name()
        sql, field = self._field(name)
        if field.data_type in ("textarea", "jsonarray"):
            raise _invalid("data type not supported", name)
        kind, operator = self._take()
        operator = operator.lower()
        if operator == "is":
            absent = "" if not self._is("not") else self._take()[1].lower() + " "
            self._word("null")
            return f"{sql} is {absent}null"
        negation = ""
        if operator == "not":
            negation, operator = "not ", self._take()[1].lower()
        if operator == "in":
            return f"{sql} {negation}in ({self._list(field, name)})"
        if operator == "like":
            return f"{sql} {negation}like {self._value(field, name, pattern=True)}"
        if operator == "between":
            low = self._value(field, name)
            self._word("and")
            return f"{sql} {negation}between {low} and {self._value(field, name)}"
        if kind != "sign" or operator not in _COMPARISONS or negation:
            raise _syntax(operator)
        value = self._value(field, name)
        empty = f" or {sql} is null" if operator == "!=" else ""
        return f"({sql} {operator} {value}{_nocase(field)}{empty})"

    def _list(self, field: Field, name: str) -> str:
        self._sign("(")
        values = [self._value(field, name)]
        while self._is(","):
            self._take()
            values.append(self._value(field, name))
        self._sign(")")
        if len(values) > MOST_IN:
            raise ZohoTrouble(400, "LIMIT_EXCEEDED", details={"limit": MOST_IN, "operator": "in"})
        return ", ".join(values)

    def _names(self, word: str, most: int) -> list[str]:
        if not self._is(word):
            return []
        self._take()
        self._word("by")
        names = [self._field(self._name())[0]]
        while self._is(","):
            self._take()
            names.append(self._field(self._name())[0])
        if len(names) > most:
            raise ZohoTrouble(400, "LIMIT_EXCEEDED", details={"limit": most, "clause": word})
        return names

    def _orders(self) -> str:
        if not self._is("order"):
            return ""
        self._take()
        self._word("by")
        orders = [self._order()]
        while self._is(","):
            self._take()
            orders.append(self._order())
        if len(orders) > 10:
            raise ZohoTrouble(400, "LIMIT_EXCEEDED", details={"limit": 10, "clause": "order by"})
        return f"order by {', '.join(orders)}"

    def _order(self) -> str:
        sql, _ = self._field(self._name())
        way = self._take()[1].lower() if self._is("asc") or self._is("desc") else "asc"
        return f"{sql} {way}"

    def _limit(self) -> tuple[int, int]:
        first, second = 0, 200
        if self._is("limit"):
            self._take()
            second = self._whole()
            if self._is(","):
                self._take()
                first, second = second, self._whole()
            elif self._is("offset"):
                self._take()
                first = self._whole()
        most = self._call.fake.switches.coql_most
        if second > most or second < 1:
            raise ZohoTrouble(400, "LIMIT_EXCEEDED", details={"limit": most, "clause": "limit"})
        if first + second > MOST_ROWS:
            raise ZohoTrouble(400, "LIMIT_EXCEEDED", details={"limit": MOST_ROWS, "clause": "limit"})
        return first, second

    # Fields and values

    def _field(self, name: str) -> tuple[str, Field]:
        """SQL of a field, over look-ups where the name has dots; INVALID_QUERY for one that is not there."""
        module, table, before = self._module, "t", ""
        *way, last = name.split(".")
        for depth, step in enumerate(way):
            known = module.fields.get(step)
            target = known.target if known else ""
            if known is None or known.data_type not in ("lookup", "ownerlookup"):
                raise _invalid("column given seems to be invalid", name)
            here = column(step, known.data_type, f"{table}.")
            if last == "id" and depth == len(way) - 1:
                return before.format(here) if before else here, Field("id", "id", "bigint")
            if target not in self._call.fake.catalogue.modules:
                raise _invalid("column given seems to be invalid", name)
            module, table = self._call.fake.catalogue.modules[target], f"j{depth}"
            inner = f'(select {{}} from "{module.key}" {table} where {table}.id = cast({here} as integer))'
            before = before.format(inner) if before else inner
        if last == "id":
            return before.format(f"{table}.id") if before else f"{table}.id", Field("id", "id", "bigint")
        if last not in module.fields:
            raise _invalid("column given seems to be invalid", name)
        found = module.fields[last]
        fast = {"Modified_Time": "modified", "Created_Time": "created"}.get(found.key)
        sql = f"{table}.{fast}" if fast else column(last, found.data_type, f"{table}.")
        return before.format(sql) if before else sql, found

    def _value(self, field: Field, name: str, *, pattern: bool = False) -> str:
        kind, text = self._take()
        value: Any = text
        if kind == "text":
            value = re.sub(r"\\(.)", r"\1", text[1:-1])
        elif kind == "number":
            value = float(text) if "." in text else int(text)
        elif kind == "name" and text.lower() in ("true", "false"):
            value = text.lower() == "true"
        else:
            raise _syntax(text)
        self._values.append(value if pattern else self._fitting(field, value, name))
        return "?"

    def _fitting(self, field: Field, value: Any, name: str) -> Any:
        """The value as the store has it; INVALID_QUERY where the column is of another type."""
        kind = field.data_type
        try:
            if kind == "bigint":
                return int(value)
            if kind in ("lookup", "ownerlookup"):
                return str(int(value))
            if kind == "datetime":
                seconds = read(str(value))
                return seconds if field.key in ("Modified_Time", "Created_Time") else written(seconds)
            if kind == "boolean":
                return int({"true": True, "false": False}[str(value).lower()])
            if kind in ("integer", "double", "currency"):
                return float(value)
            return str(value) if kind == "date" or isinstance(value, str) else _refused(name)
        except (KeyError, TypeError, ValueError):
            return _refused(name)

    # Tokens

    def _is(self, word: str) -> bool:
        if self._at >= len(self._tokens):
            return False
        kind, text = self._tokens[self._at]
        return kind != "text" and text.lower() == word

    def _take(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise _syntax("", "unexpected end")
        self._at += 1
        return self._tokens[self._at - 1]

    def _word(self, word: str) -> None:
        if self._take()[1].lower() != word:
            raise _syntax(word)

    def _sign(self, sign: str) -> None:
        if self._take() != ("sign", sign):
            raise _syntax(sign)

    def _name(self) -> str:
        kind, text = self._take()
        if kind != "name":
            raise _syntax(text)
        return text

    def _whole(self) -> int:
        kind, text = self._take()
        if kind != "number" or not text.isdigit():
            raise _syntax(text)
        return int(text)


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, at, text = [], 0, text.strip().rstrip(";").rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _syntax(text[at : at + 10])
        tokens.append((str(found.lastgroup), found[found.lastgroup or 0]))
        at = found.end()
    return tokens


def _nocase(field: Field) -> str:
    return " collate nocase" if field.data_type in ("text", "email", "phone", "website", "picklist") else ""


def _out(value: Any, one: _Column) -> Any:
    kind = one.field.data_type if one.field else ""
    if value is None:
        return None
    if kind == "bigint":
        return str(value)
    if kind == "boolean":
        return bool(value)
    return written(value) if kind == "datetime" and isinstance(value, int) else value


def _reply(data: list[Raw], more: bool) -> Reply:
    if not data:
        return Reply(204)
    return Reply(200, {"data": data, "info": {"count": len(data), "more_records": more}})


def _syntax(near: str, message: str = "") -> ZohoTrouble:
    return ZohoTrouble(400, "SYNTAX_ERROR", message or "error occurred while parsing the query", {"near": near})


def _invalid(message: str, name: str) -> ZohoTrouble:
    return ZohoTrouble(400, "INVALID_QUERY", message, {"column_name": name})


def _refused(name: str) -> Any:
    raise _invalid("value given seems to be invalid for the column", name)


def scope_name(module: Module) -> str:
    """Modules of an organisation's own share one scope; what hangs on deals belongs to deals."""
    from tests.fake_zoho.catalogue import KEPT_BY_ZOHO, SHIPPED

    if module.key in KEPT_BY_ZOHO:
        return "deals"
    return module.key.lower() if module.key in SHIPPED else "custom"
