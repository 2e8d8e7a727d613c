"""A folder of rules, read and checked like flows: all problems at once, each with its line and a way out."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from motenashi.alerts.rule import MailAction, OneAction, Rule, TaskAction, WebhookAction, read_rule
from motenashi.alerts.variables import VARIABLES, Variable
from motenashi.conversation.folding import fold
from motenashi.flow_engine.criteria import Condition
from motenashi.flow_engine.texts import LocalText, paths_in
from motenashi.outgoing_mail.mail import is_address
from motenashi.problems import Problem, did_you_mean
from motenashi.yaml_fields import FieldReader
from motenashi.yaml_source import read_file

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_COMPARES = ("is", "is_not", "in", "not_in")

AllowsUrl = Callable[[str], bool]


def read_rules(
    folder: Path, *, allows: AllowsUrl = lambda url: True, secrets: Collection[str] = ()
) -> tuple[tuple[Rule, ...], list[Problem]]:
    """All rules of a folder's *.yaml by file name, and every problem; with problems none of the rules is to be run. No
    such folder: no rules, which is no problem.

    `allows` says whether a webhook's URL may be called, `secrets` are the names that may sign.
    """
    rules: list[Rule] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else []:
        documents, found = read_file(path)
        problems += found
        reader = FieldReader(str(path))
        rules += [rule for document in documents if (rule := read_rule(document, reader)) is not None]
        problems += reader.problems
    for rule in rules:
        problems += _check(rule, allows, secrets)
    problems += _twice(rules)
    return tuple(rules), sorted(set(problems))


def _check(rule: Rule, allows: AllowsUrl, secrets: Collection[str]) -> Iterator[Problem]:
    if not _NAME.fullmatch(rule.name):
        yield Problem(rule.file, rule.line, f"'{rule.name}' can't name a rule.", "Use lower-case words joined by _.")
    if not rule.head.do:
        yield Problem(rule.file, rule.line, "the rule does nothing.", "List a task, mail or webhook under 'do'.")
    for condition in rule.criteria.conditions:
        yield from _condition(rule, condition)
    for action in rule.head.do:
        yield from _shown(rule, action)
        yield from _action(rule, action.spec, action.line, allows, secrets)


def _shown(rule: Rule, action: OneAction) -> Iterator[Problem]:
    there = VARIABLES[rule.head.when]
    for text in _texts(action.spec):
        paths = {path for source in text.all_sources() for path in paths_in(source)}
        for path in sorted(paths - there.keys()):
            what = f"'{action.name}' shows '{path}', which there is not."
            yield Problem(rule.file, text.line or action.line, what, did_you_mean(path, list(there)))


def _condition(rule: Rule, condition: Condition) -> Iterator[Problem]:
    there = VARIABLES[rule.head.when]
    line = condition.line or rule.line
    for path in (condition.field, *condition.references):
        if path not in there:
            what = f"there is no '{path}' when: {rule.head.when}."
            yield Problem(rule.file, line, what, did_you_mean(path, list(there)))
    variable = there.get(condition.field)
    if variable is None:
        return
    if not set(condition.operator.families) & _subjects(variable):
        what = f"'{condition.operator.name}' does not fit '{condition.field}', which is a {variable.kind}."
        hint = "For a list use has, has_any, has_all." if variable.kind == "list" else ""
        yield Problem(rule.file, line, what, hint)
    elif variable.words and condition.operator.name in _COMPARES and not condition.references:
        yield from _words(rule, condition, variable, line)


def _words(rule: Rule, condition: Condition, variable: Variable, line: int) -> Iterator[Problem]:
    values = condition.value if isinstance(condition.value, list | tuple) else [condition.value]
    for value in values:
        if fold(str(value)) not in {fold(word) for word in variable.words}:
            what = f"'{condition.field}' is never '{value}'."
            yield Problem(rule.file, line, what, did_you_mean(str(value), list(variable.words)))


def _subjects(variable: Variable) -> set[str]:
    return {variable.kind, "any"} | ({"text"} if variable.kind == "time" else set())


def _action(
    rule: Rule, spec: TaskAction | MailAction | WebhookAction, line: int, allows: AllowsUrl, secrets: Collection[str]
) -> Iterator[Problem]:
    if isinstance(spec, MailAction):
        if spec.to != "owner" and not is_address(spec.to):
            yield Problem(rule.file, line, f"'{spec.to}' is no address.", "Write one, or owner.")
        if spec.language not in ("en", "ja"):
            yield Problem(rule.file, line, f"there is no language '{spec.language}'.", "en or ja.")
    if isinstance(spec, WebhookAction):
        if urlsplit(spec.url).scheme not in ("http", "https") or not urlsplit(spec.url).hostname:
            yield Problem(rule.file, line, f"'{spec.url}' is no URL.", "https://host/path")
        elif not allows(spec.url):
            hint = "Add it to web_calls.allowed_hosts in config.yaml."
            yield Problem(rule.file, line, f"the host of {spec.url} may not be called.", hint)
        if spec.secret and spec.secret not in secrets:
            hint = (
                did_you_mean(spec.secret, list(secrets)) if secrets else "Add it to web_calls.secrets in config.yaml."
            )
            yield Problem(rule.file, line, f"there is no secret '{spec.secret}'.", hint)


def _texts(spec: TaskAction | MailAction | WebhookAction) -> list[LocalText]:
    if isinstance(spec, TaskAction):
        return [spec.title, *([spec.note] if spec.note else [])]
    return [spec.subject, spec.text] if isinstance(spec, MailAction) else []


def _twice(rules: Collection[Rule]) -> Iterator[Problem]:
    first: dict[str, Rule] = {}
    for rule in rules:
        other = first.setdefault(rule.name, rule)
        if other is not rule:
            what = f"there are two rules named '{rule.name}' (the other in {other.file}:{other.line})."
            yield Problem(rule.file, rule.line, what, "Rename one.")
