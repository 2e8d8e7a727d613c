"""What SalesIQ accepts from a bot, written down from its documentation and without a look at our own renderer.

`check_response` raises ProtocolViolation with the path of what is wrong; `answer_fits` says whether typed text passes
a `validate` format. Both serve the simulator.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

ACTIONS = {"reply", "forward", "operator_busy", "context", "pending", "block", "end"}
TEXT_ONLY_ACTIONS = {"forward", "operator_busy", "pending", "block", "end"}
MOST_REPLIES, LONGEST_REPLY, LARGEST_BODY = 10, 5000, 256 * 1024
QUICK_REPLIES = {  # channel -> buttons, characters
    "website": (20, 80),
    "mobile app": (20, 80),
    "facebook": (13, 20),
    "instagram": (13, 20),
    "whatsapp": (10, 20),
    "telegram": (20, 40),
    "line": (13, 20),
}
CARD_CHANNELS = {"website", "mobile app"}
FORMATS = re.compile(r"email|phoneno|website|number|number\(\d+-\d+\)|string\(\d+-\d+\)")


class ProtocolViolation(AssertionError):
    """The bot's answer is not one that SalesIQ's documentation allows."""


def check_response(data: Any, channel: str = "Website") -> None:
    """One response to any handler, for one of SalesIQ's channels."""
    channel = channel.lower()
    _need(isinstance(data, dict), "", "an object")
    _need(data.get("action") in ACTIONS, "action", f"one of {sorted(ACTIONS)}, not {data.get('action')!r}")
    _need(isinstance(data.get("replies"), list), "replies", "an array")
    action = data["action"]
    allowed = {"action", "replies"} | {
        "reply": {"input", "suggestions"},
        "forward": {"department", "operators"},
        "context": {"context_id", "questions"},
    }.get(action, set())
    _only(data, allowed, "")
    if action in TEXT_ONLY_ACTIONS:
        for index, item in enumerate(data["replies"]):
            _need(isinstance(item, str) and item, f"replies[{index}]", f"plain text with the action {action}")
    _asking(data, "", channel)
    if action == "pending":
        _need(channel != "instagram", "action", "anything but pending: Instagram has no pending")
    if action == "forward":
        _forward(data)
    if action == "context":
        _context(data, channel)


def answer_fits(text: str, format: str) -> bool:
    """Does a typed answer pass SalesIQ's check of that name?"""
    if format == "email":
        return bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text))
    if format == "phoneno":
        return bool(re.fullmatch(r"\+?[\d\s()./-]{5,20}", text))
    if format == "website":
        return bool(re.fullmatch(r"(https?://)?[^\s/]+\.[^\s/]+(/\S*)?", text))
    if format == "number":
        return bool(re.fullmatch(r"-?\d+", text))
    low, high = (int(part) for part in re.findall(r"\d+", format))
    if format.startswith("number"):
        return bool(re.fullmatch(r"-?\d+", text)) and low <= int(text) <= high
    return text.isalpha() and low <= len(text) <= high


def _asking(data: Mapping[str, Any], path: str, channel: str) -> None:
    """`replies` with at most one of `input` and `suggestions`: of a response or of a question."""
    _need(len(data["replies"]) <= MOST_REPLIES, f"{path}replies", f"at most {MOST_REPLIES}")
    for index, item in enumerate(data["replies"]):
        _reply(item, f"{path}replies[{index}]", channel)
    _need(not {"input", "suggestions"} <= data.keys(), f"{path}suggestions", "left out: SalesIQ ignores it with input")
    if "input" in data:
        _need(channel in CARD_CHANNELS, f"{path}input", f"left out: {channel} shows no input cards")
        _input(data["input"], f"{path}input")
    if "suggestions" in data:
        most, longest = QUICK_REPLIES[channel]
        _labels(data["suggestions"], f"{path}suggestions", most, longest)
        _need(len(set(data["suggestions"])) == len(data["suggestions"]), f"{path}suggestions", "without twins")


