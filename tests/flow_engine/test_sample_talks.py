"""Every sample talk of the shop is a test case here; and a talk that goes differently says so, by line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from motenashi.flow_engine.coverage import coverage_of, whole
from motenashi.flow_engine.flow import FlowSet
from motenashi.flow_engine.flow_reader import read_flows
from motenashi.flow_engine.live_flows import read_folder
from motenashi.flow_engine.sample_talks import SampleTalk, read_talks
from motenashi.flow_engine.talk_comparison import text_fits
from motenashi.flow_engine.talk_player import TalkResult, run_talk
from motenashi.problems import ProblemsFound
from motenashi.settings import load_settings
from motenashi.talk_world import TalkWorlds, play, talks_in

if TYPE_CHECKING:
    from nlp.pipeline import MailReader

FLOWS = Path(__file__).parents[2] / "flows"
TALKS = talks_in(FLOWS / "sample_talks")

GREETING = """
flow: greeting
title: Greeting
trigger: {channel: [website]}
steps:
  hello:
    say: {en: Hello!, ja: こんにちは。}
  menu:
    say: {en: "Tea or coffee?", ja: お茶とコーヒー、どちらになさいますか。}
    choices:
      - {label: {en: Tea, ja: お茶}, go: tea}
      - {label: {en: Coffee, ja: コーヒー}, go: coffee}
  tea:
    say: {en: Here is your tea., ja: お茶でございます。}
    then: bye
  coffee:
    say: {en: Here is your coffee., ja: コーヒーでございます。}
  pause:
    wait: {silence: 5 minutes}
  bye:
    end_chat: {say: {en: Bye., ja: 失礼いたします。}}
