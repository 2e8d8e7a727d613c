"""One-time codes: who gets one, which answers are right, and that no crowd of guesses gets more than five tries."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from motenashi.conversation.verification import CodeAnswer, CodeCheck, CodeRequest
from motenashi.database import Database
from motenashi.identity.one_time_codes import OneTimeCodes, read_code
from motenashi.identity.settings import OneTimeCodeSettings
from motenashi.identity.tables import identity_codes, metadata
from motenashi.outgoing_mail.mail import Mail, MailNotConfigured

NOW = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)
ANN = "ann@example.com"


class Postbox:
    """Takes mail; once a key, like the real way out. `broken` refuses it."""

    def __init__(self) -> None:
        self.mails: dict[str, Mail] = {}
        self.broken = False

    def send(self, mail: Mail) -> None:
        if self.broken:
            raise MailNotConfigured("no server")
        self.mails.setdefault(mail.key, mail)

    @property
    def code(self) -> str:
        found = re.search(r"\d{6}", list(self.mails.values())[-1].text)
        assert found
        return found[0]


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def codes(database: Database, postbox: Postbox) -> OneTimeCodes:
    metadata.create_all(database.engine)
    return OneTimeCodes(database, postbox.send, OneTimeCodeSettings(company="Hoshi IT"), secret_key=b"k" * 32)


def ask(
    codes: OneTimeCodes, key: str, *, talk: str = "c1", email: str = ANN, now: datetime = NOW, language: str = "en"
) -> CodeRequest:
    return codes.send_code(conversation_id=talk, email=email, language=language, now=now, key=key)


def give(codes: OneTimeCodes, code: str, *, talk: str = "c1", email: str = ANN, now: datetime = NOW) -> CodeAnswer:
    return codes.check_code(conversation_id=talk, email=email, code=code, now=now)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_code_from_the_mail_is_right_and_only_once(codes: OneTimeCodes, postbox: Postbox) -> None:
    assert ask(codes, "k1") is CodeRequest.SENT

    assert give(codes, postbox.code).check is CodeCheck.RIGHT
    assert give(codes, postbox.code).check is CodeCheck.UNKNOWN


def test_nobody_asked_for_a_code_so_every_code_is_unknown(codes: OneTimeCodes) -> None:
    assert give(codes, "123456") == CodeAnswer(CodeCheck.UNKNOWN)


def test_the_address_is_the_same_in_any_case(codes: OneTimeCodes, postbox: Postbox) -> None:
    ask(codes, "k1", email=" Ann@Example.com ")

    assert give(codes, postbox.code, email="ANN@example.com").check is CodeCheck.RIGHT


def test_the_same_key_again_sends_one_mail(codes: OneTimeCodes, postbox: Postbox) -> None:
    assert [ask(codes, "k1"), ask(codes, "k1")] == [CodeRequest.SENT, CodeRequest.SENT]

    assert len(postbox.mails) == 1
    assert give(codes, postbox.code).check is CodeCheck.RIGHT


def test_a_new_code_voids_the_old_one(codes: OneTimeCodes, postbox: Postbox) -> None:
    ask(codes, "k1")
    old = postbox.code
    ask(codes, "k2", now=NOW + timedelta(seconds=5))

    if old != postbox.code:
        assert give(codes, old).check is CodeCheck.WRONG
    assert give(codes, postbox.code).check is CodeCheck.RIGHT


def test_a_right_code_says_how_long_it_verifies(codes: OneTimeCodes, postbox: Postbox) -> None:
    ask(codes, "k1")
    assert give(codes, postbox.code).until == NOW + timedelta(hours=OneTimeCodeSettings().hours_verified)


@pytest.mark.parametrize(("minutes", "check"), [(9.99, CodeCheck.RIGHT), (10, CodeCheck.EXPIRED)])
def test_a_code_is_good_for_ten_minutes(
    codes: OneTimeCodes, postbox: Postbox, minutes: float, check: CodeCheck
) -> None:
    ask(codes, "k1")

    assert give(codes, postbox.code, now=NOW + timedelta(minutes=minutes)).check is check


def test_the_fifth_wrong_try_locks_and_then_the_right_code_does_not_help(codes: OneTimeCodes, postbox: Postbox) -> None:
    ask(codes, "k1")
    answers = [give(codes, wrong(postbox.code)) for _ in range(5)]

    assert [answer.check for answer in answers] == [CodeCheck.WRONG] * 4 + [CodeCheck.LOCKED]
    assert [answer.tries_left for answer in answers] == [4, 3, 2, 1, 0]
    assert give(codes, postbox.code).check is CodeCheck.LOCKED


def test_words_without_six_digits_cost_no_try(codes: OneTimeCodes, postbox: Postbox) -> None:
    ask(codes, "k1")

    assert [give(codes, "where is it?").tries_left for _ in range(7)] == [5] * 7
    assert give(codes, postbox.code).check is CodeCheck.RIGHT


def test_a_code_is_good_for_its_own_address_and_conversation_only(codes: OneTimeCodes, postbox: Postbox) -> None:
    ask(codes, "k1", talk="c1", email=ANN)
    code = postbox.code
    ask(codes, "k2", talk="c2", email="eve@example.com")

    assert give(codes, code, talk="c2", email=ANN).check is CodeCheck.UNKNOWN
    assert give(codes, code, talk="c1", email="eve@example.com").check is CodeCheck.UNKNOWN


def test_concurrent_wrong_guesses_share_five_tries(codes: OneTimeCodes, postbox: Postbox) -> None:
    ask(codes, "k1")
    guess, together = wrong(postbox.code), Barrier(12)

    def one(_: int) -> CodeCheck:
        together.wait()
        return give(codes, guess).check

    with ThreadPoolExecutor(12) as threads:
        checks = list(threads.map(one, range(12)))

    assert checks.count(CodeCheck.WRONG) == 4
    assert checks.count(CodeCheck.LOCKED) == 8


def test_concurrent_right_answers_are_right_once(codes: OneTimeCodes, postbox: Postbox) -> None:
    ask(codes, "k1")
    code, together = postbox.code, Barrier(8)

    def one(_: int) -> CodeCheck:
        together.wait()
        return give(codes, code).check

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(one, range(8))).count(CodeCheck.RIGHT) == 1


def test_concurrent_requests_keep_to_the_limit(codes: OneTimeCodes, postbox: Postbox) -> None:
    together = Barrier(9)

    def one(number: int) -> CodeRequest:
        together.wait()
        return ask(codes, f"k{number}")

    with ThreadPoolExecutor(9) as threads:
        assert list(threads.map(one, range(9))).count(CodeRequest.SENT) == 5
    assert len(postbox.mails) == 5


def test_one_address_gets_five_codes_an_hour_from_all_conversations_together(codes: OneTimeCodes) -> None:
    asked = [ask(codes, f"k{n}", talk=f"c{n}") for n in range(6)]

    assert asked == [CodeRequest.SENT] * 5 + [CodeRequest.TOO_MANY]
    assert ask(codes, "later", talk="c9", now=NOW + timedelta(minutes=61)) is CodeRequest.SENT


def test_one_conversation_gets_five_codes_an_hour_for_all_addresses_together(codes: OneTimeCodes) -> None:
    asked = [ask(codes, f"k{n}", email=f"guess{n}@example.com") for n in range(6)]

    assert asked == [CodeRequest.SENT] * 5 + [CodeRequest.TOO_MANY]


def test_there_is_a_limit_for_everybody_together(database: Database, postbox: Postbox) -> None:
    metadata.create_all(database.engine)
    codes = OneTimeCodes(database, postbox.send, OneTimeCodeSettings(overall_per_hour=3), secret_key=b"k" * 32)
    asked = [ask(codes, f"k{n}", talk=f"c{n}", email=f"p{n}@example.com") for n in range(4)]

    assert asked == [CodeRequest.SENT] * 3 + [CodeRequest.TOO_MANY]


def test_a_mail_that_could_not_be_handed_over_is_said_so_and_counts_for_no_limit(
    codes: OneTimeCodes, postbox: Postbox
) -> None:
    postbox.broken = True
    assert [ask(codes, f"k{n}") for n in range(7)] == [CodeRequest.NOT_SENT] * 7

    postbox.broken = False
    assert ask(codes, "k1") is CodeRequest.SENT


@pytest.mark.parametrize(
    "email", ["", "ann", "ann@example", "ann@x.com\r\nBcc: b@x.com", "a@x.com, b@x.com", "a b@x.com"]
)
def test_what_is_no_address_gets_no_mail(codes: OneTimeCodes, postbox: Postbox, email: str) -> None:
    assert ask(codes, "k1", email=email) is CodeRequest.NOT_SENT
    assert postbox.mails == {}


def test_a_request_whose_process_died_before_the_mail_was_stored_can_begin_again(
    codes: OneTimeCodes, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(mail: Mail) -> None:
        raise Killed

    monkeypatch.setattr(codes, "_send_mail", die)
    with pytest.raises(Killed):
        ask(codes, "k1")
    monkeypatch.setattr(codes, "_send_mail", postbox.send)

    assert ask(codes, "k1", now=NOW + timedelta(seconds=60)) is CodeRequest.SENT
    assert give(codes, postbox.code, now=NOW + timedelta(seconds=60)).check is CodeCheck.RIGHT


def test_the_table_holds_no_code_and_the_hash_needs_the_servers_key(
    codes: OneTimeCodes, postbox: Postbox, database: Database
) -> None:
    ask(codes, "k1")
    with database.read() as connection:
        stored = connection.execute(select(identity_codes)).one()
    other = OneTimeCodes(database, postbox.send, OneTimeCodeSettings(), secret_key=b"x" * 32)

    assert postbox.code not in str(stored.code_mac)
    assert give(other, postbox.code).check is CodeCheck.WRONG


def test_the_compare_takes_the_same_time_for_every_code(
    codes: OneTimeCodes, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its making and not by a stopwatch: every check of six digits goes through compare_digest, on full hashes."""
    import hmac

    compared: list[tuple[str, str]] = []
    real: Callable[[str, str], bool] = hmac.compare_digest

    def watch(one: str, other: str) -> bool:
        compared.append((one, other))
        return real(one, other)

    ask(codes, "k1")
    monkeypatch.setattr("motenashi.identity.one_time_codes.hmac.compare_digest", watch)
    give(codes, wrong(postbox.code))
    give(codes, postbox.code)

    assert [(len(one), len(other)) for one, other in compared] == [(64, 64), (64, 64)]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("123456", "123456"),
        ("１２３４５６", "123456"),
        ("my code is 123 456", "123456"),
        ("コードは１２３　４５６です", "123456"),
        ("123-456.", "123456"),
        ("1 2 3 4 5 6", "123456"),
        ("٠٠١٢٣٤", "001234"),
        ("12345", ""),
        ("1234567", ""),
        ("", ""),
        ("x" * 10_000, ""),
    ],
)
def test_a_code_is_read_as_people_write_it(written: str, code: str) -> None:
    assert read_code(written) == code


