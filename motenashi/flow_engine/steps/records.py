"""Steps that write into the CRM: a new lead, and fields of a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from motenashi.conversation.assurance import Assurance
from motenashi.flow_engine.flow import Target
from motenashi.flow_engine.outcome import Exit, Go, Next, Outcome
from motenashi.flow_engine.services import ServiceFailed
from motenashi.flow_engine.steps.step_kind import StepKind, StepSpec
from motenashi.flow_engine.texts import Value
from motenashi.flow_engine.turn import Turn


@dataclass(frozen=True, kw_only=True)
class CreateLeadSpec(StepSpec):
    create_lead: Annotated[Mapping[str, Value], "Fields of the lead: last_name, company, email, phone, note …"]
    save: Annotated[str, "Keep {lead_id} under this name."] = ""
    on_error: Annotated[Target | None, "Where to go when the CRM does not take it; on without it."] = None


class CreateLead(StepKind[CreateLeadSpec]):
    name: ClassVar[str] = "create_lead"
    spec = CreateLeadSpec
    meaning: ClassVar[str] = "Writes a new lead into the CRM, once, however often the message is delivered."

    def run(self, spec: CreateLeadSpec, turn: Turn) -> Outcome:
        fields = {name: turn.value(value) for name, value in spec.create_lead.items()}
        try:
            lead_id = turn.services.create_lead(_filled(fields, turn), turn.key("lead"))
        except ServiceFailed as error:
            turn.failed(error)
            if spec.save:
                turn.save(spec.save, {})
            return Go(spec.on_error, "on_error") if spec.on_error else Next()
        if spec.save:
            turn.save(spec.save, {"lead_id": lead_id})
        return Next()

    def exits(self, spec: CreateLeadSpec) -> Iterable[Exit]:
        yield Exit("then", spec.then)
        if spec.on_error:
            yield Exit("on_error", spec.on_error, by="error")


def _filled(fields: Mapping[str, Any], turn: Turn) -> dict[str, Any]:
    """What the designer left out is taken from the visitor; a lead needs at least a name and a company."""
    known = {"email": turn.visitor.get("email"), "phone": turn.visitor.get("phone"), "language": turn.language}
    filled = {**known, **{name: value for name, value in fields.items() if value not in (None, "")}}
    filled.setdefault("last_name", str(turn.visitor.get("name") or filled.get("email") or "?"))
    filled.setdefault("company", "?")
    return {name: value for name, value in filled.items() if value}


@dataclass(frozen=True)
class RecordChange:
    module: Annotated[Literal["contacts", "leads", "deals", "accounts"], "Which kind of record."]
    id: Annotated[Value, "The record's id: $person.record_id."]
    fields: Annotated[Mapping[str, Value], "Field -> new value."]


@dataclass(frozen=True, kw_only=True)
class UpdateRecordSpec(StepSpec):
    update_record: Annotated[RecordChange, "What changes."]
    on_error: Annotated[Target | None, "Where to go when the CRM does not take it; on without it."] = None


class UpdateRecord(StepKind[UpdateRecordSpec]):
    name: ClassVar[str] = "update_record"
    spec = UpdateRecordSpec
    meaning: ClassVar[str] = "Sets fields of a CRM record; a person's own record only when that person is verified."

    def run(self, spec: UpdateRecordSpec, turn: Turn) -> Outcome:
        change = spec.update_record
        record_id = str(turn.value(change.id) or "")
        fields = {name: turn.value(value) for name, value in change.fields.items()}
        try:
            self._refuse_strangers(change.module, record_id, turn)
            turn.services.update_record(change.module, record_id, fields, turn.key("update"))
        except ServiceFailed as error:
            turn.failed(error)
            return Go(spec.on_error, "on_error") if spec.on_error else Next()
        return Next()

    def _refuse_strangers(self, module: str, record_id: str, turn: Turn) -> None:
        """Nobody changes somebody else's record by claiming their address, or by naming its id."""
        if turn.identity.level < Assurance.VERIFIED:
            raise ServiceFailed("refused", "the visitor is not verified")
        if module == "accounts":  # a company has no address of its own
            return
        if not any(turn.identity.covers(email) for email in turn.services.record_emails(record_id)):
            raise ServiceFailed("refused", "the visitor is not verified as the person of this record")

    def exits(self, spec: UpdateRecordSpec) -> Iterable[Exit]:
        yield Exit("then", spec.then)
        if spec.on_error:
            yield Exit("on_error", spec.on_error, by="error")
