"""Our Reply out, as the JSON that SalesIQ's webhook expects. Strict: only what its documentation shows.

Source: Zoho SalesIQ's documentation of the webhook response format: `action` and `replies` always, `input` or
`suggestions` but never both, questions of a context, department and operators of a forward.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from motenashi.channels.salesiq.clean_json import clean, clean_record
from motenashi.channels.salesiq.displays import say_labels, shown
from motenashi.channels.salesiq.displays_in_words import Item, words_only
from motenashi.channels.salesiq.inputs import asked
from motenashi.channels.salesiq.offers import Offered, offer_chips
from motenashi.channels.salesiq.reply_items import packed
from motenashi.channels.salesiq.target import Target
from motenashi.conversation.display_cards import Display
from motenashi.conversation.input_cards import Form, InputCard, Question
from motenashi.conversation.reply import Action, Reply

log = logging.getLogger(__name__)


def to_salesiq(reply: Reply, target: Target) -> dict[str, Any]:
    """A response for SalesIQ: JSON values only, valid by `schema/response.json`."""
    answer = _rendered(reply, target)
    if clean(answer) == answer:
        return answer
    # Texts that hold what no reader takes are rare; lengths and empty places are judged again without it.
    return _rendered(clean_record(reply), target)


def _rendered(reply: Reply, target: Target) -> dict[str, Any]:
    if reply.action is not Action.REPLY:
        return _acting(reply, target)
    if reply.form and reply.form.questions and target.limits.cards:
        return _asking_form(reply.form, reply.displays, target)
    return {"action": "reply"} | _turn(reply, target)


def plain(text: str, *, action: str = "reply") -> dict[str, Any]:
    """A response that says one sentence."""
    return {"action": action, "replies": [text]}


def _acting(reply: Reply, target: Target) -> dict[str, Any]:
    """Everything but `reply` takes texts only: nobody outside SalesIQ knows which cards these actions accept."""
    texts: list[Item] = [text for display in reply.displays for text in words_only(display, target)]
    if reply.action is Action.PENDING and not texts:
        texts = [target.says("looking")]
    answer: dict[str, Any] = {"action": reply.action.value, "replies": packed(texts, target.longest_text)}
    if reply.action is Action.FORWARD:
        if department := _department(reply.department, target):
            answer["department"] = department
        if reply.operators:
            answer["operators"] = list(reply.operators)
    return answer


def _department(name: str, target: Target) -> str:
    """SalesIQ's id of a department; '' leaves the choice to the bot's own setting in SalesIQ."""
    id = target.departments.get(name, name)
    if id and not (id.isascii() and id.isdigit()):
        _warn_of_department(name)
        return ""
    return id


@lru_cache(maxsize=100)
def _warn_of_department(name: str) -> None:
    """Once a name: it is the same mistake each time."""
    log.warning("channels.salesiq.departments has no id for %r: SalesIQ's default department is used", name)


def _turn(reply: Reply, target: Target) -> dict[str, Any]:
    """`replies` with `input` or `suggestions`, from displays and what is asked."""
    says = say_labels(reply.displays)
    if reply.form and reply.form.questions:
        return _ask(reply.displays, None, (), target, _form_in_words(reply.form))
    if reply.input is None:
        return _ask(reply.displays, None, (*reply.chips, *says), target)
    extra = (target.says("also_say", words=" / ".join(says)),) if says else ()
    return _ask(reply.displays, reply.input, (), target, extra)


def _ask(
    displays: Sequence[Display],
    card: InputCard | None,
    chips: Sequence[str],
    target: Target,
    more: Sequence[str] = (),
) -> dict[str, Any]:
    offered = asked(card, target) if card is not None else offer_chips(chips, target) if chips else Offered()
    items: list[Item] = [item for display in displays for item in shown(display, target)]
    items += [text for text in (*more, *offered.texts) if text.strip()]
    if not items and (offered.input or offered.suggestions or card is not None):
        items = [target.says("please_choose" if offered.input or offered.suggestions else "please_answer")]
    items = _with_check(items, offered.on_text, target)
    result: dict[str, Any] = {"replies": packed(items, target.longest_text)}
    if offered.input is not None:
        result["input"] = offered.input
    elif offered.suggestions:
        result["suggestions"] = list(offered.suggestions)
    return result


def _with_check(items: list[Item], on_text: dict[str, Any], target: Target) -> list[Item]:
    """`validate` and `field_name` stand on the last text; without a last text they get one of their own."""
    if not on_text:
        return items
    last = items[-1]
    if isinstance(last, str):
        return [*items[:-1], {"text": last} | on_text]
    if "type" in last:
        return [*items, {"text": target.says("please_answer")} | on_text]
    return [*items[:-1], last | on_text]


def _asking_form(form: Form, displays: Sequence[Display], target: Target) -> dict[str, Any]:
    """A context: SalesIQ asks the questions itself. What is to be shown before stands with the first question."""
    questions = [
        {"name": question.name} | _question(question, displays if number == 0 else (), target)
        for number, question in enumerate(form.questions)
    ]
    return {"action": "context", "replies": [], "context_id": form.id, "questions": questions}


def _question(question: Question, before: Sequence[Display], target: Target) -> dict[str, Any]:
    asked_now = _ask((), question.input, question.chips, target, question.say)
    if not asked_now["replies"]:
        asked_now["replies"] = [target.says("please_answer")]
    shown_before = [item for display in before for item in shown(display, target)]
    return asked_now | {"replies": packed([*shown_before, *asked_now["replies"]], target.longest_text)}


def _form_in_words(form: Form) -> tuple[str, ...]:
    """For a channel that does not collect forms: every question, so that nothing is lost."""
    return tuple(text for question in form.questions for text in question.say)