def test_the_mail_is_in_the_visitors_language(codes: OneTimeCodes, postbox: Postbox) -> None:
    ask(codes, "k1", language="ja")
    ask(codes, "k2", language="en-GB")
    japanese, english = postbox.mails.values()

    assert (japanese.language, japanese.subject) == ("ja", "【Hoshi IT】確認コードのお知らせ")
    assert "有効期限は10分間" in japanese.text
    assert (english.language, english.subject) == ("en", "Your confirmation code from Hoshi IT")
    assert "good for 10 minutes" in english.text


def test_the_mails_html_escapes_what_it_is_given(database: Database, postbox: Postbox) -> None:
    metadata.create_all(database.engine)
    settings = OneTimeCodeSettings(company="<b>Hoshi</b>")
    ask(OneTimeCodes(database, postbox.send, settings, secret_key=b"k" * 32), "k1")
    (mail,) = postbox.mails.values()

    assert "&lt;b&gt;Hoshi" in mail.html
    assert "<b>Hoshi" not in mail.html
    assert mail.good_until == NOW + timedelta(minutes=10)


def test_one_machine_can_not_flood_strangers_with_codes(codes: OneTimeCodes) -> None:
    def from_machine(number: int, machine: str) -> CodeRequest:
        return codes.send_code(
            conversation_id=f"talk{number}",
            email=f"somebody{number}@example.com",
            language="en",
            now=NOW,
            key=f"k{number}",
            machine=machine,
        )

    most = OneTimeCodeSettings().per_machine_per_hour
    assert {from_machine(number, "192.0.2.1") for number in range(most)} == {CodeRequest.SENT}
    assert from_machine(most, "192.0.2.1") is CodeRequest.TOO_MANY
    assert from_machine(most + 1, "192.0.2.2") is CodeRequest.SENT
    assert from_machine(most + 2, "") is CodeRequest.SENT
