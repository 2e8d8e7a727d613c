"""Can these rules meet, is one of them never reached, is somebody left out? Answered before anybody is.

Every answer comes from trying one value of each kind (criteria_domains); where the kinds can't all be written down, or
there are too many, the answer is UNKNOWN. YES and NO are never guesses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice, product
from typing import Any

from motenashi.flow_engine.criteria import Condition, Criteria
from motenashi.flow_engine.criteria_domains import Case, Domain, Key, TooMany, cases_of, is_free, key_of
from motenashi.flow_engine.criteria_pattern import holds_for

MOST_TRIED = 20_000  # combinations of kinds


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """`witness`: values of the variables that show it; where one is not named, any will do."""

    answer: Answer
    witness: Mapping[str, Any] = field(default_factory=dict)


def can_hold(criteria: Criteria, domains: Mapping[str, Domain]) -> Verdict:
    """Can it hold at all? The witness is a case in which it does."""
    return find([criteria], [], domains)


def satisfiable_together(one: Criteria, other: Criteria, domains: Mapping[str, Domain]) -> Verdict:
    """Can both hold for the same visitor, so that their order decides? The witness is such a visitor."""
    return find([one, other], [], domains)


def reachable_after(earlier: Sequence[Criteria], rule: Criteria, domains: Mapping[str, Domain]) -> Verdict:
    """Can `rule` hold where no earlier one does, so that it is ever taken?"""
    return find([rule], earlier, domains)


def covers(rules: Sequence[Criteria], domains: Mapping[str, Domain]) -> Verdict:
    """Does one of the rules hold whatever comes? The witness of a NO is a case that all of them leave out."""
    left_out = find([], rules, domains)
    opposite = {Answer.YES: Answer.NO, Answer.NO: Answer.YES, Answer.UNKNOWN: Answer.UNKNOWN}
    return Verdict(opposite[left_out.answer], left_out.witness)


def possible(criteria: Criteria, domains: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Every combination of listed values for which it surely holds; fields without a list are not considered, and
    nothing is given when the criteria read one of those, or the time."""
    fields = sorted({condition.field for condition in criteria.conditions})
    if any(is_free(condition) for condition in criteria.conditions) or not set(fields) <= set(domains):
        return
    for values in product(*(domains[name] for name in fields)):
        cases = [
            Case(value, True, _truths_for(criteria, name, value)) for name, value in zip(fields, values, strict=True)
        ]
        if _holds(criteria, _joined(cases)):
            yield dict(zip(fields, values, strict=True))


def find(wanted: Sequence[Criteria], unwanted: Sequence[Criteria], domains: Mapping[str, Domain]) -> Verdict:
    """Is there a case in which all `wanted` hold and none of `unwanted`?

    A variable without a domain may hold anything, nothing included.
    """
    conditions = [condition for criteria in (*wanted, *unwanted) for condition in criteria.conditions]
    try:
        variables = _variables(conditions, domains)
    except TooMany:
        return Verdict(Answer.UNKNOWN)
    tried, doubtful = 0, False
    for chosen in islice(product(*(cases for _, cases in variables)), MOST_TRIED):
        tried += 1
        truths = _joined(chosen)
        if all(_holds(c, truths) for c in wanted) and not any(_holds(c, truths) for c in unwanted):
            if all(case.sure for case in chosen):
                names = (name for name, _ in variables)
                return Verdict(Answer.YES, {n: case.value for n, case in zip(names, chosen, strict=True)})
            doubtful = True
    everything = 1
    for _, cases in variables:
        everything *= len(cases)
    return Verdict(Answer.UNKNOWN if doubtful or tried < everything else Answer.NO)


def _variables(conditions: Iterable[Condition], domains: Mapping[str, Domain]) -> list[tuple[str, list[Case]]]:
    """Every field with its cases; every free condition is a variable of its own, true or false and never sure."""
    fields: dict[str, list[Condition]] = defaultdict(list)
    free: dict[Key, None] = {}
    for condition in conditions:
        if is_free(condition):
            free[key_of(condition)] = None
        else:
            fields[condition.field].append(condition)
    known = [(name, cases_of(name, ours, domains.get(name))) for name, ours in fields.items()]
    return known + [(" ".join(key), [Case(None, False, {key: held}) for held in (True, False)]) for key in free]


def _truths_for(criteria: Criteria, name: str, value: Any) -> Mapping[Key, bool]:
    ours = [condition for condition in criteria.conditions if condition.field == name]
    return cases_of(name, ours, (value,))[0].truths


def _joined(cases: Iterable[Case]) -> dict[Key, bool]:
    return {key: held for case in cases for key, held in case.truths.items()}


def _holds(criteria: Criteria, truths: Mapping[Key, bool]) -> bool:
    def held(number: int) -> bool:
        return all(truths[key_of(condition)] for condition in criteria.conditions if condition.number == number)

    return holds_for(criteria.pattern, held)
