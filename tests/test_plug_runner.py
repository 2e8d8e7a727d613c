"""Every gate of the plug runner, with plugs that behave in every way a plug can."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

import pytest

from crm_client.embedded import tables
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.errors import CrmBusy, CrmConflict, CrmError, CrmRefused, CrmRejected, CrmUnreachable
from crm_client.records import Contact, Deal, Lead
from motenashi.conversation.assurance import NOBODY, Assurance, Identity
from motenashi.database import Database
from motenashi.plug_contract import (
    Plug,
    PlugCall,
    PlugFailed,
    PlugInputWrong,
    PlugRefused,
    PlugUnknown,
    plug,
)
from motenashi.plug_runner import PlugRunner, PlugSettings
from motenashi.plug_runner.record_emails import record_emails

NOW = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
HARUKA = Identity(Assurance.VERIFIED, "haruka.mori@example.com", "code")
PATIENCE = 30.0


@dataclass(frozen=True)
class Greeting:
    text: str
    when: datetime | None = None
    words: list[str] = field(default_factory=list)


@plug(title="Greet")
def greet(
    *,
    name: Annotated[str, "Whom."],
    times: int = 1,
    tone: Literal["warm", "short"] = "warm",
    language: str,
    now: datetime,
    identity: Identity,
    key: str,
) -> Greeting:
    return Greeting(f"{language} {tone} {name * times} {identity.level.word} {key}", now)


@plug(title="Secret", reveals="personal", about="contact_id")
def secret(*, contact_id: str, crm: EmbeddedCrm) -> Greeting:
    contact = crm.contact(contact_id)
    return Greeting(contact.phone if contact else "nobody")


@plug(title="Fail")
def fail(*, how: str) -> Greeting:
    raise TROUBLES[how]


@plug(title="Give nonsense")
def nonsense(*, what: str) -> Greeting:
    return {"none": None, "dict": {"text": "x"}, "number": Greeting(7)}[what]  # type: ignore


@plug(title="Write", changes=True)
def write(*, text: str = "", key: str) -> Greeting:
    return Greeting(key)


TROUBLES: dict[str, BaseException] = {
    "unreachable": CrmUnreachable("contact haruka.mori@example.com", "no answer"),
    "busy": CrmBusy("contact haruka.mori@example.com", "too many"),
    "refused": CrmRefused("contact", "key s3cret"),
    "rejected": CrmRejected("contact", "haruka.mori@example.com", "Email"),
    "conflict": CrmConflict("contact", "taken"),
    "new kind": CrmError("contact", "?"),
    "raised": KeyError("haruka.mori@example.com"),
    "exit": SystemExit(1),
}


@pytest.fixture
def crm(sqlite_database: Database) -> EmbeddedCrm:
    tables.metadata.create_all(sqlite_database.engine)
    return EmbeddedCrm(sqlite_database)


@pytest.fixture
def build(crm: EmbeddedCrm) -> Iterator[Callable[..., PlugRunner]]:
    runners: list[PlugRunner] = []

    def make(*plugs: Plug, emails_of: Any = None, **settings: Any) -> PlugRunner:
        ask = emails_of or (lambda record_id: record_emails(crm, record_id))
        runners.append(PlugRunner(plugs, crm=crm, emails_of=ask, settings=PlugSettings(**settings)))
        return runners[-1]

    yield make
    for runner in runners:
        runner.close()


Build = Callable[..., PlugRunner]


def call(name: str, inputs: dict[str, Any] | None = None, **more: Any) -> PlugCall:
    return PlugCall(name, inputs or {}, NOW, **more)


def test_inputs_and_what_the_runner_hands_over_reach_the_plug(build: Build) -> None:
    result = build(greet).run(
        call("greet", {"name": "森", "times": "2", "tone": " SHORT "}, identity=HARUKA, language="ja", key="k1")
    )

    assert result.outputs == {"text": "ja short 森森 verified k1", "when": "2026-05-01T09:00:00+00:00", "words": []}
    assert (result.personal, result.from_cache) == (False, False)


def test_an_unknown_plug_is_said_so_with_the_nearest_name(build: Build) -> None:
    with pytest.raises(PlugUnknown, match="Did you mean 'greet'"):
        build(greet, secret).run(call("gret"))


@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        ({}, "name"),
        ({"name": None}, "name"),
        ({"name": ["x"]}, "name"),
        ({"name": "x", "times": "often"}, "times"),
        ({"name": "x", "tone": "loud"}, "tone"),
        ({"name": "x", "tmes": 1}, "tmes"),
        ({"name": "x", "crm": "mine"}, "crm"),
        ({"name": "x", "identity": {"level": 2}}, "identity"),
    ],
)
def test_a_wrong_input_is_named(build: Build, inputs: dict[str, Any], field: str) -> None:
    with pytest.raises(PlugInputWrong) as caught:
        build(greet).run(call("greet", inputs))

    assert caught.value.field == field


def test_an_input_left_blank_takes_its_default(build: Build) -> None:
    result = build(greet).run(call("greet", {"name": "", "times": "", "tone": None}))

    assert result.outputs["text"] == "en warm  anonymous "


@pytest.fixture
def haruka(crm: EmbeddedCrm) -> Contact:
    return crm.save_contact(
        Contact("", "Mori", "Haruka", "Haruka.Mori@example.com", "hm@home.example", phone="03-1234-5678")
    )


@pytest.mark.parametrize("email", ["haruka.mori@example.com", "hm@home.example"])
def test_personal_data_is_for_the_verified_person(build: Build, haruka: Contact, email: str) -> None:
    identity = replace(HARUKA, email=email)

    result = build(secret).run(call("secret", {"contact_id": haruka.id}, identity=identity))

    assert result.outputs["text"] == "03-1234-5678"
    assert result.personal


@pytest.mark.parametrize(
    "identity",
    [
        pytest.param(NOBODY, id="nobody"),
        pytest.param(Identity(Assurance.CLAIMED, "haruka.mori@example.com"), id="claimed"),
        pytest.param(Identity(Assurance.VERIFIED, "tom.becker@example.com", "code"), id="somebody else"),
        pytest.param(Identity(Assurance.VERIFIED, "", "code"), id="verified without address"),
        pytest.param(Identity(Assurance.VERIFIED, "a", "code"), id="a letter of it"),
    ],
)
def test_personal_data_is_for_nobody_else(build: Build, haruka: Contact, identity: Identity) -> None:
    runner = build(secret)

    with pytest.raises(PlugRefused):
        runner.run(call("secret", {"contact_id": haruka.id}, identity=identity))
    assert runner.counts()["secret"].refused == 1


@pytest.mark.parametrize("inputs", [{}, {"contact_id": ""}, {"contact_id": None}, {"contact_id": " "}])
def test_without_saying_whose_data_it_is_refused(build: Build, inputs: dict[str, Any]) -> None:
    with pytest.raises(PlugRefused):
        build(secret).run(call("secret", inputs, identity=HARUKA))


def test_a_record_that_does_not_exist_is_nobodys(build: Build) -> None:
    with pytest.raises(PlugRefused):
        build(secret).run(call("secret", {"contact_id": "no such"}, identity=HARUKA))


def test_a_record_without_addresses_is_nobodys(build: Build, crm: EmbeddedCrm) -> None:
    stored = crm.save_contact(Contact("", "Mori", phone="03-1234-5678"))

    with pytest.raises(PlugRefused):
        build(secret).run(call("secret", {"contact_id": stored.id}, identity=replace(HARUKA, email="")))


def test_the_addresses_given_as_one_text_open_nothing(build: Build) -> None:
    runner = build(secret, emails_of=lambda _: "haruka.mori@example.com")

    with pytest.raises(PlugRefused):
        runner.run(call("secret", {"contact_id": "1"}, identity=replace(HARUKA, email="h")))


def test_who_is_not_verified_learns_nothing_about_the_inputs(build: Build) -> None:
    with pytest.raises(PlugRefused):
        build(secret).run(call("secret", {"contact_id": {"a": 1}, "other": 1}))


def test_a_crm_that_is_away_is_no_unknown_record(build: Build, sqlite_database: Database) -> None:
    """Without its tables the CRM can't say whose record this is."""
    runner = build(secret)
    tables.metadata.drop_all(sqlite_database.engine)

    with pytest.raises(PlugFailed) as caught:
        runner.run(call("secret", {"contact_id": "1"}, identity=HARUKA))

    assert caught.value.reason == "crm_unreachable"


