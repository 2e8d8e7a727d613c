"""After which ways out of a step is the visitor verified for sure, and after which no longer?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from motenashi.conversation.assurance import Assurance
from motenashi.flow_engine.criteria import Criteria
from motenashi.flow_engine.criteria_proof import Answer, can_hold, covers, reachable_after
from motenashi.flow_engine.flow import Step
from motenashi.flow_engine.flow_reader import kind_of
from motenashi.flow_engine.steps.ask import AskSpec, FormSpec

_NOT_VERIFIED = {"identity.level": tuple(level.word for level in Assurance if level < Assurance.VERIFIED)}


def verified_after(step: Step) -> Mapping[str, bool]:
    """Exit name -> verified for sure; an exit that is not named changes nothing."""
    if step.kind == "verify":
        return {"then": True, "refused": False}
    if step.kind == "ask" and _asks_for_address(step.spec):
        return {out.name: False for out in kind_of(step).exits(step.spec)}
    if step.kind == "criteria_router":
        return dict.fromkeys(_sure_rules(step), True)
    if step.kind == "choices":
        return dict.fromkeys(_sure_choices(step), True)
    return {}


def _asks_for_address(spec: AskSpec) -> bool:
    """Whoever names an address anew claims to be somebody else."""
    if isinstance(spec.ask, FormSpec):
        return any(question.profile == "email" for question in spec.ask.questions)
    return spec.profile == "email"


def _sure_rules(step: Step) -> Iterator[str]:
    """The ways of a router that nobody takes who is not verified."""
    earlier: list[Criteria] = []
    for rule in step.spec.criteria_router:
        if reachable_after(earlier, rule.criteria, _NOT_VERIFIED).answer is Answer.NO:
            yield rule.name
        earlier.append(rule.criteria)
    if covers(earlier, _NOT_VERIFIED).answer is Answer.YES:
        yield "not_matched"


def _sure_choices(step: Step) -> Iterator[str]:
    """Buttons that nobody sees who is not verified. Two with one way out are sure only when both are."""
    sure: dict[str, bool] = {}
    outs = [out for out in kind_of(step).exits(step.spec) if out.by == "visitor"]
    for out, choice in zip(outs, step.spec.choices.fixed, strict=False):
        shown = choice.if_ is not None and can_hold(choice.if_.criteria, _NOT_VERIFIED).answer is Answer.NO
        sure[out.name] = shown and sure.get(out.name, True)
    if any(out.name == "then" and out.by == "flow" for out in kind_of(step).exits(step.spec)):
        sure.pop("then", None)  # nobody is offered anything: no button says who that is
    yield from (name for name, held in sure.items() if held)
