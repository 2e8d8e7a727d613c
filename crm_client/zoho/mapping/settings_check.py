"""What can be wrong with section `crm.zoho` of config.yaml beyond the kinds of its values."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from crm_client.zoho.mapping.modules import (
    DEFAULT_MODULES,
    MANDATORY,
    MIRRORED,
    MOST_FIELDS_OF_A_CALL,
    mappable,
    names_of,
    parts_of,
)
from crm_client.zoho.mapping.parts import api_names
from motenashi.problems import Problem, did_you_mean
from motenashi.yaml_source import YamlMap

_API_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_VERSION: Final = re.compile(r"v([1-9][0-9]?)(\.[0-9])?")
_TESTED_VERSION: Final = 8
_FIRST_WITH_MEETINGS_APART: Final = 3  # before it, one module held calls, events and tasks together
_LONGEST_ADDRESS: Final = 255
_KEPT_FOR_THE_SECRET: Final = 55  # we put an unguessable part behind the address
_THIS_MACHINE: Final = ("127.0.0.1", "localhost")
_READ_BESIDE: Final = 4  # id, times, the key

# key -> least, most
_NUMBERS: Final[Mapping[str, Mapping[str, tuple[float, float]]]] = {
    "limits": {
        "parallel": (1, 30),
        "heavy": (1, 10),
        "credits_a_day": (1, 10**9),
        "credits_kept": (0, 95),
        "alarm_below": (0, 100),
        "connect_seconds": (0.1, 60),
        "read_seconds": (1, 300),
        "visitor_seconds": (0.1, 10),
    },
    "sync": {"poll_seconds": (10, 86_400), "poll_seconds_alone": (10, 86_400), "trusted_seconds": (0, 86_400)},
}
_VARIABLES: Final = ("client_id_env", "client_secret_env", "refresh_token_env")


def check(section: Mapping[str, Any], file: str, custom_fields: Collection[str] = ()) -> list[Problem]:
    """All problems of the section, in order of lines. `custom_fields`: those of `crm.embedded`."""
    checker = _Checker(section, file, custom_fields)
    checker.modules()
    checker.fields()
    checker.key_field()
    checker.version()
    checker.variables()
    checker.addresses()
    checker.numbers()
    return sorted(checker.problems)


class _Checker:
    def __init__(self, section: Mapping[str, Any], file: str, custom_fields: Collection[str]) -> None:
        self.section = section
        self.file = file
        self.custom_fields = custom_fields
        self.problems: list[Problem] = []

    def say(
        self,
        where: Mapping[str, Any],
        key: str,
        what: str,
        hint: str = "",
        severity: Literal["error", "warning"] = "error",
    ) -> None:
        line = where.line_of(key) if isinstance(where, YamlMap) else 0
        self.problems.append(Problem(self.file, line, what, hint, severity=severity))

    def modules(self) -> None:
        chosen = self._mapping("modules")
        for ours, theirs in chosen.items():
            if ours not in MIRRORED:
                self.say(
                    chosen, ours, f"crm.zoho.modules: '{ours}' is no module of ours.", did_you_mean(str(ours), MIRRORED)
                )
            elif not _is_api_name(theirs):
                self.say(chosen, ours, f"crm.zoho.modules: '{theirs}' is no API name.", _API_NAME_HINT)
        names = dict(DEFAULT_MODULES) | {ours: str(name) for ours, name in chosen.items() if ours in MIRRORED}
        for name, those in _twice(names).items():
            key = next((one for one in those if one in chosen), those[0])
            self.say(chosen, key, f"crm.zoho.modules: {_and(those)} are both called {name}.", "Each needs a module.")

    def fields(self) -> None:
        chosen = self._mapping("fields")
        for module, names in chosen.items():
            if module not in MIRRORED:
                hint = did_you_mean(str(module), MIRRORED)
                self.say(chosen, module, f"crm.zoho.fields: '{module}' is no module of ours.", hint)
            elif not isinstance(names, Mapping):
                self.say(
                    chosen, module, f"crm.zoho.fields.{module} must be a mapping.", "Write `email: Email_Address`."
                )
            else:
                self._fields_of(module, names)

    def _fields_of(self, module: str, names: Mapping[str, Any]) -> None:
        place = f"crm.zoho.fields.{module}"
        known = mappable(module)
        good = {}
        for ours, theirs in names.items():
            if ours not in known:
                self.say(names, ours, f"{place}: '{ours}' is no field of ours.", did_you_mean(str(ours), known))
            elif theirs and not _is_api_name(theirs):
                self.say(names, ours, f"{place}: '{theirs}' is no API name.", _API_NAME_HINT)
            elif not theirs and ours in MANDATORY[module]:
                self.say(names, ours, f"{place}: {ours} must be mapped.", "Zoho takes no record without it.")
            else:
                good[ours] = str(theirs or "")
        self._together(module, names, good)

    def _together(self, module: str, names: Mapping[str, Any], good: Mapping[str, str]) -> None:
        all_names = names_of(module, good)
        own = [name.partition(".")[2] for name in self.custom_fields if name.startswith(f"{module}.")]
        for name, those in _twice({**all_names, **{f"custom field {one}": one for one in own}}).items():
            key = next((one for one in those if one in names), "")
            what = f"crm.zoho.fields.{module}: {_and(those)} are both mapped to {name}."
            self.say(names, key, what, "One field of Zoho's holds one of ours.")
        parts = parts_of(module, all_names, str, str)
        count = len(api_names(parts)) + len(own) + _READ_BESIDE
        if count > MOST_FIELDS_OF_A_CALL:
            what = f"crm.zoho.fields.{module}: {count} fields are read, and Zoho gives {MOST_FIELDS_OF_A_CALL} at most."
            self.say(names, "", what, "Leave some out by an empty name, or name fewer custom fields.")

    def key_field(self) -> None:
        name = self.section.get("key_field") or ""
        if not name:
            return
        if not _is_api_name(name):
            self.say(self.section, "key_field", f"crm.zoho.key_field: '{name}' is no API name.", _API_NAME_HINT)
            return
        chosen = self._mapping("fields")
        for module in MIRRORED:
            given = chosen.get(module)
            names = names_of(module, given if isinstance(given, Mapping) else {})
            if name in names.values():
                what = f"crm.zoho.key_field: {name} holds another field of {module} already."
                self.say(self.section, "key_field", what, "It needs a text field of its own, marked unique.")
                return

    def version(self) -> None:
        version = self.section.get("version", f"v{_TESTED_VERSION}")
        found = _VERSION.fullmatch(version) if isinstance(version, str) else None
        if found is None:
            self.say(self.section, "version", f"crm.zoho.version: '{version}' is no version.", "Write `version: v8`.")
        elif int(found[1]) < _FIRST_WITH_MEETINGS_APART:
            hint = "Versions before v3 have no modules for calls and tasks. Write `version: v8`."
            self.say(self.section, "version", f"crm.zoho.version: {version} is too old.", hint)
        elif int(found[1]) != _TESTED_VERSION:
            hint = f"Tried out with v{_TESTED_VERSION}; `python app.py zoho doctor` shows what differs."
            self.say(self.section, "version", f"crm.zoho.version is {version}.", hint, "warning")

    def variables(self) -> None:
        """A secret in the wrong place would stand in a file, and in a message of ours: it is never repeated."""
        for key in _VARIABLES:
            value = self.section.get(key)
            if value is not None and not (isinstance(value, str) and _VARIABLE.fullmatch(value)):
                what = f"crm.zoho.{key} must be the name of an environment variable."
                self.say(self.section, key, what, "Never write the secret itself here.")

    def addresses(self) -> None:
        fake = self.section.get("fake_url") or ""
        parts = _parts(fake)
        if fake and (parts is None or parts[0] not in ("http", "https") or parts[1] not in _THIS_MACHINE):
            what = "crm.zoho.fake_url must be an address on this machine."
            self.say(self.section, "fake_url", what, "Write `http://127.0.0.1:<port>`, or leave it empty.")
        sync = self._mapping("sync")
        url = sync.get("notify_url") or ""
        if url and not fake:
            self._notify_url(sync, url)

    def _notify_url(self, sync: Mapping[str, Any], url: Any) -> None:
        parts = _parts(url)
        if parts is None or parts[0] != "https" or not parts[1] or parts[1] in _THIS_MACHINE or parts[2]:
            hint = "Write `https://<your server>/channels/crm/zoho`."
            what = "crm.zoho.sync.notify_url must be a public https address without query or password."
            self.say(sync, "notify_url", what, hint)
        elif len(url) > _LONGEST_ADDRESS - _KEPT_FOR_THE_SECRET:
            what = f"crm.zoho.sync.notify_url is longer than {_LONGEST_ADDRESS - _KEPT_FOR_THE_SECRET} characters."
            self.say(sync, "notify_url", what, "Zoho takes 255, and an unguessable part is put behind it.")

    def numbers(self) -> None:
        for group, bounds in _NUMBERS.items():
            given = self._mapping(group)
            for key, (least, most) in bounds.items():
                value = given.get(key)
                if isinstance(value, int | float) and not (least <= value <= most):
                    what = f"crm.zoho.{group}.{key} must be from {least:g} to {most:g}, not {value}."
                    self.say(given, key, what)
        limits = self._mapping("limits")
        parallel, heavy = limits.get("parallel", 5), limits.get("heavy", 2)
        if isinstance(parallel, int) and isinstance(heavy, int) and heavy > parallel >= 1:
            what = f"crm.zoho.limits.heavy ({heavy}) is more than parallel ({parallel})."
            self.say(limits, "heavy", what, "Heavy calls are some of all calls.")

    def _mapping(self, key: str) -> Mapping[str, Any]:
        value = self.section.get(key)
        if value is None or isinstance(value, Mapping):
            return value or {}
        return {}  # whoever reads config.yaml says that it must be a mapping


_API_NAME_HINT: Final = "API names stand in Zoho under Setup, Developer Hub, APIs, and look like Last_Name."


def _is_api_name(name: Any) -> bool:
    return isinstance(name, str) and _API_NAME.fullmatch(name) is not None


def _twice(names: Mapping[str, str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for ours, theirs in names.items():
        if theirs:
            found[theirs].append(ours)
    return {theirs: those for theirs, those in found.items() if len(those) > 1}


def _and(names: list[str]) -> str:
    return " and ".join(names)


def _parts(url: Any) -> tuple[str, str, bool] | None:
    """Scheme, host, and whether there is more than a path behind it."""
    try:
        found = urlsplit(url) if isinstance(url, str) else None
        if found is None:
            return None
        return found.scheme, found.hostname or "", bool(found.query or found.fragment or found.username)
    except ValueError:
        return None
