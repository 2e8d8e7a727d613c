"""The server's secret: given in production, made once in development."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from motenashi.identity.secret_key import SecretKeyMissing, secret_key


def test_the_environment_names_it(tmp_path: Path) -> None:
    assert secret_key(tmp_path, True, {"MOTENASHI_SECRET_KEY": "s" * 40}) == b"s" * 40
    assert list(tmp_path.iterdir()) == []


def test_production_does_not_start_without_one(tmp_path: Path) -> None:
    with pytest.raises(SecretKeyMissing, match="MOTENASHI_SECRET_KEY is not set"):
        secret_key(tmp_path, True, {})


def test_a_short_one_is_refused_everywhere(tmp_path: Path) -> None:
    with pytest.raises(SecretKeyMissing, match="too short"):
        secret_key(tmp_path, False, {"MOTENASHI_SECRET_KEY": "secret"})


def test_development_makes_one_and_keeps_it_to_its_owner(tmp_path: Path) -> None:
    made = secret_key(tmp_path / "var", False, {})

    assert secret_key(tmp_path / "var", False, {}) == made
    assert len(made) >= 32
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600
    assert secret_key(tmp_path / "other", False, {}) != made


def test_whoever_starts_at_the_same_moment_agrees(tmp_path: Path) -> None:
    together = Barrier(8)

    def start(_: int) -> bytes:
        together.wait()
        return secret_key(tmp_path, False, {})

    with ThreadPoolExecutor(8) as starting:
        assert len(set(starting.map(start, range(8)))) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]
