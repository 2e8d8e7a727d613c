"""`from tests.fake_zoho.fixtures import fake_zoho` in a conftest: a fake of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fake_zoho.fake import FakeZoho

__all__ = ["FakeZoho", "fake_zoho"]


@pytest.fixture
def fake_zoho() -> Iterator[FakeZoho]:
    with FakeZoho() as zoho:
        yield zoho
