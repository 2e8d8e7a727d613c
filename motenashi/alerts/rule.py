"""A rule as a person writes it: when, if, and what to do. docs/alerts.md shows one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from motenashi.alerts.variables import When
from motenashi.flow_engine.criteria import Criteria, parse_criteria
from motenashi.flow_engine.steps.moving import Duration
from motenashi.flow_engine.texts import LocalText
from motenashi.problems import did_you_mean
from motenashi.yaml_fields import FieldReader, describe, keys_hint
from motenashi.yaml_source import YamlMap


@dataclass(frozen=True, kw_only=True)
class TaskAction:
    title: Annotated[LocalText, "What the task says."]
    note: Annotated[LocalText | None, "What stands below it."] = None
    due_in: Annotated[Duration | None, "How long from now it is due; a day without it."] = None


@dataclass(frozen=True, kw_only=True)
class MailAction:
    to: Annotated[str, "An address of ours, or `owner`."] = "owner"
    subject: Annotated[LocalText, "The subject."]
    text: Annotated[LocalText, "The mail itself."]
    language: Annotated[str, "en or ja."] = "en"


@dataclass(frozen=True, kw_only=True)
class WebhookAction:
    url: Annotated[str, "Where to; its host must be among web_calls.allowed_hosts."]
    secret: Annotated[str, "The name (in web_calls.secrets) of the secret that the body is signed with."] = ""


Action = TaskAction | MailAction | WebhookAction
ACTIONS: Mapping[str, type] = {"task": TaskAction, "mail": MailAction, "webhook": WebhookAction}


@dataclass(frozen=True)
class OneAction:
    """One item under `do`: a mapping with the action's name."""

    name: str
    spec: Action
    line: int = 0

    @classmethod
    def from_yaml(cls, raw: Any, reader: FieldReader, line: int, where: str) -> OneAction | None:
        if not isinstance(raw, YamlMap) or len(raw) != 1:
            hint = "Write one of: - task: {…}, - mail: {…}, - webhook: {…}."
            reader.problem(line, f"{where} must be one action, not {describe(raw)}.", hint)
            return None
        name, body = next(iter(raw.items()))
        if name not in ACTIONS:
            reader.problem(raw.line_of(name), f"there is no action '{name}'.", did_you_mean(str(name), list(ACTIONS)))
            return None
        if not isinstance(body, YamlMap):
            reader.problem(raw.line_of(name), f"'{name}' must be a mapping.", keys_hint(ACTIONS[name]))
            return None
        spec = reader.record(ACTIONS[name], body, raw.line_of(name), f"'{name}'")
        return None if spec is None else cls(str(name), spec, raw.line_of(name))

    @classmethod
    def fits(cls, raw: Any) -> bool:
        return isinstance(raw, YamlMap)


@dataclass(frozen=True, kw_only=True)
class RuleHead:
    """A rule without its conditions, which have a language of their own."""

    alert: Annotated[str, "The rule's name, its own among all rules."]
    title: Annotated[LocalText, "What people see."]
    when: Annotated[When, "response: a customer said something; event: something came of it."] = "response"
    at_most_every: Annotated[Duration | None, "For one person no oftener than this."] = None
    do: Annotated[tuple[OneAction, ...], "What is done, in this order."]


@dataclass(frozen=True)
class Rule:
    head: RuleHead
    criteria: Criteria
    file: str
    line: int
    pattern: str = ""  # as it is written

    @property
    def name(self) -> str:
        return self.head.alert


def read_rule(document: Any, reader: FieldReader) -> Rule | None:
    """One YAML document as a rule; None when nothing can be made of it. The reader's problems say what is wrong; with
    any of them the rule is only for further checks, and not to be run."""
    if not isinstance(document, YamlMap):
        reader.problem(
            getattr(document, "line", 1), f"a rule must be a mapping, not {describe(document)}.", "alert: name"
        )
        return None
    has_if, line = "if" in document, document.line_of("if")
    raw, pattern = document.pop("if", None), document.pop("pattern", None)
    head = reader.record(RuleHead, document, document.line, "the rule")
    if not has_if:
        reader.problem(document.line, "the rule needs 'if'.", "if: {tone: negative}")
        return None
    criteria, problems = parse_criteria(raw, pattern, reader.file, line)
    reader.problems.extend(problems)
    return None if head is None else Rule(head, criteria, reader.file, document.line, str(pattern or ""))
