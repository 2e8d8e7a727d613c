"""Does a text name an address? `aki@example.com` is not named by `maki@example.com`, nor by `aki@example.com.au`."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement, and_

# In JSON a line break or a letter of Japanese before an address ends in a letter itself: \n, \u3042.
_BEFORE = r"(^|[^a-z0-9._+-]|\\[nrtbf]|\\u[0-9a-f][0-9a-f][0-9a-f][0-9a-f])"
_AFTER = r"($|[^a-z0-9.-]|[.]($|[^a-z0-9]))"
_SIGN = re.compile(r"[!-/:-@\[-^`{-~]")  # of ASCII, but for _


def names(text: ColumnElement[Any], address: str) -> ColumnElement[bool]:
    """`text` and `address` in lower case. The plain search comes first: it is quicker, and nearly always enough."""
    exactly = _BEFORE + _SIGN.sub(r"\\\g<0>", address) + _AFTER
    return and_(text.contains(address, autoescape=True), text.regexp_match(exactly))
