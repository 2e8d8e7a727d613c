"""What came back against what a sample talk expects: the differences, each with the line it stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from motenashi.conversation import display_cards as cards
from motenashi.conversation import input_cards as inputs
from motenashi.conversation.reply import Action, Reply
from motenashi.flow_engine.talk_lines import ANYTHING, TalkLine
from motenashi.problems import Problem

MOST_SHOWN = 600  # characters of a text in a report


def differences(file: str, expected: Sequence[TalkLine], reply: Reply, *, after: int) -> list[Problem]:
    """Everything in one reply that is not as expected. `after` is the line of what the visitor did."""
    evidence = tuple(_told(reply))
    found = [*_bubbles([line for line in expected if line.what == "bot"], bubbles_of(reply), after)]
    for line in expected:
        if line.what != "bot":
            found += _one(line, reply)
    return [Problem(file, line, what, "", evidence) for line, what in found]


def bubbles_of(reply: Reply) -> tuple[str, ...]:
    """The texts of a reply, one for each bubble that has one."""
    return tuple(text for display in reply.displays if (text := getattr(display, "text", "")))


def _bubbles(expected: Sequence[TalkLine], came: Sequence[str], after: int) -> Iterator[tuple[int, str]]:
    if not expected or _all_fit([line.value for line in expected], came):
        return
    for place, line in enumerate(expected):
        if line.value == ANYTHING and place >= len(came):
            yield line.line, "expected more bubbles, and the bot said nothing more."
            return
        if line.value == ANYTHING:  # what follows can't be lined up any more
            yield line.line, "the bubbles from here on are not those that came."
            return
        if place >= len(came):
            yield line.line, f"expected {_quoted(line.value)}, and the bot said nothing more."
            return
        if not text_fits(line.value, came[place]):
            yield line.line, f"expected {_quoted(line.value)}, and the bot said {_quoted(came[place])}."
            return
    yield expected[-1].line if expected else after, f"the bot went on: {_quoted(came[len(expected)])}."


def _all_fit(wanted: Sequence[str], came: Sequence[str]) -> bool:
    """Do they line up, with `…` for one or more items?"""
    if not wanted:
        return not came
    if wanted[0] == ANYTHING:
        return any(_all_fit(wanted[1:], came[skip:]) for skip in range(1, len(came) + 1))
    return bool(came) and text_fits(wanted[0], came[0]) and _all_fit(wanted[1:], came[1:])


def text_fits(wanted: str, came: str) -> bool:
    """The same text; `…` at an end of what is wanted stands for anything there. Spaces around lines don't count."""
    wanted, came = _trimmed(wanted), _trimmed(came)
    if wanted == came:
        return True
    opens, closes = wanted.startswith(ANYTHING), wanted.endswith(ANYTHING)
    core = wanted.strip(ANYTHING).strip()
    if opens and closes:
        return core in came
    return (opens and came.endswith(core)) or (closes and came.startswith(core))


def _trimmed(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _one(line: TalkLine, reply: Reply) -> list[tuple[int, str]]:
    if line.what in _LISTS:
        came = _LISTS[line.what](reply)
        if _all_fit(line.value, came):
            return []
        return [(line.line, f"expected {line.what} {_listed(line.value)}, and there came {_listed(came)}.")]
    came_word = _input_name(reply) if line.what == "input" else _end(reply)
    if line.value == came_word:
        return []
    return [(line.line, f"expected {line.what}: {line.value}, and it was {came_word}.")]


def _titles(reply: Reply) -> Iterator[str]:
    for display in reply.displays:
        if isinstance(display, cards.Products):
            yield from (tile.title for tile in display.products)
        elif isinstance(display, cards.SingleProduct):
            yield display.title


def _links(reply: Reply) -> Iterator[str]:
    for display in reply.displays:
        if isinstance(display, cards.Links):
            yield from (link.text for link in display.links)
        elif isinstance(display, cards.Articles):
            yield from (article.title or article.id for article in display.articles)


def _questions(reply: Reply) -> tuple[str, ...]:
    return tuple(question.name for question in reply.form.questions) if reply.form else ()


_LISTS: Mapping[str, Callable[[Reply], tuple[str, ...]]] = {
    "chips": lambda reply: reply.chips,
    "products": lambda reply: tuple(_titles(reply)),
    "links": lambda reply: tuple(_links(reply)),
    "form": _questions,
}

_INPUT_NAMES: Mapping[type, str] = {
    inputs.Select: "select",
    inputs.MultipleSelect: "multiple-select",
    inputs.DropDown: "drop-down",
    inputs.Slider: "slider",
    inputs.RangeSlider: "range-slider",
    inputs.Calendar: "calendar",
    inputs.RangeCalendar: "range-calendar",
    inputs.TimeSlots: "timeslots",
    inputs.DateTimeSlots: "date-timeslots",
    inputs.StarRating: "star-rating",
    inputs.HappinessRating: "happiness-rating",
    inputs.Like: "like",
    inputs.LocationInput: "location",
    inputs.Upload: "upload",
}


def _input_name(reply: Reply) -> str:
    """The card's name as designers write it."""
    if isinstance(reply.input, inputs.TextInput):
        return reply.input.format
    return "none" if reply.input is None else _INPUT_NAMES[type(reply.input)]


def _end(reply: Reply) -> str:
    return "no" if reply.action in (Action.REPLY, Action.PENDING) else reply.action.value


def _told(reply: Reply) -> Iterator[str]:
    """The whole reply as lines of a talk, so that a talk can be mended by copying."""
    yield "what came back:"
    yield from (f"- bot: {_quoted(text)}" for text in bubbles_of(reply))
    for what, came in ((what, read(reply)) for what, read in _LISTS.items()):
        if came:
            yield f"- {what}: {_listed(came)}"
    if reply.input is not None:
        yield f"- input: {_input_name(reply)}"
    if _end(reply) != "no":
        yield f"- ends: {_end(reply)}"


def _quoted(text: str) -> str:
    text = text.replace("\n", "\\n")
    return f'"{text[:MOST_SHOWN]}…"' if len(text) > MOST_SHOWN else f'"{text}"'


def _listed(texts: Sequence[str]) -> str:
    return "[" + ", ".join(_quoted(text) for text in texts) + "]"
