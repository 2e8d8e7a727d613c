"""The stories in scenarios/: mails and history in, the advice that a person would expect out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from motenashi.suggestions.advice.make_advice import next_due
from motenashi.suggestions.suggestion import Suggestion, TimeWindow
from tests.suggestions.advice.world import TOKYO, from_file, moment

FOLDER = Path(__file__).with_name("scenarios")
SITUATIONS = {"demo", "meeting", "product_information", "trial", "subscription", "discount", "quote"}
KEYS = {
    *("story", "language", "now", "record", "deal", "products", "touches", "planned", "held", "busy", "trial_ends"),
    *("term", "away_until", "standing", "time_zone", "open_deals", "mails", "history", "best_times", "expect"),
}
EXPECTED = {
    *("action", "purposes", "situation", "urgency", "title", "windows", "answer_by", "reasons", "no_reasons"),
    *("sentence", "draft", "alternatives", "effect"),
}


class _Words(yaml.SafeLoader):
    """Times stay words."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:timestamp"]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def stories() -> Iterator[Any]:
    for file in sorted(FOLDER.glob("*.yaml")):
        for story in yaml.load_all(file.read_text(encoding="utf-8"), Loader=_Words):
            yield pytest.param(story, id=f"{file.stem}: {story['story']}")


@pytest.mark.parametrize("story", list(stories()))
def test_the_advice_is_what_the_story_expects(story: Mapping[str, Any]) -> None:
    assert set(story) <= KEYS
    assert set(story["expect"]) <= EXPECTED
    language, expect = story.get("language", "en"), story["expect"]
    advice = from_file(story)

    told = plain(advice, language)
    assert {name: told[name] for name in PLAIN if name in expect} == {
        name: expect[name] for name in PLAIN if name in expect
    }
    reasons = [reason.text[language] for reason in advice.reasons]
    for part in expect.get("reasons", ()):
        assert any(part in reason for reason in reasons), (part, reasons)
    for part in expect.get("no_reasons", ()):
        assert not any(part in reason for reason in reasons), (part, reasons)
    if "sentence" in expect:
        assert expect["sentence"] in [reason.sentence for reason in advice.reasons]
    titles = [one.title[language] for one in advice.alternatives]
    for part in expect.get("alternatives", ()):
        assert any(part in title for title in titles), (part, titles)
    check_draft(advice, expect.get("draft", {}))
    assert next_due(advice) > advice.created_at


PLAIN = ("action", "purposes", "situation", "urgency", "title", "windows", "answer_by", "effect")


def plain(advice: Suggestion, language: str) -> dict[str, Any]:
    return {
        "action": advice.action,
        "purposes": list(advice.purposes),
        "situation": advice.situation,
        "urgency": advice.urgency,
        "title": advice.title[language],
        "windows": [window_words(window) for window in advice.windows],
        "answer_by": f"{advice.respond_by.astimezone(TOKYO):%Y-%m-%d %H:%M}",
        "effect": advice.effect.lift if advice.effect else None,
    }


def window_words(window: TimeWindow) -> str:
    start, end = window.start.astimezone(TOKYO), window.end.astimezone(TOKYO)
    until = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%Y-%m-%d %H:%M}"
    return f"{start:%Y-%m-%d %H:%M} - {until} {window.source}"


def check_draft(advice: Suggestion, expect: Mapping[str, Any]) -> None:
    draft = advice.draft
    if draft is None:
        assert not expect
        return
    assert draft.kind == advice.action
    assert draft.subject == expect.get("subject", draft.subject)
    for part in expect.get("text", ()):
        assert part in draft.text, draft.text
    for name in ("start", "end"):
        if name in expect:
            at = getattr(draft, name)
            assert isinstance(at, datetime)
            assert at == moment(expect[name])


def test_every_situation_has_its_stories_in_both_languages() -> None:
    told = {(story.values[0]["language"], story.values[0]["expect"].get("situation")) for story in stories()}

    assert told >= {(language, situation) for language in ("en", "ja") for situation in SITUATIONS}