"""


@cache
def shop_flows() -> FlowSet:
    flows, problems = read_flows(read_folder(FLOWS))
    assert problems == []
    return flows


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory, mail_reader: MailReader) -> Iterator[TalkWorlds]:
    settings = load_settings(str(FLOWS.parent / "config.yaml"), {})
    yield TalkWorlds(settings, tmp_path_factory.mktemp("talks"), mail_reader.read_chat)


@pytest.fixture(scope="module")
def greeting() -> FlowSet:
    flows, problems = read_flows({"flows/greeting.yaml": GREETING})
    assert problems == []
    return flows


def only_talk(text: str) -> SampleTalk:
    talks, problems = read_talks({"flows/sample_talks/t.yaml": text})
    assert problems == []
    return talks[0]


def played(text: str, flows: FlowSet, worlds: TalkWorlds) -> TalkResult:
    talk = only_talk(text)
    with worlds.of(talk) as world:
        return run_talk(talk, flows, world)


def told(result: TalkResult) -> list[str]:
    return [f"{problem.line}: {problem.what}" for problem in result.problems]


# The shop's own talks


@pytest.mark.parametrize("talk", TALKS, ids=[talk.name for talk in TALKS])
def test_the_talk_goes_as_written(talk: SampleTalk, worlds: TalkWorlds) -> None:
    with worlds.of(talk) as world:
        result = run_talk(talk, shop_flows(), world)

    assert [str(problem) for problem in result.problems] == []


def test_the_talks_visit_every_step_and_every_branch_of_the_shop(mail_reader: MailReader) -> None:
    settings = load_settings(str(FLOWS.parent / "config.yaml"), {})
    results = play(TALKS, shop_flows(), settings, mail_reader.read_chat)
    visits = [visit for result in results for visit in result.visited]
    all_flows = whole(coverage_of(shop_flows(), visits))

    assert [str(missing) for missing in all_flows.missing] == []
    assert all_flows.steps_percent == 100
    assert all_flows.branches_percent == 100


def test_the_talks_speak_both_languages() -> None:
    assert {talk.script.language for talk in TALKS} == {"en", "ja"}


def test_a_talk_fails_when_a_text_of_the_flow_is_changed(worlds: TalkWorlds) -> None:
    sources = read_folder(FLOWS)
    changed = {name: text.replace("What would you like to see?", "What now?") for name, text in sources.items()}
    flows, problems = read_flows(changed)
    talk = next(talk for talk in TALKS if talk.name == "new_visitor: Our services, as pages to open")
    with worlds.of(talk) as world:
        result = run_talk(talk, flows, world)

    assert problems == []
    line = (FLOWS / "sample_talks/new_visitor.yaml").read_text(encoding="utf-8").splitlines()
    assert [problem.what for problem in result.problems] == [
        'expected "What would you like to see?", and the bot said "What now?".'
    ]
    assert line[result.problems[0].line - 1].strip() == "- bot: What would you like to see?"


# What a talk that goes differently is told


def test_another_text_is_told_with_both_and_what_came_back(greeting: FlowSet, worlds: TalkWorlds) -> None:
    result = played("title: t\nbot: greeting\ntalk:\n- bot: Hallo!\n- bot: …\n", greeting, worlds)

    assert told(result) == ['4: expected "Hallo!", and the bot said "Hello!".']
    assert result.problems[0].evidence == (
        "what came back:",
        '- bot: "Hello!"',
        '- bot: "Tea or coffee?"',
        '- chips: ["Tea", "Coffee"]',
    )


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("- bot: Hello!", '4: the bot went on: "Tea or coffee?".'),
        (
            "- bot: Hello!\n- bot: Tea or coffee?\n- bot: Or water?",
            '6: expected "Or water?", and the bot said nothing more.',
        ),
        ("- bot: …\n- bot: Hello!", "4: the bubbles from here on are not those that came."),
        ("- bot: Hello!\n- bot: Tea or coffee?\n- bot: …", "6: expected more bubbles, and the bot said nothing more."),
        ("- products: …", '4: expected products ["…"], and there came [].'),
        ("- chips: [Tea]", '4: expected chips ["Tea"], and there came ["Tea", "Coffee"].'),
        ("- products: [Pot]", '4: expected products ["Pot"], and there came [].'),
        ("- input: email", "4: expected input: email, and it was none."),
        ("- ends: end", "4: expected ends: end, and it was no."),
        ("- chips: …\n- visitor: Tea\n- ends: forward", "6: expected ends: forward, and it was end."),
        ("- chips: …\n- code: right\n- bot: …", "5: no code has been mailed, so the visitor can't type it."),
        (
            "- chips: …\n- time passes: 1 hour\n- bot: Bye.",
            "5: nothing waits for this moment, so the bot says nothing.",
        ),
    ],
)
def test_each_difference_is_told_by_its_line(greeting: FlowSet, worlds: TalkWorlds, lines: str, problem: str) -> None:
    assert told(played(f"title: t\nbot: greeting\ntalk:\n{lines}\n", greeting, worlds)) == [problem]


def test_time_that_passes_wakes_a_step_that_waits(greeting: FlowSet, worlds: TalkWorlds) -> None:
    talk = """
