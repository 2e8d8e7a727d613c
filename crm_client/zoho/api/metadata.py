"""What the operator's Zoho looks like: modules, fields, layouts, related lists, people, size. Part of `ZohoApi`.

https://www.zoho.com/crm/developer/docs/api/v8/field-meta.html and its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from crm_client.errors import CrmRejected, CrmUnreachable
from crm_client.zoho.api import asker
from crm_client.zoho.api.shapes import Call, FieldMeta, LayoutMeta, ModuleMeta, PickValue, Raw, RelatedListMeta

_WANTS_A_FILTER: Final = frozenset({"REQUIRED_PARAM_MISSING", "EXPECTED_PARAM_MISSING", "MANDATORY_NOT_FOUND"})
_MOST_PAGES: Final = 100


class Metadata(asker.Asker):
    def modules(self) -> Sequence[ModuleMeta]:
        return tuple(_module(raw) for raw in self._settings_of("modules") if raw.get("api_name"))

    def fields(self, module: str) -> Sequence[FieldMeta]:
        return tuple(_field(raw) for raw in self._settings_of("fields", module) if raw.get("api_name"))

    def layouts(self, module: str) -> Sequence[LayoutMeta]:
        return tuple(_layout(raw) for raw in self._settings_of("layouts", module))

    def related_lists(self, module: str) -> Sequence[RelatedListMeta]:
        return tuple(_related_list(raw) for raw in self._settings_of("related_lists", module) if raw.get("api_name"))

    def users(self) -> Sequence[Raw]:
        asking = "list users"
        users: dict[str, Raw] = {}
        for page in range(1, _MOST_PAGES + 1):
            params = {"type": "AllUsers", "page": str(page), "per_page": "200"}
            answer = self._send(Call("GET", self._path("users"), asking, params=params))
            before = len(users)
            users |= {raw["id"]: raw for raw in asker.records_of(answer, asking, "users")}
            if not asker.info_of(answer).get("more_records") or len(users) == before:
                break
        return tuple(users.values())

    def organisation(self) -> Raw:
        asking = "read the organisation"
        rows = asker.rows_of(self._send(Call("GET", self._path("org"), asking)), "org", asking)
        if not rows:
            raise CrmUnreachable(asking, "Zoho said nothing of it", trouble="empty_success")
        return rows[0]

    def count(self, module: str) -> int:
        asking = f"count {module}"
        path = self._path(asker.checked_module(module, asking), "actions", "count")
        try:
            answer = self._send(Call("GET", path, asking))
        except CrmRejected as error:
            if error.code not in _WANTS_A_FILTER:
                raise
            return self._count_by_query(module, asking)
        return _number(answer.body.get("count"), asking)

    def _count_by_query(self, module: str, asking: str) -> int:
        text = f"select count(id) as n from {module} where id is not null"  # noqa: S608
        call = Call("POST", self._path("coql"), asking, body={"select_query": text}, heavy=True)
        rows = asker.rows_of(self._send(call), "data", asking)
        return _number(rows[0].get("n", rows[0].get("count(id)")), asking) if rows else 0

    def _settings_of(self, name: str, module: str = "") -> Iterator[dict[str, Any]]:
        asking = f"read {name}" + (f" of {module}" if module else "")
        params = {"module": asker.checked_module(module, asking)} if module else {}
        answer = self._send(Call("GET", self._path("settings", name), asking, params=params))
        yield from asker.rows_of(answer, name, asking)


def _module(raw: Mapping[str, Any]) -> ModuleMeta:
    shown = raw.get("visible") is not False and raw.get("status") not in ("user_hidden", "system_hidden")
    return ModuleMeta(
        name=str(raw["api_name"]),
        label=asker.text_of(raw.get("plural_label") or raw.get("module_name")),
        api_supported=raw.get("api_supported") is not False and shown,
        editable=raw.get("editable") is not False,
        creatable=raw.get("creatable") is not False,
    )


def _field(raw: Mapping[str, Any]) -> FieldMeta:
    lookup = asker.mapping(raw.get("lookup"))
    return FieldMeta(
        name=str(raw["api_name"]),
        label=asker.text_of(raw.get("field_label") or raw.get("display_label")),
        data_type=asker.text_of(raw.get("data_type")),
        length=asker.whole_number(raw.get("length")),
        read_only=bool(raw.get("read_only") or raw.get("field_read_only")),
        mandatory=bool(raw.get("system_mandatory")),
        unique=bool(raw.get("unique")),  # {} when it is not, {"casesensitive": …} when it is
        lookup_module=_named(lookup.get("module")),
        values=tuple(_pick_value(value, nth) for nth, value in enumerate(asker.mappings(raw.get("pick_list_values")))),
    )


def _pick_value(raw: Mapping[str, Any], nth: int) -> PickValue:
    actual, display = asker.text_of(raw.get("actual_value")), asker.text_of(raw.get("display_value"))
    position = asker.whole_number(raw.get("sequence_number"))
    return PickValue(
        actual=actual or display,
        display=display or actual,
        position=nth if position is None else position,
        probability=asker.whole_number(raw.get("probability")),
        forecast_type=asker.text_of(raw.get("forecast_type")),
    )


def _layout(raw: Mapping[str, Any]) -> LayoutMeta:
    fields = [
        field for section in asker.mappings(raw.get("sections")) for field in asker.mappings(section.get("fields"))
    ]
    shown = [field for field in fields if field.get("api_name")]
    return LayoutMeta(
        id=asker.text_of(raw.get("id")),
        name=asker.text_of(raw.get("name")),
        active=raw.get("visible") is not False and asker.text_of(raw.get("status")) not in ("inactive", "-1"),
        fields=frozenset(str(field["api_name"]) for field in shown),
        required=frozenset(str(field["api_name"]) for field in shown if field.get("required")),
    )


def _related_list(raw: Mapping[str, Any]) -> RelatedListMeta:
    return RelatedListMeta(
        name=str(raw["api_name"]),
        module=_named(raw.get("module")) or asker.text_of(raw.get("connectedmodule")),
        linking_module=_named(raw.get("linkingmodule")),
    )


def _named(value: object) -> str:
    """Modules are written as {"api_name": …} in some places and as the bare name in others."""
    if isinstance(value, Mapping):
        return asker.text_of(value.get("api_name"))
    return value if isinstance(value, str) else ""


def _number(value: object, asking: str) -> int:
    number = asker.whole_number(value)
    if number is None:
        raise CrmUnreachable(asking, "the answer holds no number", trouble="empty_success")
    return number
