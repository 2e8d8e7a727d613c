"""Do Zoho's pick lists have the words we send, and do its stages say what they mean?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from crm_client.records import Lead, Outcome
from crm_client.zoho.api.shapes import FieldMeta
from crm_client.zoho.mapping.activities import CALL_RESULTS, CALL_STATUSES, TASK_STATUSES, word_for
from crm_client.zoho.mapping.doctor_fields import Described
from crm_client.zoho.mapping.field_map import FieldMap
from crm_client.zoho.mapping.findings import Findings, alike
from crm_client.zoho.mapping.stages import NOTHING_CHOSEN, is_forecast
from crm_client.zoho.settings import ZohoSettings

# What we send of ourselves: module, our field -> its values.
_SENT: Final[Mapping[tuple[str, str], Sequence[str]]] = {
    ("leads", "status"): (Lead("", "", "").status,),
    ("calls", "direction"): ("Inbound", "Outbound", "Missed"),
    ("calls", "status"): tuple(words[0] for words in CALL_STATUSES.values()),
    ("tasks", "status"): tuple(TASK_STATUSES[status][0] for status in ("open", "completed")),
}
_RESULTS: Final = ("answered", "no_answer")


def check_picks(findings: Findings, field_map: FieldMap, described: Described) -> None:
    module = described.module
    names = field_map.names(module)
    for (where, ours), words in _SENT.items():
        meta = described.fields.get(names.get(ours, "")) if where == module else None
        if meta is not None:
            _words(findings, module, ours, meta, words)
    if module == "calls":
        _results(findings, described.fields.get(names.get("result", "")))


def _words(findings: Findings, module: str, ours: str, meta: FieldMeta, words: Sequence[str]) -> None:
    known = {value.actual for value in meta.values}
    for word in words:
        if known and word not in known:
            found = alike(word, [FieldMeta(value, value, "picklist") for value in known])
            hint = f"Add it to the list; '{found[0].name}' is most like it." if found else ""
            what = f"{module}: the list {meta.name} does not have '{word}', which we send as {ours}."
            findings.warn("unknown_value", module, meta.name, what, hint)


def _results(findings: Findings, meta: FieldMeta | None) -> None:
    known = tuple(value.actual for value in meta.values) if meta else ()
    for result in _RESULTS:
        if meta and known and not word_for(result, CALL_RESULTS, known):
            word = CALL_RESULTS[result][0]
            what = f"calls: the list {meta.name} has no word for '{result}', so this result is kept here only."
            findings.warn("unknown_value", "calls", meta.name, what, f"Add '{word}' to the list.")


def check_stages(findings: Findings, field_map: FieldMap, settings: ZohoSettings, described: Described) -> None:
    meta = described.fields.get(field_map.stage_field())
    if meta is None:
        return
    stages = field_map.stages(meta)
    if not stages:
        what = f"deals: the list {meta.name} has no values that this user may see."
        findings.error("unknown_value", "deals", meta.name, what, "Give the user's profile the field, or map another.")
        return
    _forecasts(findings, settings, meta)
    known = {stage.name for stage in stages}
    for name in settings.stages:
        if name not in known:
            found = alike(name, [FieldMeta(one, one, "picklist") for one in known])
            hint = f"Perhaps it is '{found[0].name}' now." if found else "Take it out of crm.zoho.stages."
            what = f"deals: crm.zoho.stages names '{name}', and there is no such stage."
            findings.warn("unknown_value", "deals", meta.name, what, hint)
    for outcome in (Outcome.WON, Outcome.LOST):
        if not any(stage.outcome is outcome for stage in stages):
            what = f"deals: no stage means {outcome.value}, so nothing can be learned from closed deals."
            hint = f"Write `<stage>: {outcome.value}` in crm.zoho.stages."
            findings.warn("unknown_value", "deals", meta.name, what, hint)
    told = ", ".join(f"{stage.name} ({stage.outcome.value})" for stage in stages)
    findings.fine("deals", f"{len(stages)} stages: {told}")


def _forecasts(findings: Findings, settings: ZohoSettings, meta: FieldMeta) -> None:
    for value in meta.values:
        silent = value.actual not in ("", NOTHING_CHOSEN, *settings.stages) and not is_forecast(value.forecast_type)
        if silent:
            what = f"deals: the stage '{value.actual}' has no forecast type; what it means is guessed from its name."
            hint = f"Write `{value.actual}: open` (or won, lost) in crm.zoho.stages."
            findings.warn("unknown_value", "deals", meta.name, what, hint)