def _forward(data: Mapping[str, Any]) -> None:
    if "department" in data:
        _need(re.fullmatch(r"\d+", str(data["department"])), "department", "a department's id")
        _need(isinstance(data["department"], str), "department", "text")
    for index, operator in enumerate(data.get("operators", ())):
        _need(isinstance(operator, str) and "@" in operator, f"operators[{index}]", "an e-mail address")


def _context(data: Mapping[str, Any], channel: str) -> None:
    _need(isinstance(data.get("context_id"), str) and data["context_id"], "context_id", "there (Insufficient data)")
    _need(isinstance(data.get("questions"), list) and data["questions"], "questions", "at least one")
    for index, question in enumerate(data["questions"]):
        path = f"questions[{index}]."
        _only(question, {"name", "replies", "input", "suggestions"}, path)
        _word(question.get("name"), f"{path}name")
        _need(isinstance(question.get("replies"), list) and question["replies"], f"{path}replies", "a text at least")
        _asking(question, path, channel)
    names = [question["name"] for question in data["questions"]]
    _need(len(set(names)) == len(names), "questions", "of different names")


def _reply(item: Any, path: str, channel: str) -> None:
    if isinstance(item, str):
        _need(0 < len(item) <= LONGEST_REPLY, path, f"1 to {LONGEST_REPLY} characters")
        return
    _need(isinstance(item, dict), path, "a text or an object")
    kind = item.get("type", "")
    _need(not kind or channel in CARD_CHANNELS, path, f"no {kind} card: {channel} shows texts only")
    _need(kind in _DISPLAYS, f"{path}.type", f"a known card, not {kind!r}")
    _DISPLAYS[kind](item, path)


def _text(item: Mapping[str, Any], path: str) -> None:
    _only(item, {"text", "image", "validate", "field_name"}, path)
    _word(item.get("text"), f"{path}.text")
    _need(len(item["text"]) <= LONGEST_REPLY, f"{path}.text", f"at most {LONGEST_REPLY} characters")
    if "image" in item:
        _url(item["image"], f"{path}.image")
    if "validate" in item:
        _only(item["validate"], {"format", "error"}, f"{path}.validate")
        _need(FORMATS.fullmatch(item["validate"]["format"]), f"{path}.validate.format", "a documented format")
        _need(isinstance(item["validate"].get("error", []), list), f"{path}.validate.error", "a list")
    if "field_name" in item:
        _word(item["field_name"], f"{path}.field_name")


def _links(item: Mapping[str, Any], path: str) -> None:
    _only(item, {"type", "text", "image", "links"}, path)
    _filled(item.get("links"), f"{path}.links")
    for index, link in enumerate(item["links"]):
        _only(link, {"url", "text", "icon"}, f"{path}.links[{index}]")
        _url(link["url"], f"{path}.links[{index}].url", schemes=("http", "mailto", "tel"))


def _articles(item: Mapping[str, Any], path: str) -> None:
    _only(item, {"type", "text", "image", "articles"}, path)
    _filled(item.get("articles"), f"{path}.articles")


def _address(item: Mapping[str, Any], path: str) -> None:
    _only(item, {"type", "text", "url", "headers"}, path)
    _word(item.get("text"), f"{path}.text")
    _url(item.get("url"), f"{path}.url", schemes=("http", "mailto", "tel"))


def _multiple_product(item: Mapping[str, Any], path: str) -> None:
    _only(item, {"type", "text", "elements"}, path)
    _word(item.get("text"), f"{path}.text")
    _filled(item.get("elements"), f"{path}.elements")
    for index, element in enumerate(item["elements"]):
        at = f"{path}.elements[{index}]"
        _only(element, {"id", "title", "subtitle", "image", "actions"}, at)
        _word(element.get("id"), f"{at}.id")
        _word(element.get("title"), f"{at}.title")
        _url(element.get("image"), f"{at}.image")
        _actions(element.get("actions", []), f"{at}.actions")


