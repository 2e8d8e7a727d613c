"""One token for all threads, processes and machines, and never more new ones than Zoho allows."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from crm_client.errors import CrmBusy, CrmError, CrmRefused, CrmUnreachable
from crm_client.zoho.api.shapes import Call
from crm_client.zoho.api.token_store import CLAIM
from crm_client.zoho.api.transport import open_transport
from crm_client.zoho.settings import ZohoSettings
from crm_client.zoho.tables import zoho_tokens
from motenashi.database import Database
from tests.crm_client.zoho.api_core.conftest import SECRET, Clock, Opener, environment_of
from tests.fake_zoho.fake import FakeZoho

ORG = Call("GET", "/crm/v8/org", "read the organisation")
HOUSE = Path(__file__).parents[4]
WORKER = Path(__file__).with_name("token_worker.py")


def new_tokens(fake: FakeZoho) -> int:
    return len(fake.calls("POST", "/oauth/v2/token$"))


def stored(database: Database) -> dict[str, object]:
    with database.read() as connection:
        return dict(connection.execute(select(zoho_tokens)).one()._mapping)


def change(database: Database, **values: object) -> None:
    with database.write() as connection:
        connection.execute(update(zoho_tokens).values(**values))


def trouble_of(work: Callable[[], object]) -> CrmError:
    with pytest.raises(CrmError) as failed:
        work()
    return failed.value


def start_worker(database_url: str, fake: FakeZoho, calls: int) -> subprocess.Popen[str]:
    environment = {**os.environ, **environment_of(fake), "PYTHONPATH": str(HOUSE)}
    return subprocess.Popen(
        [sys.executable, str(WORKER), database_url, fake.url, str(calls)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def worked(workers: list[subprocess.Popen[str]]) -> list[str]:
    """Start them all at once when all are ready; the last line that each says."""
    for worker in workers:
        assert worker.stdout is not None and worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    return [worker.communicate(timeout=60)[0].strip() for worker in workers]


def test_processes_that_start_together_make_one_refresh(
    zoho_database: Database, database_url: str, fake_zoho: FakeZoho
) -> None:
    fake_zoho.faults.next("/oauth/v2/token", delay=0.3)  # time enough for all to want one

    said = worked([start_worker(database_url, fake_zoho, calls=3) for _ in range(6)])

    assert said == ["3 good"] * 6
    assert new_tokens(fake_zoho) == 1


def test_processes_whose_tokens_die_all_the_time_never_ask_more_than_ten_times(
    zoho_database: Database, database_url: str, fake_zoho: FakeZoho
) -> None:
    fake_zoho.switches.access_seconds = 1  # far below the margin: each call wants a new one

    said = worked([start_worker(database_url, fake_zoho, calls=5) for _ in range(4)])

    assert new_tokens(fake_zoho) == 10
    assert fake_zoho.tokens.asked == 10
    assert any("too_many_tokens" in line for line in said)


def test_threads_that_start_together_make_one_refresh(
    zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener
) -> None:
    transport = opened(zoho_sqlite)
    fake_zoho.faults.next("/oauth/v2/token", delay=0.2)
    threads = [threading.Thread(target=transport.send, args=(ORG,)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert new_tokens(fake_zoho) == 1
    assert len(fake_zoho.calls("GET", "/org")) == 12


def test_a_restarted_process_goes_on_with_the_stored_token(
    zoho_database: Database, fake_zoho: FakeZoho, opened: Opener
) -> None:
    opened(zoho_database).send(ORG)
    opened(zoho_database).send(ORG)

    assert new_tokens(fake_zoho) == 1


def test_no_token_is_stored_in_the_open(zoho_database: Database, fake_zoho: FakeZoho, opened: Opener) -> None:
    opened(zoho_database).send(ORG)

    row = stored(zoho_database)
    assert row["access_token"]
    assert "1000." not in str(row)
    assert fake_zoho.client_secret not in str(row)


def test_with_another_house_secret_the_stored_token_is_as_good_as_lost(
    zoho_database: Database, fake_zoho: FakeZoho, opened: Opener
) -> None:
    opened(zoho_database).send(ORG)
    opened(zoho_database, secret=b"another").send(ORG)

    assert new_tokens(fake_zoho) == 2


def test_a_token_is_renewed_before_it_ends(
    zoho_database: Database, fake_zoho: FakeZoho, opened: Opener, clock: Clock
) -> None:
    transport = opened(zoho_database)
    transport.send(ORG)
    clock.advance(seconds=3600 - 91)
    transport.send(ORG)
    assert new_tokens(fake_zoho) == 1

    clock.advance(seconds=32)  # 59 seconds are left
    transport.send(ORG)
    assert new_tokens(fake_zoho) == 2


def test_a_token_that_is_about_to_end_serves_on_when_it_can_not_be_renewed(
    zoho_database: Database, fake_zoho: FakeZoho, opened: Opener, clock: Clock
) -> None:
    transport = opened(zoho_database)
    transport.send(ORG)
    clock.advance(seconds=3600 - 40)
    fake_zoho.switches.access_limit = 1  # Access Denied

    assert transport.send(ORG).status == 200
    assert transport.send(ORG).status == 200
    assert new_tokens(fake_zoho) == 2  # the second of them was refused, and all obey


def test_a_killed_process_delays_the_others_only_until_its_claim_runs_out(
    zoho_database: Database, fake_zoho: FakeZoho, opened: Opener, clock: Clock
) -> None:
    transport = opened(zoho_database)
    transport.send(ORG)
    change(zoho_database, access_token=None, claimed_until=clock.now + CLAIM)
    began = clock.now

    transport.send(ORG)  # sleeping moves the clock

    assert clock.now - began >= CLAIM
    assert new_tokens(fake_zoho) == 2


def test_a_visitor_does_not_wait_for_somebody_elses_claim_longer_than_allowed(
    zoho_database: Database, opened: Opener, clock: Clock
) -> None:
    transport = opened(zoho_database)
    transport.send(ORG)
    change(zoho_database, access_token=None, claimed_until=clock.now + timedelta(days=1))

    assert isinstance(trouble_of(lambda: transport.send(ORG, deadline=0.05)), CrmUnreachable)


def test_a_token_that_came_too_late_for_a_visitor_is_kept_for_the_next(
    zoho_database: Database, fake_zoho: FakeZoho, opened: Opener
) -> None:
    transport = opened(zoho_database)
    fake_zoho.faults.next("/oauth/v2/token", delay=0.4)

    assert isinstance(trouble_of(lambda: transport.send(ORG, deadline=0.1)), CrmUnreachable)
    assert transport.send(ORG).status == 200
    assert new_tokens(fake_zoho) == 1


def test_access_denied_is_obeyed_by_all_and_each_time_longer(
    zoho_database: Database, fake_zoho: FakeZoho, opened: Opener, clock: Clock
) -> None:
    fake_zoho.switches.access_limit = 0
    one, other = opened(zoho_database), opened(zoho_database)
    pauses = []
    for _ in range(6):
        error = trouble_of(lambda: one.send(ORG))
        assert isinstance(error, CrmBusy) and error.trouble == "too_many_tokens"
        pauses.append(error.retry_after)
        asked = new_tokens(fake_zoho)
        assert isinstance(trouble_of(lambda: other.send(ORG)), CrmBusy)  # and does not ask
        assert not other.can_work()
        assert new_tokens(fake_zoho) == asked
        clock.advance(seconds=error.retry_after + 1)

    assert pauses == [60, 120, 240, 480, 600, 600]
    fake_zoho.switches.access_limit = 10
    assert other.send(ORG).status == 200
    assert stored(zoho_database)["trouble"] == ""


@pytest.mark.parametrize(
    ("prepare", "trouble"),
    [
        (lambda fake: fake.tokens.revoke(), "revoked_token"),
        (lambda fake: setattr(fake.tokens, "client_secret", "changed"), "wrong_client"),
        (lambda fake: setattr(fake.tokens, "client_id", "changed"), "wrong_client"),
        (lambda fake: setattr(fake.switches, "api_domain", "https://www.zohoapis.eu"), "wrong_data_centre"),
    ],
    ids=["revoked", "secret", "client", "elsewhere"],
)
def test_what_only_an_operator_can_mend_ends_all_asking(
    zoho_database: Database,
    fake_zoho: FakeZoho,
    opened: Opener,
    prepare: Callable[[FakeZoho], None],
    trouble: str,
) -> None:
    environment = environment_of(fake_zoho)
    prepare(fake_zoho)
    one, other = opened(zoho_database, environment=environment), opened(zoho_database, environment=environment)

    first, again = trouble_of(lambda: one.send(ORG)), trouble_of(lambda: other.send(ORG))

    assert isinstance(first, CrmRefused) and first.trouble == trouble
    assert isinstance(again, CrmRefused) and again.trouble == trouble
    assert not other.can_work()
    assert new_tokens(fake_zoho) == 1
    assert (stored(zoho_database)["state"], stored(zoho_database)["trouble"]) == ("needs_consent", trouble)


def test_a_corrected_secret_begins_anew(zoho_database: Database, fake_zoho: FakeZoho, opened: Opener) -> None:
    environment = environment_of(fake_zoho)
    trouble_of(lambda: opened(zoho_database, environment={**environment, "ZOHO_CLIENT_SECRET": "x"}).send(ORG))

    assert opened(zoho_database, environment=environment).send(ORG).status == 200


@pytest.mark.parametrize(
    ("absent", "trouble"),
    [
        ("ZOHO_CLIENT_ID", "wrong_client"),
        ("ZOHO_CLIENT_SECRET", "wrong_client"),
        ("ZOHO_REFRESH_TOKEN", "not_connected"),
    ],
)
def test_what_is_not_in_the_environment_is_named(
    zoho_database: Database, fake_zoho: FakeZoho, opened: Opener, absent: str, trouble: str
) -> None:
    transport = opened(zoho_database, environment=environment_of(fake_zoho) | {absent: " "})

    error = trouble_of(lambda: transport.send(ORG))

    assert isinstance(error, CrmRefused) and error.trouble == trouble
    assert not transport.can_work()
    assert new_tokens(fake_zoho) == 0


def test_trouble_of_the_accounts_host_is_tried_again_and_counted(
    zoho_database: Database, fake_zoho: FakeZoho, opened: Opener
) -> None:
    fake_zoho.faults.next("/oauth/v2/token", status=503)
    fake_zoho.faults.next("/oauth/v2/token", html=True, status=200)

    assert opened(zoho_database).send(ORG).status == 200
    assert len(stored(zoho_database)["refreshes"]["at"]) == 3  # type: ignore[index]


def test_an_accounts_host_that_stays_down_is_not_asked_more_than_ten_times_in_ten_minutes(
    zoho_database: Database, fake_zoho: FakeZoho, opened: Opener, clock: Clock
) -> None:
    fake_zoho.faults.next("/oauth/v2/token", status=500, times=1000)
    transport = opened(zoho_database)
    began = clock.now
    while clock.now - began < timedelta(minutes=9):
        assert isinstance(trouble_of(lambda: transport.send(ORG)), CrmUnreachable | CrmBusy)
        clock.advance(seconds=1)

    assert new_tokens(fake_zoho) == 10
    fake_zoho.faults.clear()
    clock.advance(minutes=10)
    assert transport.send(ORG).status == 200


def test_what_never_reached_the_accounts_host_is_no_refresh(
    zoho_database: Database, fake_zoho: FakeZoho, opened: Opener, clock: Clock
) -> None:
    """An hour without a network must not be followed by ten minutes without a token."""
    settings = replace(ZohoSettings(), fake_url="http://127.0.0.1:1")
    nowhere = open_transport(
        settings,
        zoho_database,
        secret=SECRET,
        environment=environment_of(fake_zoho),
        clock=clock,
        sleep=clock.sleep,
    )
    for _ in range(15):
        assert isinstance(trouble_of(lambda: nowhere.send(ORG)), CrmUnreachable | CrmBusy)
        clock.advance(seconds=2)
    nowhere.close()

    assert stored(zoho_database)["refreshes"] == {"at": []} or not stored(zoho_database)["refreshes"]


def test_a_database_that_is_away_is_no_missing_consent(zoho_sqlite: Database, opened: Opener) -> None:
    transport = opened(zoho_sqlite)
    zoho_tokens.drop(zoho_sqlite.engine)

    assert isinstance(trouble_of(lambda: transport.send(ORG)), CrmUnreachable)
    assert not transport.can_work()