def test_a_lead_is_verified_by_the_leads_address(crm: EmbeddedCrm) -> None:
    lead = crm.save_lead(Lead("", "Becker", "Becker AG", email="Tom.Becker@example.com"))

    assert record_emails(crm, lead.id) == ("tom.becker@example.com",)
    assert record_emails(crm, "no such") == record_emails(crm, "") == ()


def test_a_deal_is_its_contacts(crm: EmbeddedCrm) -> None:
    contact = crm.save_contact(Contact("", "Mori", email="Haruka.Mori@example.com"))
    stage = crm.stages()[0].name

    hers = crm.save_deal(Deal("", "One", stage, contact_id=contact.id), at=NOW)
    nobodys = crm.save_deal(Deal("", "Another", stage), at=NOW)

    assert record_emails(crm, hers.id) == ("haruka.mori@example.com",)
    assert record_emails(crm, nobodys.id) == ()


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("unreachable", "crm_unreachable"),
        ("busy", "crm_busy"),
        ("refused", "crm_refused"),
        ("rejected", "crm_rejected"),
        ("conflict", "crm_rejected"),
        ("new kind", "crm_rejected"),
        ("raised", "raised"),
        ("exit", "raised"),
    ],
)
def test_whatever_a_plug_raises_is_told_by_reason_and_never_by_its_words(
    build: Build, how: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    runner = build(fail)

    with pytest.raises(PlugFailed) as caught:
        runner.run(call("fail", {"how": how}))

    assert caught.value.reason == reason
    assert runner.counts()["fail"].failures == {reason: 1}
    said = caplog.text + str(caught.value) + "".join(logging.Formatter().formatException(_info(caught.value)))
    assert "haruka" not in said
    assert "s3cret" not in said


def _info(error: BaseException) -> Any:
    return type(error), error, error.__traceback__


def test_the_log_says_where_a_plug_raised(build: Build, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(PlugFailed):
        build(fail).run(call("fail", {"how": "raised"}))

    assert "KeyError" in caplog.text
    assert f"{fail.function.__code__.co_filename}:" in caplog.text
    assert "in fail" in caplog.text


@pytest.mark.parametrize("what", ["none", "dict", "number"])
def test_another_output_than_declared_is_a_failure(build: Build, what: str) -> None:
    with pytest.raises(PlugFailed) as caught:
        build(nonsense).run(call("nonsense", {"what": what}))

    assert caught.value.reason == "bad_output"


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Plugs that hang, hang until this opens."""
    event = threading.Event()
    yield event
    event.set()


def hanging(gate: threading.Event, *, timeout: float = 2.0) -> Plug:
    @plug(title="Hang", timeout=timeout)
    def hang(*, seconds: float = PATIENCE) -> Greeting:
        return Greeting(str(gate.wait(seconds)))

    return hang


@pytest.mark.parametrize(
    ("stated", "settings", "given"),
    [
        (0.25, {}, {}),
        (60.0, {"timeouts": {"hang": 0.25}}, {}),
        (60.0, {}, {"timeout": 0.25}),
        (60.0, {}, {"deadline": 0.25}),
        (60.0, {"timeouts": {"hang": 30}}, {"timeout": 20.0, "deadline": 0.25}),
        (60.0, {}, {"deadline": -5.0}),
        (60.0, {}, {"timeout": 0.0}),
    ],
)
def test_the_shortest_of_all_time_limits_holds(
    build: Build, gate: threading.Event, stated: float, settings: dict[str, Any], given: dict[str, Any]
) -> None:
    """Only one limit of each row is near; with any other the test itself would time out."""
    if "deadline" in given:
        given = {**given, "deadline": time.monotonic() + given["deadline"]}

    with pytest.raises(PlugFailed) as caught:
        build(hanging(gate, timeout=stated), **settings).run(call("hang", **given))

    assert caught.value.reason == "timeout"


def test_a_timeout_in_the_settings_may_also_be_longer(build: Build, gate: threading.Event) -> None:
    runner = build(hanging(gate, timeout=0.01), timeouts={"hang": PATIENCE})

    assert runner.run(call("hang", {"seconds": 0.05})).outputs["text"] == "False"


def test_a_plug_that_hangs_for_ever_uses_up_its_own_threads_only(build: Build, gate: threading.Event) -> None:
    runner = build(hanging(gate, timeout=0.25), greet, threads_per_plug=3)
    reasons = []
    for _ in range(6):
        with pytest.raises(PlugFailed) as caught:
            runner.run(call("hang"))
        reasons.append(caught.value.reason)

    assert reasons == ["timeout"] * 3 + ["too_many_running"] * 3
    assert runner.counts()["hang"].stuck == 3
    assert runner.run(call("greet", {"name": "x"})).outputs["text"].startswith("en warm x")


def test_a_crm_that_hangs_while_asked_whose_record_it_is_hangs_nobody(build: Build, gate: threading.Event) -> None:
    runner = build(secret, emails_of=lambda _: [str(gate.wait(PATIENCE))])

    with pytest.raises(PlugFailed) as caught:
        runner.run(call("secret", {"contact_id": "1"}, identity=HARUKA, timeout=0.25))

    assert caught.value.reason == "timeout"


@dataclass(frozen=True)
class Number:
    number: int
    items: list[dict[str, int]]


class Counting:
    """A cached plug that says how often it was called."""

    def __init__(self, seconds: float = 60.0) -> None:
        self.calls = 0
        counting = self

        @plug(title="Count", cache=seconds)
        def count(*, by: str = "deals", limit: int = 5, flags: tuple[str, ...] = (), language: str) -> Number:
            counting.calls += 1
            return Number(counting.calls, [{"limit": limit}])

        self.plug = count


def test_the_same_question_is_answered_from_the_cache(build: Build) -> None:
    counting = Counting()
    runner = build(counting.plug)

    first = runner.run(call("count", {"limit": 3}))
    again = runner.run(call("count", {"limit": "3", "by": "deals", "flags": None}))

    assert (first.from_cache, again.from_cache) == (False, True)
    assert first.outputs == again.outputs == {"number": 1, "items": [{"limit": 3}]}
    assert counting.calls == 1
    counts = runner.counts()["count"]
    assert (counts.calls, counts.answered, counts.cache_hits) == (2, 1, 1)


@pytest.mark.parametrize(
    "other",
    [
        call("count", {"limit": 4}),
        call("count", {"by": "recent"}),
        call("count", {"flags": ["deals"]}),
        call("count", language="ja"),
        replace(call("count"), now=NOW + timedelta(seconds=60)),
        replace(call("count"), now=NOW - timedelta(seconds=60)),
    ],
)
def test_another_question_or_a_later_one_is_asked_anew(build: Build, other: PlugCall) -> None:
    counting = Counting()
    runner = build(counting.plug)
    runner.run(call("count"))

    assert not runner.run(other).from_cache
    assert counting.calls == 2


def test_inputs_that_look_alike_when_written_side_by_side_are_not_mixed_up(build: Build) -> None:
    counting = Counting()
    runner = build(counting.plug)

    for inputs in ({"by": "a", "flags": ["b", "c"]}, {"by": "a", "flags": ['b", "c']}, {"by": 'a", "b'}):
        assert not runner.run(call("count", inputs)).from_cache


def test_nobody_can_change_what_the_next_one_gets(build: Build) -> None:
    runner = build(Counting().plug)
    for _ in range(3):
        outputs: Any = runner.run(call("count")).outputs
        assert outputs == {"number": 1, "items": [{"limit": 5}]}
        outputs["items"].append("mine")
        outputs["items"][0]["limit"] = 0


def test_the_cache_keeps_what_was_used_last(build: Build) -> None:
    counting = Counting()
    runner = build(counting.plug, cached_results=2)
    for limit in (1, 2, 1, 3):
        runner.run(call("count", {"limit": limit}))

    assert [runner.run(call("count", {"limit": limit})).from_cache for limit in (3, 1, 2)] == [True, True, False]


def test_an_operator_can_do_without_the_cache(build: Build) -> None:
    runner = build(Counting().plug, cached_results=0)
    runner.run(call("count"))

    assert not runner.run(call("count")).from_cache


def test_a_failure_is_not_kept(build: Build) -> None:
    answers: list[Any] = [CrmUnreachable("x", "away"), Number(1, [])]

    @plug(title="Recover", cache=60)
    def recover() -> Number:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    runner = build(recover)
    with pytest.raises(PlugFailed):
        runner.run(call("recover"))

    assert runner.run(call("recover")).outputs == {"number": 1, "items": []}


def test_personal_data_and_changes_are_carried_out_every_time(build: Build, haruka: Contact) -> None:
    runner = build(secret, write)
    for number in range(2):
        personal = runner.run(call("secret", {"contact_id": haruka.id}, identity=HARUKA))
        written = runner.run(call("write", key=f"k{number}"))

        assert not personal.from_cache
        assert written.outputs["text"] == f"k{number}"


@pytest.mark.parametrize(
    "unsafe",
    [
        replace(secret, cache=60.0),
        replace(write, cache=60.0),
        replace(greet, cache=60.0),
        replace(greet, injected=("key",), cache=60.0),
    ],
)
def test_a_plug_whose_result_depends_on_who_asks_may_not_be_cached(build: Build, unsafe: Plug) -> None:
    with pytest.raises(ValueError, match="never cached"):
        build(unsafe)


@pytest.mark.parametrize(
    ("plugs", "settings", "what"),
    [
        ((greet, greet), {}, "two plugs named 'greet'"),
        ((greet,), {"timeouts": {"gret": 1.0}}, "Did you mean 'greet'"),
        ((greet,), {"timeouts": {"greet": 0}}, "more than 0 seconds"),
    ],
)
def test_settings_and_plugs_that_make_no_sense_are_told_at_the_start(
    build: Build, plugs: tuple[Plug, ...], settings: dict[str, Any], what: str
) -> None:
    with pytest.raises(ValueError, match=what):
        build(*plugs, **settings)


def test_a_type_that_cannot_be_checked_is_told_at_the_start(build: Build) -> None:
    @plug(title="Odd")
    def odd(*, data: bytes) -> Greeting:
        return Greeting("")

    with pytest.raises(TypeError, match="can't take"):
        build(odd)


def test_many_visitors_at_once_each_get_their_own_answer_and_are_counted(build: Build) -> None:
    runner = build(greet)
    with ThreadPoolExecutor(16) as visitors:
        results = list(visitors.map(lambda n: runner.run(call("greet", {"name": str(n)}, key=str(n))), range(200)))

    assert [result.outputs["text"] for result in results] == [f"en warm {n} anonymous {n}" for n in range(200)]
    counts = runner.counts()["greet"]
    assert (counts.calls, counts.answered, counts.failures, counts.stuck) == (200, 200, {}, 0)
    assert counts.seconds > 0


def test_nobodys_data_stays_behind_in_a_thread(build: Build) -> None:
    """An idle thread holds neither inputs nor outputs of the call before."""
    name = "x" * 1000
    runner = build(greet)
    before = sys.getrefcount(name)
    runner.run(call("greet", {"name": name}))
    end = time.monotonic() + PATIENCE
    while sys.getrefcount(name) > before and time.monotonic() < end:
        time.sleep(0.005)

    assert sys.getrefcount(name) == before
