"""Which fields of a module can be given a new value for many records, what fits into them, and what stands in them.

Values are kept as JSON has them: a date as its ISO text. What identifies one person or record (names, addresses,
numbers) is never the same for many, and is not offered.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from crm_client.client import CrmClient
from crm_client.records import Account, Contact, Deal, Lead
from motenashi.bulk_actions.words import LANGUAGES, BulkProblem, BulkWrong, Module
from motenashi.clean_text import clean_text

Kind = Literal["text", "long_text", "number", "date", "yes_no", "stage", "owner", "language"]
KINDS = get_args(Kind)
LONGEST_TEXT, LONGEST_NOTE = 255, 32_000
_BIGGEST = 10**15

_FIELDS: Mapping[Module, Mapping[str, Kind]] = {
    "leads": {
        "status": "text",
        "source": "text",
        "owner_id": "owner",
        "industry": "text",
        "company": "text",
        "language": "language",
        "time_zone": "text",
        "note": "long_text",
    },
    "contacts": {"owner_id": "owner", "title": "text", "language": "language", "time_zone": "text"},
    "accounts": {"owner_id": "owner", "industry": "text", "employees": "number", "website": "text"},
    "deals": {
        "stage": "stage",
        "owner_id": "owner",
        "type": "text",
        "lead_source": "text",
        "expected_close": "date",
        "amount": "number",
        "currency": "text",
        "repeat": "yes_no",
    },
}
# Left empty they would make the record unusable.
_NEEDED = {"stage", "owner_id", "status", "currency", "repeat"}


@dataclass(frozen=True)
class Settable:
    """`choices`: value and what people call it, where there are no others. `may_be_empty`: it can be emptied, too."""

    name: str
    kind: Kind
    choices: tuple[tuple[str, str], ...] = ()
    may_be_empty: bool = True
    custom: bool = False


def settable_fields(module: Module, crm: CrmClient, custom_fields: Collection[str]) -> tuple[Settable, ...]:
    """CrmError."""
    ours = [Settable(name, kind, _choices(kind, crm), name not in _NEEDED) for name, kind in _FIELDS[module].items()]
    names = sorted(name.partition(".")[2] for name in custom_fields if name.partition(".")[0] == module)
    return (*ours, *(Settable(name, "text", custom=True) for name in names))


def read_values(fields: Collection[Settable], written: Mapping[str, str]) -> dict[str, Any]:
    """What people wrote, as it is kept; '' empties a field. BulkWrong with everything that does not fit."""
    known = {field.name: field for field in fields}
    values: dict[str, Any] = {}
    problems: list[BulkProblem] = []
    for name, text in written.items():
        try:
            values[name] = _read(known[name], clean_text(text).strip())
        except KeyError:
            problems.append(_wrong(name, "This field can't be set.", "この項目は変更できません。"))
        except _Unfit as error:
            problems.append(_wrong(name, *error.args))
    if not written:
        problems.append(
            BulkProblem("values", {"en": "Choose at least one field.", "ja": "変更する項目を1つ以上選んでください。"})
        )
    if problems:
        raise BulkWrong(problems)
    return values


def value_in(record: Account | Contact | Deal | Lead, name: str) -> Any:
    """What stands in a field now, as it is kept here; None when it is empty."""
    value = getattr(record, name, None) if name in _FIELDS[_module_of(record)] else record.extra.get(name)
    value = value.isoformat() if isinstance(value, date) else value
    return None if value == "" else value


class _Unfit(Exception):
    pass


def _read(field: Settable, text: str) -> Any:
    if not text:
        if not field.may_be_empty:
            raise _Unfit("This field can't be emptied.", "この項目は空にできません。")
        return None
    if field.choices and text not in dict(field.choices):
        raise _Unfit("Choose one of the list.", "一覧から選んでください。")
    if field.kind == "yes_no":
        return text == "true"
    if field.kind == "number":
        return _number(text)
    if field.kind == "date":
        return _date(text)
    longest = LONGEST_NOTE if field.kind == "long_text" else LONGEST_TEXT
    if len(text) > longest:
        raise _Unfit(f"At most {longest:,} characters fit.", f"{longest:,}文字以内で入力してください。")
    return text


def _number(text: str) -> int:
    try:
        value = int(text.replace(",", ""))
    except ValueError:
        raise _Unfit("Write a whole number.", "整数を入力してください。") from None
    if not 0 <= value <= _BIGGEST:
        raise _Unfit("Write a number from 0 on.", "0以上の数値を入力してください。")
    return value


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise _Unfit("Write a date such as 2026-05-31.", "2026-05-31のように日付を入力してください。") from None


def _choices(kind: Kind, crm: CrmClient) -> tuple[tuple[str, str], ...]:
    if kind == "stage":
        return tuple((stage.name, stage.name) for stage in crm.stages())
    if kind == "owner":
        return tuple((owner.id, owner.name) for owner in crm.owners() if owner.active)
    if kind == "language":
        return tuple(zip(LANGUAGES, ("English", "日本語"), strict=True))
    return (("true", "true"), ("false", "false")) if kind == "yes_no" else ()


def _module_of(record: Account | Contact | Deal | Lead) -> Module:
    if isinstance(record, Lead):
        return "leads"
    if isinstance(record, Contact):
        return "contacts"
    return "accounts" if isinstance(record, Account) else "deals"


def _wrong(name: str, en: str, ja: str) -> BulkProblem:
    return BulkProblem(f"value.{name}", {"en": en, "ja": ja})