def _single_product(item: Mapping[str, Any], path: str) -> None:
    _only(item, {"type", "text", "title", "subtitle", "elements", "actions"}, path)
    _word(item.get("text"), f"{path}.text")
    _word(item.get("title"), f"{path}.title")
    _filled(item.get("elements"), f"{path}.elements")
    for index, element in enumerate(item["elements"]):
        _only(element, {"id", "image"}, f"{path}.elements[{index}]")
        _url(element.get("image"), f"{path}.elements[{index}].image")
    _actions(item.get("actions", []), f"{path}.actions")


def _actions(actions: Any, path: str) -> None:
    _need(isinstance(actions, list), path, "an array")
    names = [action.get("name") for action in actions]
    _need(len(set(names)) == len(names), path, "of different names")
    for index, action in enumerate(actions):
        at = f"{path}[{index}]"
        _only(action, {"label", "name", "type", "link", "clientaction_name"}, at)
        _word(action.get("label"), f"{at}.label")
        _word(action.get("name"), f"{at}.name")
        _need(action.get("type") in ("url", "client_action"), f"{at}.type", "url or client_action")
        if action["type"] == "url":
            _url(action.get("link"), f"{at}.link", schemes=("http", "mailto", "tel"))
        else:
            _word(action.get("clientaction_name"), f"{at}.clientaction_name")


def _location(item: Mapping[str, Any], path: str) -> None:
    _only(item, {"type", "label", "latitude", "longitude", "radius", "skippable"}, path)


def _input(item: Any, path: str) -> None:
    _need(isinstance(item, dict) and item.get("type") in _INPUTS, f"{path}.type", "a known input card")
    _need(item.get("skippable", True) is True, f"{path}.skippable", "true or left out")
    _INPUTS[item["type"]]({key: value for key, value in item.items() if key != "skippable"}, path)


def _typed(item: Mapping[str, Any], path: str) -> None:
    _only(item, {"type", "placeholder", "value", "error"}, path)
    _word(item.get("placeholder"), f"{path}.placeholder")
    _need(isinstance(item.get("error", []), list), f"{path}.error", "a list of texts")


def _select(item: Mapping[str, Any], path: str) -> None:
    _only(item, {"type", "options"}, path)
    _labels(item.get("options"), f"{path}.options", 20, 80)


def _multiple_select(item: Mapping[str, Any], path: str) -> None:
    _only(item, {"type", "options", "max_selection"}, path)
    _labels(item.get("options"), f"{path}.options", 10, 30)
    _need(2 <= item.get("max_selection", 2) <= len(item["options"]), f"{path}.max_selection", "2 to all")


def _drop_down(item: Mapping[str, Any], path: str) -> None:
    _only(item, {"type", "options", "placeholder", "multiple", "select_label", "min_selection", "max_selection"}, path)
    _labels([option.get("label") for option in item["options"]], f"{path}.options", 200, 80)
    for index, option in enumerate(item["options"]):
        _only(option, {"value", "label", "selected"}, f"{path}.options[{index}]")
        _word(option.get("value"), f"{path}.options[{index}].value")
    for bound in ("min_selection", "max_selection"):
        _need(bound not in item or item.get("multiple") is True, f"{path}.{bound}", "only there with multiple")
        _need(isinstance(item.get(bound, 1), int), f"{path}.{bound}", "a number")


def _slider(item: Mapping[str, Any], path: str) -> None:
    _only(item, {"type", "values"}, path)
    _labels(item.get("values"), f"{path}.values", 10, 10)


def _calendar(item: Mapping[str, Any], path: str) -> None:
    _only(item, {"type", "time", "tz", "from", "to", "label", "select_label"}, path)
    for flag in ("time", "tz"):
        _need(isinstance(item.get(flag, True), bool), f"{path}.{flag}", "true or false")
    for bound in ("from", "to"):
        value = str(item.get(bound, "+1"))
        _need(re.fullmatch(r"[+-]\d+|-?\d{9,}", value), f"{path}.{bound}", "relative days or epoch milliseconds")


