"""Sample talks: YAML scripts of conversations that are run as tests. Here: what one is, and reading it.

Playing them is talk_player's work; which talks visit which steps is counted by coverage.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal

from motenashi.conversation.visitor import Visitor
from motenashi.flow_engine.talk_given import GivenCrm, Hours
from motenashi.flow_engine.talk_lines import TalkLines
from motenashi.problems import Problem, did_you_mean
from motenashi.yaml_fields import FieldReader, describe
from motenashi.yaml_source import YamlMap, read_documents

# A Tuesday morning at the company, for talks that do not say when they take place.
USUAL_NOW = "2026-11-24 10:00"

ChannelName = Literal["website", "salesiq", "terminal"]


@dataclass(frozen=True)
class Moment:
    """A day and time, read as the company's own unless it names an offset."""

    written: str

    @classmethod
    def from_yaml(cls, raw: Any, reader: FieldReader, line: int, where: str) -> Moment | None:
        try:
            datetime.fromisoformat(str(raw))
        except ValueError:
            reader.problem(line, f"{where} must be a day and time, not {describe(raw)}.", f"E.g. {USUAL_NOW}.")
            return None
        return cls(str(raw))

    @classmethod
    def fits(cls, raw: Any) -> bool:
        return isinstance(raw, str)

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d[ T]\d\d:\d\d"}

    def in_zone(self, zone: Any) -> datetime:
        moment = datetime.fromisoformat(self.written)
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)


@dataclass(frozen=True)
class TalkScript:
    """The keys of a sample talk."""

    title: Annotated[str, "What happens, in one sentence."]
    talk: Annotated[TalkLines, "What is said, line by line. When a visitor does not speak first, the chat is opened."]
    bot: Annotated[str, "The flow that the conversation begins with."] = "storefront"
    language: Annotated[Literal["en", "ja"], "The visitor's language."] = "en"
    channel: Annotated[ChannelName, "Where it takes place."] = "website"
    as_: Annotated[str, "The visitor's e-mail address; unknown without it."] = ""
    verified: Annotated[bool, "The visitor has proved that address already."] = False
    visitor: Annotated[Visitor, "More that the channel tells of the visitor: name, phone, time_zone …"] = field(
        default_factory=Visitor
    )
    now: Annotated[Moment, "When it takes place, in the company's time zone."] = Moment(USUAL_NOW)
    hours: Annotated[Hours, "Business hours: as config.yaml has them, always open, or always closed."] = "as configured"
    given: Annotated[GivenCrm, "What the CRM knows."] = field(default_factory=GivenCrm)
    plug_fails: Annotated[tuple[str, ...], "Plugs that are out of order."] = ()


@dataclass(frozen=True)
class SampleTalk:
    """A script, and where it stands."""

    script: TalkScript
    file: str
    line: int

    @property
    def name(self) -> str:
        return f"{self.file.rpartition('/')[2].removesuffix('.yaml')}: {self.script.title}"


def read_talks(sources: Mapping[str, str]) -> tuple[tuple[SampleTalk, ...], list[Problem]]:
    """All talks of these files (name -> text), several in a file parted by `---`; and everything wrong with them.

    A first document without a talk holds keys that all talks of its file share.
    """
    talks: list[SampleTalk] = []
    problems: list[Problem] = []
    for file, text in sorted(sources.items()):
        documents, found = read_documents(text, file)
        problems += found
        if not documents and not found:
            problems.append(Problem(file, 0, "this file is empty.", "Write a talk into it, or remove it."))
        common, scripts = _parted(documents)
        if common and not scripts:
            problems.append(Problem(file, common.line, "no talk stands below what these talks share."))
        for document in scripts:
            talk, found = _read_talk(_with(common, document), file)
            problems += found
            if talk is not None:
                talks.append(talk)
    return tuple(talks), [*dict.fromkeys(problems), *_same_titles(talks)]


def _parted(documents: list[Any]) -> tuple[YamlMap, list[Any]]:
    """What all talks of a file share, when its first document has no talk of its own; and the talks."""
    if documents and isinstance(documents[0], YamlMap) and not {"talk", "title"} & set(documents[0]):
        return documents[0], documents[1:]
    return YamlMap(), documents


def _with(common: YamlMap, document: Any) -> Any:
    """A talk with the keys that its file's talks share; its own keys stand above them."""
    if not isinstance(document, YamlMap):
        return document
    both = YamlMap({**common, **document})
    both.line, both.lines = document.line, {**getattr(common, "lines", {}), **document.lines}
    return both


def _read_talk(document: Any, file: str) -> tuple[SampleTalk | None, list[Problem]]:
    reader = FieldReader(file)
    line = getattr(document, "line", 1)
    script = reader.record(TalkScript, document, line, "the talk")
    if script is None:
        return None, reader.problems
    _check_given(script.given, document, reader)
    return (None if reader.problems else SampleTalk(script, file, line)), reader.problems


def _check_given(given: GivenCrm, document: YamlMap, reader: FieldReader) -> None:
    """Deals name contacts and products that are there, and days that are days."""
    raw = document.get("given", {})
    deals = raw.get("deals", ())
    contacts, products = [person.email for person in given.contacts], [product.id for product in given.products]
    for place, deal in enumerate(given.deals):
        line = deals.line_of(place)
        if deal.contact not in contacts:
            what = f"there is no contact '{deal.contact}'."
            reader.problem(line, what, did_you_mean(deal.contact, contacts) or "Name one under given, contacts.")
        for product in deal.products:
            if product not in products:
                what = f"there is no product '{product}'."
                reader.problem(line, what, did_you_mean(product, products) or "Name one under given, products.")
        if deal.on and not re.fullmatch(r"\d{4}-\d\d-\d\d", deal.on):
            reader.problem(line, f"'{deal.on}' is no day.", "YYYY-MM-DD")


def _same_titles(talks: list[SampleTalk]) -> list[Problem]:
    """Titles name talks in reports, so no two of a file are the same."""
    names = [talk.name for talk in talks]
    return [
        Problem(talk.file, talk.line, f"another talk here has the title '{talk.script.title}'.", "Tell them apart.")
        for place, talk in enumerate(talks)
        if talk.name in names[:place]
    ]
