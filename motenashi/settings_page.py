"""docs/settings.md: every key that config.yaml may have, made from the settings themselves."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from motenashi.flow_engine.field_tables import cell, default, takes
from motenashi.settings import Settings
from motenashi.yaml_fields import FieldRow, rows_of

_FRONT = """# Settings

`config.yaml` holds the operator's choices. Every key may be left out; then its default holds. A key that is not in
this list is a problem, told with its line and the nearest key there is, by `.venv/bin/python app.py check` and when the
server starts.

Secrets never stand in the file. Where one is needed, a key ending in `_env` names the environment variable that holds
it.

Some choices belong to the machine and come from its environment; they go before the file:

| variable | meaning |
|---|---|
| `MOTENASHI_CONFIG` | Another place for `config.yaml`. |
| `MOTENASHI_ENVIRONMENT` | `development` or `production`. |
| `MOTENASHI_DATA` | The data folder. |
| `DATABASE_URL` | The database: `sqlite:///…` or `postgresql://…`. |
| `REDIS_URL` | Redis, for what several processes share: rate limits and short caches. |
| `PORT` | Where the server listens. |

A name in `<…>` is one you choose. This page is made from the code: `make docs`.
"""


def settings_page() -> str:
    """Markdown: a table of the top, then a section for each key that has keys of its own."""
    lines = [_FRONT, *_table(rows_of(Settings), "")]
    for path, about, kind in _sections(rows_of(Settings), ""):
        lines += ["", f"## `{path}`", "", *([about, ""] if about else []), *_table(rows_of(kind), f"{path}.")]
    return "\n".join(lines) + "\n"


def _table(rows: tuple[FieldRow, ...], prefix: str) -> list[str]:
    head = ["| key | takes | default | meaning |", "|---|---|---|---|"]
    return [*head, *(_row(row, prefix) for row in rows)]


def _row(row: FieldRow, prefix: str) -> str:
    inner = next(_records(row), None)
    kind = f"[keys](#{anchor(prefix + inner[0])})" if inner else cell(takes(row.type))
    return f"| `{prefix}{row.key}` | {kind} | {cell(_default(row))} | {cell(row.meaning)} |"


def _default(row: FieldRow) -> str:
    if isinstance(row.default, Mapping) and row.default:
        return ", ".join(f"`{key}`" for key in row.default)
    return default(row)


def _sections(rows: tuple[FieldRow, ...], prefix: str) -> Iterator[tuple[str, str, type]]:
    """(dotted path, meaning, record) of each key that holds keys, at any depth."""
    for row in rows:
        for name, kind in _records(row):
            yield prefix + name, row.meaning, kind
            yield from _sections(rows_of(kind), f"{prefix}{name}.")


def _records(row: FieldRow) -> Iterator[tuple[str, type]]:
    """The record a key holds, and how it is reached: itself, by a name of one's own, or as items of a list."""
    origin, arms = typing.get_origin(row.type), typing.get_args(row.type)
    if _is_record(row.type):
        yield row.key, row.type
    elif origin is tuple and _is_record(arms[0]):
        yield f"{row.key}[]", arms[0]
    elif origin is not None and isinstance(origin, type) and issubclass(origin, Mapping) and _is_record(arms[1]):
        yield f"{row.key}.<name>", arms[1]


def _is_record(hint: Any) -> bool:
    return isinstance(hint, type) and dataclasses.is_dataclass(hint)


def anchor(path: str) -> str:
    """How GitHub names a heading's place."""
    return "".join(letter for letter in path.lower() if letter.isalnum() or letter in "_-")