title: t
bot: greeting
talk:
- bot: Hello!
- bot: …
- visitor: coffee
- bot: Here is your coffee.
- time passes: 4 minutes
- time passes: 2 minutes
- bot: Bye.
- ends: end
"""

    assert told(played(talk, greeting, worlds)) == []


def test_a_talk_with_an_unknown_flow_says_which_flows_there_are(greeting: FlowSet, worlds: TalkWorlds) -> None:
    result = played("title: t\nbot: greting\ntalk:\n- bot: …\n", greeting, worlds)

    assert [str(problem) for problem in result.problems] == [
        "flows/sample_talks/t.yaml:1: there is no flow 'greting'. Did you mean 'greeting'?"
    ]


@pytest.mark.parametrize(
    ("wanted", "came", "fits"),
    [
        ("Hello!", " Hello! ", True),
        ("Hello!", "Hello", False),
        ("Hel…", "Hello!", True),
        ("…lo!", "Hello!", True),
        ("…ell…", "Hello!", True),
        ("…", "", True),
        ("Hel…", "Shell", False),
        ("a\n  b", "a\nb", True),
    ],
)
def test_an_ellipsis_at_an_end_stands_for_anything(wanted: str, came: str, fits: bool) -> None:
    assert text_fits(wanted, came) is fits


# Files that are wrong

GIVEN = "given:\n  contacts:\n    - {email: a@example.com, last_name: A}\n  deals:\n    - "


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("title: t\ntalk:\n- bott: hi", "3: a talk has no line 'bott'. Did you mean 'bot'?"),
        ("title: t\ntalk:\n- hello", "3: a line of a talk must say who does what, not 'hello'. - visitor: hello"),
        ("title: t\ntalk:\n- bot: a\n- visitor: b", "4: nothing is expected after this 'visitor'. Add - bot: …"),
        ("title: t\ntalk:\n- bot: a\n- code: left\n- bot: b", "4: 'code' can't be 'left'. There is: right, wrong."),
        (
            "title: t\ntalk:\n- bot: a\n- time passes: soon",
            "4: 'time passes' must be a length of time, not 'soon'. E.g. 30 seconds, 5 minutes.",
        ),
        ("title: t\ntalk:\n- bot: a\nlanguage: fr", "4: the talk, 'language', can't be 'fr'. There is: en, ja."),
        (
            "title: t\ntalk:\n- bot: a\nnow: soon",
            "4: the talk, 'now', must be a day and time, not 'soon'. E.g. 2026-11-24 10:00.",
        ),
        ("title: t\ntalk: []", "2: the talk, 'talk', must be a list of lines, not a list. - visitor: hello"),
        (
            "title: t\ntalk:\n- bot: a\nvisitor: {nmae: A}",
            "4: the talk, 'visitor' has no key 'nmae'. Did you mean 'name'?",
        ),
        (
            f"title: t\ntalk:\n- bot: x\n{GIVEN}{{contact: b@example.com, stage: won, products: {{}}}}",
            "8: there is no contact 'b@example.com'. Did you mean 'a@example.com'?",
        ),
        (
            f"title: t\ntalk:\n- bot: x\n{GIVEN}{{contact: a@example.com, stage: won, products: {{nb: 1}}}}",
            "8: there is no product 'nb'. Name one under given, products.",
        ),
        ("language: ja\n", "1: no talk stands below what these talks share."),
        ("", "this file is empty. Write a talk into it, or remove it."),
    ],
)
def test_a_wrong_talk_file_is_told_by_line(text: str, problem: str) -> None:
    talks, problems = read_talks({"t.yaml": text})

    assert [str(found).removeprefix("t.yaml:").strip() for found in problems] == [problem]
    assert talks == ()


def test_two_talks_of_a_file_have_different_titles() -> None:
    text = "title: t\ntalk:\n- bot: a\n---\ntitle: t\ntalk:\n- bot: b\n"

    assert [problem.line for problem in read_talks({"t.yaml": text})[1]] == [5]


def test_what_talks_share_stands_first_and_each_may_differ() -> None:
    text = "language: ja\nbot: a\n---\ntitle: one\ntalk:\n- bot: x\n---\ntitle: two\nlanguage: en\ntalk:\n- bot: y\n"
    talks, problems = read_talks({"t.yaml": text})

    assert problems == []
    assert [(talk.script.bot, talk.script.language) for talk in talks] == [("a", "ja"), ("a", "en")]


def test_a_plug_that_is_to_fail_has_to_exist(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text("title: t\nplug_fails: [past_order]\ntalk:\n- bot: a\n")

    with pytest.raises(ProblemsFound, match=r"there is no plug 'past_order'\. Did you mean 'past_orders'"):
        talks_in(tmp_path)


def test_a_talk_finds_nothing_of_the_talk_before(worlds: TalkWorlds) -> None:
    booking = next(talk for talk in TALKS if "an appointment to talk about them" in talk.name)
    for _ in range(2):  # the second could not have the same slot in the same world
        with worlds.of(booking) as world:
            assert run_talk(booking, shop_flows(), world).problems == ()


def test_what_is_meant_to_fail_does_not_trouble_the_log(
    caplog: pytest.LogCaptureFixture, mail_reader: MailReader
) -> None:
    failing = [talk for talk in TALKS if talk.script.plug_fails]
    settings = load_settings(str(FLOWS.parent / "config.yaml"), {})
    results = play(failing, shop_flows(), settings, mail_reader.read_chat)

    assert any("failed" in visit.note for result in results for visit in result.visited)
    assert caplog.messages == []
