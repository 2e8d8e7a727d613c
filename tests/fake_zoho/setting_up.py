"""What an administrator of Zoho does to modules and fields, records following."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tests.fake_zoho.catalogue import KEPT_BY_ZOHO, Catalogue, Field, Module, add_field
from tests.fake_zoho.store import Store


class SettingUp:
    """`fake.admin`: every change is visible in metadata and in the records at once."""

    def __init__(self, catalogue: Catalogue, store: Store) -> None:
        self._catalogue, self._store = catalogue, store

    def add_field(
        self,
        module: str,
        name: str,
        data_type: str = "text",
        *,
        unique: bool = False,
        mandatory: bool = False,
        values: Sequence[str] = (),
        length: int | None = None,
        in_layout: bool = True,
    ) -> Field:
        found = self._catalogue.of(module)
        made = add_field(
            found,
            name,
            data_type,
            unique=unique,
            mandatory=mandatory,
            values=values,
            length=length,
            in_layout=in_layout,
        )
        self._store.index_fields(found)
        return made

    def add_key_field(self, name: str) -> None:
        """A unique text in every module that takes fields of one's own (notes do not)."""
        for module in self._catalogue:
            if module.key not in ("Notes", *KEPT_BY_ZOHO):
                self.add_field(module.name, name, length=100, unique=True)

    def rename_field(self, module: str, name: str, new_name: str) -> None:
        found = self._catalogue.of(module)
        with self._store.lock:
            found.fields = {
                (new_name if key == name else key): one for key, one in found.fields.items() if key != new_name
            }
            found.fields[new_name].name = new_name
            self._store.forget_indexes(found, name)
            for record in list(self._store.each(found)):
                if name in record:
                    record[new_name] = record.pop(name)
                    data = json.dumps(record, ensure_ascii=False)
                    self._store.sql(f'update "{found.key}" set data = ? where id = ?', (data, int(record["id"])))
            self._store.index_fields(found)

    def hide_field(self, module: str, name: str) -> None:
        """It is gone from metadata and answers, and writes of it are dropped."""
        self._catalogue.of(module).fields.pop(name)

    def take_out_of_layout(self, module: str, name: str) -> None:
        """Metadata still has it; what is written to it is not kept."""
        self._catalogue.of(module).fields[name].in_layout = False

    def set_field(self, module: str, name: str, **what: object) -> None:
        """`mandatory=True`, `unique=True`, `values=[…]`, `length=20`, `read_only=True`, `data_type="picklist"`."""
        field = self._catalogue.of(module).fields[name]
        for key, value in what.items():
            if not hasattr(field, key):
                raise ValueError(f"fields have no {key}")
            setattr(field, key, value)
        self._store.index_fields(self._catalogue.of(module))

    def set_stages(self, stages: Sequence[tuple[str, int, str]]) -> None:
        """Name, probability, forecast type (Open, Closed Won, Closed Lost); in their order."""
        self._catalogue.stages = list(stages)
        names = [name for name, _, _ in stages]
        deals = self._catalogue.modules["Deals"]
        deals.fields[deals.field_of("Stage")].values = names

    def rename_module(self, module: str, new_name: str) -> None:
        self._catalogue.of(module).name = new_name

    def hide_module(self, module: str) -> None:
        self._catalogue.modules.pop(self._catalogue.of(module).key)

    def add_module(self, name: str) -> Module:
        """With a `Name`."""
        made = Module(name, name, name, {})
        self._catalogue.modules[name] = made
        add_field(made, "Name", mandatory=True)
        for field in self._catalogue.modules["Accounts"].fields.values():
            if field.key in ("Owner", "Created_Time", "Modified_Time", "Created_By", "Modified_By"):
                made.fields[field.name] = Field(**vars(field))
        self._store.make_table(made)
        return made
