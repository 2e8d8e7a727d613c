"""A mail is kept once, read by one at a time, and never lost on the way to being read."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy.exc import StatementError

from motenashi.database import Database
from motenashi.inbound_mail import calm_words
from motenashi.inbound_mail.mail_marks import MOST_TO_DECODE, Headline, mark_of
from motenashi.inbound_mail.mail_store import CLAIM, FORGET_AT_ONCE, TRIED_OUT, Kept, MailStore, MailToKeep
from motenashi.inbound_mail.settings import InboundMailSettings
from motenashi.inbound_mail.tables import metadata

NOW = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MAIL = b"""\
From: Ann Lee <ann@example.com>\r
To: sales@example.org\r
Subject: =?iso-2022-jp?B?GyRCJSIlKSUiITwlVkglSGtCMxsoQg==?= demo\r
Date: Mon, 11 May 2026 10:00:00 +0900\r
Message-ID: <m1@example.com>\r
\r
Could you show us the AeroBook?\r
"""


@pytest.fixture
def mails(database: Database) -> Iterator[MailStore]:
    metadata.create_all(database.engine)
    yield MailStore(database, InboundMailSettings(most_tries=3, first_pause=30))


def keep(mails: MailStore, raw: bytes, *, source: str = "http", at: datetime = NOW) -> Kept:
    return mails.keep(raw, source=source, received_at=at)


def numbered(number: int) -> bytes:
    return MAIL.replace(b"m1@", b"m%d@" % number)


# Keeping


def test_the_bytes_come_back_as_they_were(mails: MailStore) -> None:
    kept = keep(mails, MAIL)

    assert kept.new
    assert mails.raw(kept.id) == MAIL
    mail = mails.mail(kept.id)
    assert mail is not None
    assert (mail.message_id, mail.source, mail.received_at, mail.size) == ("m1@example.com", "http", NOW, len(MAIL))
    assert (mail.state, mail.tries, mail.error) == ("waiting", 0, "")
    assert mail.sender == "Ann Lee <ann@example.com>"
    assert mail.subject.endswith("demo") and not mail.subject.startswith("=?")
    assert mail.sent_at == datetime(2026, 5, 11, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(MAIL, id="the same bytes"),
        pytest.param(b"Received: from mx.example.net by mx2\r\n\tid 7; now\r\n" + MAIL, id="by another way"),
        pytest.param(b"Return-Path: <ann@example.com>\n" + MAIL.replace(b"\r\n", b"\n"), id="with Unix line ends"),
        pytest.param(b"From ann@example.com Mon May 11 10:00:00 2026\n" + MAIL, id="out of an mbox file"),
        pytest.param(MAIL.replace(b"Message-ID: <", b"Message-Id:\r\n <"), id="folded"),
        pytest.param(MAIL.replace(b"Ann Lee <ann@example.com>", b'"Lee, Ann" <Ann@Example.com>'), id="name rewritten"),
        pytest.param(MAIL + b"\r\n\r\n", id="with empty lines behind it"),
    ],
)
def test_another_delivery_is_the_same_mail(mails: MailStore, again: bytes) -> None:
    first = keep(mails, MAIL)

    assert keep(mails, again, source="imap:sales") == Kept(first.id, new=False)
    assert sum(mails.counts().values()) == 1


def test_a_stolen_message_id_suppresses_nobody(mails: MailStore) -> None:
    forged = keep(mails, MAIL.replace(b"ann@example.com", b"mallory@example.net"))

    true = keep(mails, MAIL)

    assert true.new and true.id != forged.id
    assert mails.waiting(10, NOW) == [forged.id, true.id]


def test_other_words_under_the_same_message_id_sender_and_date_are_kept_as_a_copy(mails: MailStore) -> None:
    first = keep(mails, MAIL)
    other = MAIL.replace(b"Could you show us", b"Please send no more about")

    assert keep(mails, other) == Kept(first.id, new=False)
    assert keep(mails, other) == Kept(first.id, new=False)

    [copy] = mails.newest(state="skipped")
    assert (copy.why, mails.raw(copy.id)) == ("copy", other)
    assert mails.waiting(10, NOW) == [first.id]
    assert mails.put_back(copy.id, NOW)
    assert mails.waiting(10, NOW) == [first.id, copy.id]


def test_a_mail_that_was_tried_out_before_it_came_is_read_in_earnest_when_it_comes(mails: MailStore) -> None:
    pasted = MAIL.replace(b"\r\nCould you", b"\r\nA note of mine. Could you")
    tried = keep(mails, pasted, source=TRIED_OUT)
    mails.keep_reading(tried.id, {}, now=NOW)

    assert keep(mails, pasted, source=TRIED_OUT) == Kept(tried.id, False)
    assert keep(mails, MAIL, at=NOW + SECOND) == Kept(tried.id, True)
    mail = mails.mail(tried.id)
    assert mail is not None
    assert (mail.state, mail.source, mail.received_at) == ("waiting", "http", NOW + SECOND)
    assert mails.raw(tried.id) == MAIL
    assert keep(mails, MAIL) == keep(mails, MAIL, source=TRIED_OUT) == Kept(tried.id, False)
    assert mails.counts()["skipped"] == 0  # what was pasted is no copy of anything


def test_without_a_message_id_the_bytes_decide(mails: MailStore) -> None:
    anonymous = MAIL.replace(b"Message-ID: <m1@example.com>\r\n", b"")
    first = keep(mails, anonymous)

    assert keep(mails, anonymous.replace(b"\r\n", b"\n")) == Kept(first.id, new=False)
    assert keep(mails, anonymous.replace(b"AeroBook", b"LiteBook")).new
    assert mails.counts()["waiting"] == 2


@pytest.mark.parametrize(
    "raw", [b"", b"\0", b"\r\n\r\n", b"\xff\xfe" * 99, b"Message-ID:\r\n\r\n", b"Message-ID: <>\r\n"]
)
def test_any_bytes_are_a_mail(mails: MailStore, raw: bytes) -> None:
    kept = keep(mails, raw)

    assert mails.raw(kept.id) == raw
    assert keep(mails, raw) == Kept(kept.id, new=False)


def test_of_an_endless_header_only_the_beginning_is_decoded() -> None:
    """Decoding all of this one takes half a second."""
    mark = mark_of(b"Message-ID: <m1@example.com>\r\nSubject: " + b"=?utf-8?q?x?= " * 17_000)

    assert mark.message_id == "m1@example.com"
    assert mark.headline.subject.startswith("xxx")
    assert mark.headline.subject.count("x") < MOST_TO_DECODE // 13


HEADERS = some.lists(
    some.tuples(
        some.sampled_from(
            [b"Message-ID: ", b"from:", b"DATE:", b"Subject: =?utf-8?B?", b"Subject: =?iso-2022-jp?Q?", b"\t"]
        ),
        some.binary(max_size=30),
    ).map(b"".join)
).map(b"\n".join)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    raw=some.one_of(
        some.binary(max_size=300), HEADERS, some.tuples(HEADERS, some.binary(max_size=50)).map(b"\n\n".join)
    )
)
def test_no_bytes_break_the_store(mails: MailStore, raw: bytes) -> None:
    kept = keep(mails, raw)

    mail = mails.mail(kept.id)
    assert mail is not None
    assert not keep(mails, raw).new


def test_of_many_that_keep_one_mail_at_once_one_was_first(mails: MailStore) -> None:
    together = threading.Barrier(8)

    def at_once(_: int) -> Kept:
        together.wait()
        return keep(mails, MAIL)

    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(at_once, range(8)))

    assert sum(each.new for each in kept) == 1
    assert len({each.id for each in kept}) == 1


def test_many_are_kept_in_one_go_and_all_or_none(mails: MailStore) -> None:
    batch = [MailToKeep(numbered(number), "import", NOW) for number in (1, 2, 1)]

    kept = mails.keep_many(batch)
    assert [each.new for each in kept] == [True, True, False]

    with pytest.raises(StatementError, match="time zone"):
        mails.keep_many([MailToKeep(numbered(3), "import", NOW), MailToKeep(MAIL, "import", NOW.replace(tzinfo=None))])
    assert mails.counts()["waiting"] == 2


def test_a_mail_too_large_is_seen_and_does_not_stand_in_the_way_of_itself(mails: MailStore) -> None:
    head = MAIL.partition(b"\r\n\r\n")[0]
    aside = [
        mails.keep_aside(
            head, size=99_000_000, source="imap:a", received_at=NOW, error="It is too large.", cause="99 MB"
        )
        for _ in range(2)
    ]

    assert aside[1] == Kept(aside[0].id, new=False)
    [line] = mails.newest(state="set_aside")
    assert (line.size, line.error, line.sender) == (99_000_000, "It is too large.", "Ann Lee <ann@example.com>")
    assert keep(mails, MAIL).new


def test_what_was_kept_survives_a_killed_process(database: Database, database_url: str) -> None:
    metadata.create_all(database.engine)
    program = dedent("""
        import os, sys
        from datetime import UTC, datetime
        from motenashi.inbound_mail.mail_store import MailStore
        from motenashi.storage.open_database import open_database
        mails = MailStore(open_database(sys.argv[1]))
        kept = mails.keep(sys.argv[2].encode(), source="http", received_at=datetime.now(UTC))
        assert mails.claim(kept.id, datetime.now(UTC))
        os.kill(os.getpid(), 9)
    """)
    command = [sys.executable, "-c", program, database_url, MAIL.decode()]
    assert subprocess.run(command, timeout=60, check=False).returncode == -9

    mails = MailStore(database)
    assert mails.waiting(10, datetime.now(UTC)) == [], "the dead reader's claim has not ended yet"
    [waiting] = mails.waiting(10, datetime.now(UTC) + CLAIM)
    assert mails.raw(waiting) == MAIL
    assert mails.claim(waiting, datetime.now(UTC) + CLAIM)


# Reading


def test_a_mail_is_read_by_one(mails: MailStore) -> None:
    mail_id = keep(mails, MAIL).id
    together = threading.Barrier(8)

    def at_once(_: int) -> bool:
        together.wait()
        return mails.claim(mail_id, NOW)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(at_once, range(8))) == 1


def test_a_claim_ends(mails: MailStore) -> None:
    mail_id = keep(mails, MAIL).id
    assert mails.claim(mail_id, NOW)

    assert not mails.claim(mail_id, NOW + CLAIM - SECOND)
    assert mails.waiting(10, NOW + CLAIM - SECOND) == []
    assert mails.waiting(10, NOW + CLAIM) == [mail_id]
    assert mails.claim(mail_id, NOW + CLAIM)


def test_a_mail_whose_readers_all_die_is_set_aside(mails: MailStore) -> None:
    mail_id = keep(mails, MAIL).id
    moments = [NOW + CLAIM * number for number in range(4)]

    assert [mails.claim(mail_id, moment) for moment in moments] == [True, True, True, False]

    mail = mails.mail(mail_id)
    assert mail is not None
    assert mail.state == "set_aside" and "never came to its end" in mail.error
    assert mails.waiting(10, NOW + CLAIM * 99) == []


def test_a_reading_is_kept_and_replaced_whole(mails: MailStore) -> None:
    mail_id = keep(mails, MAIL).id
    mails.claim(mail_id, NOW)
    mails.keep_reading(mail_id, {"intents": ["demo"], "text": "来週\0 \ud800"}, now=NOW, links={"contact": "7"})
    mails.keep_reading(
        mail_id,
        {"intents": ["quote"]},
        now=NOW + SECOND,
        headline=Headline("山田 <y@example.jp>", "見積", NOW),
        summary={"labels": ["quote"]},
    )

    mail = mails.mail(mail_id)
    assert mail is not None
    assert (mail.state, mail.read_at) == ("read", NOW + SECOND)
    assert (mail.reading, mail.links, mail.summary) == ({"intents": ["quote"]}, None, {"labels": ["quote"]})
    assert (mail.sender, mail.subject, mail.sent_at) == ("山田 <y@example.jp>", "見積", NOW)
    assert not mails.claim(mail_id, NOW + CLAIM * 2)


def test_text_that_no_database_takes_is_made_harmless(mails: MailStore) -> None:
    mail_id = keep(mails, MAIL).id
    mails.keep_reading(mail_id, {"a\0": ["\ud83d\ude00 \ud800", 1, None]}, now=NOW)

    mail = mails.mail(mail_id)
    assert mail is not None
    assert mail.reading == {"a": ["😀 \ufffd", 1, None]}


def test_failures_are_tried_again_with_growing_pauses_and_then_set_aside(mails: MailStore) -> None:
    mail_id, now, waited = keep(mails, MAIL).id, NOW, []
    for _ in range(3):
        assert mails.claim(mail_id, now)
        state = mails.failed(mail_id, now=now, error="It can't be read.", cause="ValueError in dates.py")
        mail = mails.mail(mail_id)
        assert mail is not None
        assert (mail.state, mail.error, mail.cause) == (state, "It can't be read.", "ValueError in dates.py")
        if state == "waiting":
            waited.append((mail.due_at - now).total_seconds())
            now = mail.due_at

    assert waited == [30, 60]
    assert mails.counts() == {"waiting": 0, "read": 0, "set_aside": 1, "skipped": 0}


def test_what_is_given_back_has_used_up_no_try(mails: MailStore) -> None:
    mail_id, now = keep(mails, MAIL).id, NOW
    for _ in range(10):
        assert mails.claim(mail_id, now)
        now += SECOND
        mails.give_back(mail_id, now, "The CRM did not answer.", "CrmUnreachable")
        assert not mails.claim(mail_id, now - SECOND)

    mail = mails.mail(mail_id)
    assert mail is not None
    assert (mail.state, mail.tries, mail.error) == ("waiting", 0, "The CRM did not answer.")
    mails.give_back(mail_id, now, "", "")  # never claimed: there is nothing to give back
    assert mails.claim(mail_id, now)
    assert (again := mails.mail(mail_id)) is not None
    assert again.tries == 1


def test_what_was_set_aside_can_be_put_back_and_begins_anew(mails: MailStore) -> None:
    mail_id = keep(mails, MAIL).id
    mails.claim(mail_id, NOW)
    mails.set_aside(mail_id, "It can't be read.", "ValueError")

    assert mails.put_back(mail_id, NOW)
    assert not mails.put_back(mail_id, NOW), "it waits already"
    assert not mails.put_back(999, NOW)

    mail = mails.mail(mail_id)
    assert mail is not None
    assert (mail.state, mail.tries, mail.error, mail.cause) == ("waiting", 0, "", "")
    assert mails.claim(mail_id, NOW)


def test_a_late_failure_does_not_undo_somebody_elses_reading(mails: MailStore) -> None:
    mail_id = keep(mails, MAIL).id
    mails.keep_reading(mail_id, {}, now=NOW)

    assert mails.failed(mail_id, now=NOW, error="too late", cause="") == "read"
    mails.set_aside(mail_id, "too late")
    mails.skip(mail_id, "loop")
    mails.try_later(mail_id, NOW, "too late")

    mail = mails.mail(mail_id)
    assert mail is not None
    assert (mail.state, mail.error, mail.why) == ("read", "", "")


def test_what_needs_no_reading_is_skipped_with_the_reason(mails: MailStore) -> None:
    mail_id = keep(mails, MAIL).id

    mails.skip(mail_id, "bounce")

    [mail] = mails.newest(state="skipped")
    assert (mail.id, mail.why) == (mail_id, "bounce")
    assert mails.waiting(10, NOW) == []


def test_those_that_wait_longest_come_first(mails: MailStore) -> None:
    first, second, third = [keep(mails, numbered(number), at=NOW + SECOND * number).id for number in (1, 2, 3)]
    mails.try_later(first, NOW + SECOND * 10, "the CRM is away")

    assert mails.waiting(10, NOW + SECOND * 60) == [second, third, first]
    assert mails.waiting(1, NOW + SECOND * 60) == [second]
    assert mails.waiting(10, NOW + SECOND * 2) == [second]
    assert mails.waiting_since() == NOW + SECOND


def test_what_people_are_told_is_there_in_both_languages() -> None:
    assert all(set(words) == {"en", "ja"} for words in calm_words.ALL)
    assert calm_words.in_language(calm_words.NOT_GIVEN["en"], "ja") == calm_words.NOT_GIVEN["ja"]
    assert calm_words.in_language("anything else", "ja") == "anything else"


# Looking


def test_the_newest_come_first_page_by_page(mails: MailStore) -> None:
    ids = [keep(mails, numbered(number)).id for number in range(5)]

    page = mails.newest(most=2)
    assert [mail.id for mail in page] == [ids[4], ids[3]]
    assert [mail.id for mail in mails.newest(before=page[-1].id, most=10)] == [ids[2], ids[1], ids[0]]
    assert mails.newest(state="read") == []


def test_text_is_found_in_sender_and_subject(mails: MailStore) -> None:
    mail_id = keep(mails, MAIL).id
    keep(mails, numbered(2).replace(b"Ann Lee <ann@", b"Bob <bob_100%@"))

    assert [mail.id for mail in mails.newest(text="ANN lee")] == [mail_id]
    assert len(mails.newest(text="demo")) == 2
    assert len(mails.newest(text="%")) == 1, "a sign of the search's own language is only a sign"


def test_a_thread_is_found_by_message_ids(mails: MailStore) -> None:
    mail_id = keep(mails, MAIL).id

    assert [mail.id for mail in mails.with_message_ids(["x@example.com", "m1@example.com"])] == [mail_id]
    assert mails.with_message_ids([]) == []


def test_an_unknown_mail_is_nothing(mails: MailStore) -> None:
    assert mails.mail(1) is None
    assert mails.raw(1) is None
    assert not mails.claim(1, NOW)
    assert mails.waiting_since() is None


# Forgetting


def test_old_mail_is_forgotten_but_never_what_waits(mails: MailStore) -> None:
    old = [keep(mails, numbered(number), at=NOW - timedelta(days=400)).id for number in range(FORGET_AT_ONCE + 3)]
    for mail_id in old[1:]:
        mails.skip(mail_id, "bounce")
    young = keep(mails, numbered(999)).id
    mails.keep_reading(young, {}, now=NOW)

    assert mails.forget(NOW - timedelta(days=365)) == len(old) - 1

    assert {mail.id for mail in mails.newest()} == {old[0], young}
    assert mails.raw(old[1]) is None
    assert mails.raw(young) is not None


def test_the_number_of_a_forgotten_mail_is_never_given_again(mails: MailStore) -> None:
    """Other rooms keep what they know of a mail under its number, for ever."""
    old = keep(mails, numbered(1), at=NOW - timedelta(days=400)).id
    mails.skip(old, "bounce")
    assert mails.forget(NOW) == 1

    assert keep(mails, numbered(2)).id > old
