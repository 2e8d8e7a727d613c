"""Bodies that are made to take long, at the door of notifications."""

from __future__ import annotations

import pytest

from crm_client.zoho.mirror.pushes import LARGEST, read_push


@pytest.mark.parametrize(
    "body",
    [
        b'"' + rb"\"" * (LARGEST // 2 - 2) + b"\\",  # a text without end, each of whose marks might begin one
        b'"' * LARGEST,
        b"[" * LARGEST,
        b'{"ids":' * (LARGEST // 7),
    ],
)
def test_a_body_that_is_a_trap_is_refused_as_quickly_as_any_other(body: bytes) -> None:
    assert read_push(body) is None
