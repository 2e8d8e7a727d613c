"""The fake and a plain client."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fake_zoho.client import Client
from tests.fake_zoho.fixtures import FakeZoho, fake_zoho

__all__ = ["fake_zoho"]


@pytest.fixture
def client(fake_zoho: FakeZoho) -> Iterator[Client]:
    made = Client(fake_zoho)
    yield made
    made.close()
