"""The soak of Zoho in small, and that its books tell what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bench import zoho_soak
from bench.zoho_soak_report import by_policy
from bench.zoho_soak_truth import Truth, Verdicts
from bench.zoho_soak_world import API_MODULES, Written
from crm_client.records import Account
from crm_client.zoho.outbox.conflicts import Conflict

MARK = "Account z0000001"


@pytest.mark.slow
def test_sixty_changes_on_both_sides_end_equal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--changes", "60", "--people", "12", "--minutes-of-outage", "0", "--keep", str(tmp_path)]

    ended = zoho_soak.main(given)

    told = capsys.readouterr().out
    assert ended == 0, told
    assert "kill -9 of the worker" in told


def wrote(at: float, value: Any, *, ours: bool, field: str = "industry") -> Written:
    return Written("accounts", MARK, field, value, at, ours)


def judged(
    *written: Written,
    here: str | None = "Retail",
    there: str | None = "Retail",
    conflicts: Any = (),
    copies: int = 1,
    never_told: tuple[str, ...] = (),
) -> Verdicts:
    """`here`, `there`: the industry of the one account on each side, None where there is none."""
    truth = Truth()
    truth.add([wrote(0.0, None, ours=False, field="made"), *written])
    raw = {"id": "1", "Account_Name": MARK, "Industry": there}
    ours: dict[str, dict[str, Any]] = {module: {} for module in API_MODULES}
    theirs: dict[str, list[dict[str, Any]]] = {module: [] for module in API_MODULES}
    ours["accounts"] = {"a": Account("a", MARK, here)} if here is not None else {}
    theirs["accounts"] = [raw] * copies if there is not None else []
    return truth.judge(ours, theirs, {("accounts", "a", "industry"): conflicts} if conflicts else {}, (), never_told)


def kinds(verdicts: Verdicts) -> list[str]:
    return [one.kind for one in verdicts.wrong]


def test_the_last_write_stands() -> None:
    assert kinds(judged(wrote(1, "Banking", ours=True), wrote(50, "Retail", ours=False))) == []


def test_a_write_that_stands_nowhere_is_lost() -> None:
    assert kinds(judged(wrote(1, "Retail", ours=True), wrote(50, "Banking", ours=False))) == ["lost write"]


def test_writes_of_one_moment_may_end_either_way() -> None:
    verdicts = judged(wrote(1, "Retail", ours=True), wrote(2, "Banking", ours=False))

    assert (kinds(verdicts), verdicts.same_moment) == ([], 1)


def a_conflict(ours_at: int, theirs_at: int | None, won: str) -> Conflict:
    base = datetime(2026, 11, 1, tzinfo=UTC)
    theirs = None if theirs_at is None else base.replace(minute=theirs_at)
    at = base.replace(minute=ours_at)
    return Conflict(1, base, "accounts", "a", "industry", "", "Banking", "Retail", at, theirs, won)


def test_a_noted_conflict_may_overrule_a_later_write() -> None:
    written = (wrote(1, "Retail", ours=False), wrote(50, "Banking", ours=True))

    assert kinds(judged(*written)) == ["lost write"]
    assert kinds(judged(*written, conflicts=[a_conflict(1, 2, "zoho")])) == []


@pytest.mark.parametrize(
    ("ours_at", "theirs_at", "won", "right"),
    [(1, 2, "zoho", True), (1, 2, "ours", False), (2, 1, "ours", True), (2, 2, "ours", True), (1, None, "ours", False)],
)
def test_conflicts_are_held_against_the_policy(ours_at: int, theirs_at: int | None, won: str, right: bool) -> None:
    assert by_policy(a_conflict(ours_at, theirs_at, won)) is right


def test_records_that_are_lost_doubled_or_back_again() -> None:
    gone = wrote(9, None, ours=True, field="gone")

    assert kinds(judged()) == []
    assert kinds(judged(here=None)) == ["lost"]
    assert kinds(judged(there=None)) == ["lost"]
    assert kinds(judged(copies=2)) == ["doubled"]
    assert kinds(judged(gone)) == ["back again"]
    assert kinds(judged(gone, here=None, there=None)) == []


def test_who_deletes_what_we_never_heard_of_sees_it_again() -> None:
    gone = Written("accounts", MARK, "gone", None, 9.0, False, zoho_id="7")

    assert kinds(judged(gone)) == ["back again"]
    assert (kinds(judged(gone, never_told=("7",))), judged(gone, never_told=("7",)).deleted_unseen) == ([], 1)
    assert kinds(judged(gone, never_told=("7",), copies=2)) == ["back again"]


@pytest.mark.parametrize(("mails", "kinds_found"), [(["Mail 1"], []), ([], ["lost"]), (["Mail 1"] * 2, ["doubled"])])
def test_a_mail_is_in_zoho_once(mails: list[str], kinds_found: list[str]) -> None:
    truth = Truth()
    truth.add([Written("emails", "Mail 1", "mailed", None, 0.0, True)])
    nothing: dict[str, Any] = {module: {} for module in API_MODULES}

    assert kinds(truth.judge(nothing, nothing, {}, mails)) == kinds_found