def _timeslots(item: Mapping[str, Any], path: str) -> None:
    _only(item, {"type", "slots", "date", "time_zone_id", "tz", "label"}, path)
    _slots(item.get("slots"), f"{path}.slots")
    _need(("date" in item) == ("time_zone_id" in item), path, "date and time_zone_id together or neither")
    if "date" in item:
        _day(item["date"], f"{path}.date")


def _date_timeslots(item: Mapping[str, Any], path: str) -> None:
    _only(item, {"type", "slots", "time_zone_id", "tz", "label"}, path)
    _word(item.get("label"), f"{path}.label")
    _word(item.get("time_zone_id"), f"{path}.time_zone_id")
    _need(isinstance(item.get("slots"), dict) and item["slots"], f"{path}.slots", "days with times")
    for day, slots in item["slots"].items():
        _day(day, f"{path}.slots")
        _slots(slots, f"{path}.slots.{day}")


def _stars(item: Mapping[str, Any], path: str) -> None:
    _only(item, {"type", "level"}, path)
    _need(3 <= item.get("level", 5) <= 10, f"{path}.level", "3 to 10")


def _happiness(item: Mapping[str, Any], path: str) -> None:
    _only(item, {"type", "level", "set_conversation_rating"}, path)
    _need(item.get("level", 5) in (3, 5), f"{path}.level", "3 or 5")


def _like(item: Mapping[str, Any], path: str) -> None:
    _only(item, {"type", "set_conversation_rating"}, path)


_DISPLAYS = {
    "": _text,
    "links": _links,
    "articles": _articles,
    "file": _address,
    "video": _address,
    "multiple-product": _multiple_product,
    "single-product": _single_product,
    "location": _location,
}
_INPUTS = {
    "name": _typed,
    "email": _typed,
    "tel": _typed,
    "url": _typed,
    "select": _select,
    "multiple-select": _multiple_select,
    "drop-down": _drop_down,
    "slider": _slider,
    "range-slider": _slider,
    "calendar": _calendar,
    "range-calendar": _calendar,
    "timeslots": _timeslots,
    "date-timeslots": _date_timeslots,
    "star-rating": _stars,
    "happiness-rating": _happiness,
    "like": _like,
    "location": _location,
}


def _need(holds: Any, path: str, what: str) -> None:
    if not holds:
        raise ProtocolViolation(f"{path or 'response'} must be {what}")


def _only(item: Any, allowed: set[str], path: str) -> None:
    _need(isinstance(item, dict), path, "an object")
    _need(item.keys() <= allowed, path, f"without {sorted(item.keys() - allowed)}")


def _word(value: Any, path: str) -> None:
    _need(isinstance(value, str) and value != "", path, "text that is not empty")


def _filled(value: Any, path: str) -> None:
    _need(isinstance(value, list) and value, path, "a list that is not empty")


def _labels(labels: Any, path: str, most: int, longest: int) -> None:
    _filled(labels, path)
    _need(len(labels) <= most, path, f"at most {most}")
    for index, label in enumerate(labels):
        _word(label, f"{path}[{index}]")
        _need(len(label) <= longest, f"{path}[{index}]", f"at most {longest} characters")


def _url(value: Any, path: str, schemes: tuple[str, ...] = ("http",)) -> None:
    _need(isinstance(value, str) and value.lower().startswith(schemes), path, "an absolute address")


def _day(value: Any, path: str) -> None:
    try:
        datetime.strptime(value, "%d/%m/%Y")
    except (ValueError, TypeError):
        raise ProtocolViolation(f"{path} must be dd/mm/yyyy, not {value!r}") from None


def _slots(value: Any, path: str) -> None:
    _filled(value, path)
    for slot in value:
        _need(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", slot), path, "times as hh:mm")
    _need(value == sorted(value), path, "in order")
