"""Search and counts: an index that lags, and finds more than was asked for."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.fake_zoho.call import ApiCall
from tests.fake_zoho.catalogue import Field, Module
from tests.fake_zoho.clock import read, written
from tests.fake_zoho.reading import DISCRETE, number, shown, wanted_fields
from tests.fake_zoho.store import column, plain
from tests.fake_zoho.troubles import ZohoTrouble
from tests.fake_zoho.wire import Reply

_WAYS = ("criteria", "email", "phone", "word")  # the first one given counts
_COMPARES = {"greater_than": ">", "greater_equal": ">=", "less_than": "<", "less_equal": "<="}
_MOST_CRITERIA, _MOST_TEXT = 10, 3_000
_PART = re.compile(r"\(((?:[^()\\]|\\.)*)\)")


def search(call: ApiCall, name: str) -> Reply:
    module = call.module(name)
    fields = wanted_fields(call, needed=False) or list(module.fields)
    per_page, page = number(call, "per_page", 200, 1, 200), number(call, "page", 1, 1, 1_000_000)
    if page * per_page > DISCRETE:
        raise ZohoTrouble(400, "LIMIT_REACHED", details={"limit": DISCRETE})
    where, values = _found(call, module)
    where += " and touched <= ?"
    values.append(call.fake.clock.seconds() - call.fake.switches.search_lag)
    if module.key == "Leads" and call.query.get("converted", "false") != "both":
        where += f" and converted = {int(call.query.get('converted') == 'true')}"
    rows = call.fake.store.sql(
        f'select data from "{module.key}" where {where} order by id desc limit ? offset ?',
        [*values, per_page + 1, (page - 1) * per_page],
    )
    if not rows:
        return Reply(204)
    data = [shown(module, json.loads(one), fields) for (one,) in rows[:per_page]]
    info = {"per_page": per_page, "count": len(data), "page": page, "more_records": len(rows) > per_page}
    return Reply(200, {"data": data, "info": info})


def count(call: ApiCall, name: str) -> Reply:
    module = call.module(name)
    given = [one for one in (*_WAYS, "cvid") if one in call.query]
    if len(given) > 1:
        raise ZohoTrouble(400, "AMBIGUITY_DURING_PROCESSING", details={"ambiguity_due_to": given})
    where, values = _found(call, module) if given and given != ["cvid"] else ("1", [])
    rows = call.fake.store.sql(f'select count(*) from "{module.key}" where {where}', values)
    return Reply(200, {"count": rows[0][0]})


def _found(call: ApiCall, module: Module) -> tuple[str, list[Any]]:
    way = next((one for one in _WAYS if call.query.get(one)), "")
    if not way:
        raise ZohoTrouble(400, "EXPECTED_PARAM_MISSING", details={"param_names": list(_WAYS)})
    text = call.query[way]
    if way == "criteria":
        return _criteria(module, text)
    if len(text) < {"phone": 3, "word": 2}.get(way, 1):
        raise ZohoTrouble(400, "INVALID_DATA", details={"param_name": way})
    kinds = {"email": ("email",), "phone": ("phone",)}.get(way, ("text", "email", "phone", "picklist"))
    ways = [column(one.name) for one in module.fields.values() if one.data_type in kinds]
    if not ways:
        return "0", []
    if way == "phone":
        digits = "replace(replace(replace(replace({0}, '-', ''), ' ', ''), '(', ''), ')', '')"
        ways, text = [digits.format(one) for one in ways], re.sub(r"[^\d+]", "", text)
    else:
        text = plain(text)
        return f"({' or '.join(_holds(one, text) for one in ways)})", [text] * len(ways)
    return f"({' or '.join(f'instr({one}, ?)' for one in ways)})", [text] * len(ways)


def _holds(way: str, text: str) -> str:
    """The longest plain word is looked for first, since SQLite does that quickly; words are letters and digits here."""
    words = [word for word in text.split() if word.isascii() and word.isalnum()]
    first = f"instr(lower({way}), '{max(words, key=len)}') and " if words else ""
    return f"({first}instr(plain({way}), ?))"


def _criteria(module: Module, text: str) -> tuple[str, list[Any]]:
    if len(text) > _MOST_TEXT:
        raise ZohoTrouble(400, "LIMIT_EXCEEDED", details={"limit": _MOST_TEXT, "param_name": "criteria"})
    values: list[Any] = []
    count = 0

    def one(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return _condition(module, match[1], values)

    sql = _PART.sub(one, text)
    rest = re.sub(r"<[^>]*>", "", re.sub(r"\{[^{}]*\}", "", sql))
    if count > _MOST_CRITERIA:
        raise ZohoTrouble(400, "CRITERIA_LIMIT_EXCEEDED", details={"limit": _MOST_CRITERIA})
    if not count or re.sub(r"and|or|[()\s]", "", rest) or rest.count("(") != rest.count(")"):
        raise ZohoTrouble(400, "INVALID_QUERY", details={"reason": "invalid criteria"})
    return "(" + re.sub(r"(and|or)(?=[({])", r" \1 ", sql).replace("{", "(").replace("}", ")") + ")", values


def _condition(module: Module, text: str, values: list[Any]) -> str:
    name, _, rest = text.partition(":")
    operator, _, value = rest.partition(":")
    value = re.sub(r"\\(.)", r"\1", value)
    field = module.fields.get(name.removesuffix(".id"))
    if name == "id":
        field = Field("id", "id", "bigint")
    if field is None or not operator:
        raise ZohoTrouble(400, "INVALID_QUERY", details={"reason": "invalid field", "api_name": name})
    sql = column(field.name, field.data_type)
    many = value.split(",") if operator in ("in", "between") else [value]
    kept = [_fitting(field, one) for one in many]
    if operator in _COMPARES:
        values.extend(kept)
        return f"{{{sql} {_COMPARES[operator]} ?}}"
    if operator == "between" and len(kept) == 2:
        values.extend(kept)
        return f"{{{sql} between ? and ?}}"
    if operator == "starts_with":
        values.append(plain(value) + "%")
        return f"{{plain({sql}) like ?}}"
    if operator in ("equals", "not_equal", "in"):
        return _equal(field, sql, kept, values, negative=operator == "not_equal")
    raise ZohoTrouble(400, "INVALID_QUERY", details={"reason": "invalid operator", "operator": operator})


def _equal(field: Field, sql: str, kept: list[Any], values: list[Any], *, negative: bool) -> str:
    """Texts are equal when one holds the other, whatever separates the words."""
    no = "not " if negative else ""
    if field.data_type in ("text", "textarea", "email", "phone", "website"):
        values.extend(plain(one) for one in kept)
        return f"{{{no}({' or '.join([f'instr(plain({sql}), ?)'] * len(kept))})}}"
    values.extend(kept)
    return f"{{{no}coalesce({sql} in ({', '.join('?' * len(kept))}), 0)}}"


def _fitting(field: Field, value: str) -> Any:
    try:
        if field.data_type == "bigint":
            return int(value)
        if field.data_type in ("integer", "double", "currency"):
            return float(value)
        if field.data_type == "boolean":
            return int({"true": True, "false": False}[value])
        return written(read(value)) if field.data_type == "datetime" else value
    except (KeyError, ValueError):
        raise ZohoTrouble(400, "INVALID_QUERY", details={"reason": "invalid value", "api_name": field.name}) from None
