"""The addresses of From, To and their like (RFC 5322), read as people's programs write them.

Commas inside quotes and names, comments, groups, addresses without brackets, and several encoded words are understood.
Every character is looked at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from motenashi.clean_text import UNSEEN, plain_line
from motenashi.inbound_mail.encoded_words import decode_words
from motenashi.inbound_mail.limits import MOST_ADDRESSES
from motenashi.inbound_mail.parsed_mail import Address

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|\((?:[^()\\]|\\.)*\)?|<[^<>]*>?|[,;:]|[^"(<,;:]+', re.DOTALL)
_BARE = re.compile(r"[^\s@<>(),;:\"']{1,250}@[^\s@<>(),;:\"']{1,250}")
_QUOTED_LOCAL = re.compile(r'\s*"([^"\s]{1,250})"@(\S{1,250})\s*$')  # "a..b"@docomo.example
_QUOTED_NAME = re.compile(r"([\"'])(.*)\1$", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LONGEST_NAME = 300


def read_addresses(text: str) -> tuple[Address, ...]:
    """The addresses of one header's value, in order; what holds no address is left out."""
    found: list[Address] = []
    for tokens in _mailboxes(text):
        address = _address(tokens)
        if address is not None:
            found.append(address)
        if len(found) >= MOST_ADDRESSES:
            break
    return tuple(found)


def address_of(written: str, name: str = "") -> Address | None:
    """`written` ("<Ann@Example.COM>", "mailto:ann@example.com") as an Address; None when it is none."""
    bare = UNSEEN.sub("", written).strip().strip("<>").strip().strip("'")
    bare = bare[7:] if bare.lower().startswith("mailto:") else bare
    bare = bare.rpartition(":")[2] if bare.startswith("@") else bare  # a source route, obsolete
    local, at, domain = bare.rpartition("@")
    local = local.strip('"')
    if not (at and local and domain) or len(bare) > 500 or any(sign.isspace() for sign in domain):
        return None
    return Address(_name(name, bare), f"{local.strip()}@{domain.rstrip('.').lower()}")


def _mailboxes(text: str) -> Iterator[list[str]]:
    """The tokens of each mailbox. A comma or semicolon parts two; a colon ends the name of a group."""
    tokens: list[str] = []
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token in {",", ";"}:
            if _may_end(tokens):
                yield tokens
                tokens = []
            else:
                tokens.append(token)  # "Reyes, Dana <dana@example.com>" without quotes
        elif token.startswith(":") and not any("@" in other for other in tokens):
            tokens = []
        else:
            tokens.append(token)
    yield tokens


def _may_end(tokens: list[str]) -> bool:
    return not tokens or any("@" in token for token in tokens) or any(token.startswith("<") for token in tokens)


def _address(tokens: list[str]) -> Address | None:
    in_brackets = next((token for token in reversed(tokens) if token.startswith("<") and "@" in token), "")
    if in_brackets:
        words = [_word(token) for token in tokens if token is not in_brackets and token[0] not in "(<"]
        name = "".join(words).strip()
        return address_of(in_brackets, name or _comments(tokens))
    quoted = _QUOTED_LOCAL.match("".join(tokens))
    if quoted:
        return address_of(f"{quoted.group(1)}@{quoted.group(2)}")
    for token in tokens:
        bare = _BARE.search(token)
        if bare:
            rest = [_word(other) for other in tokens if other is not token and other[0] not in "(<"]
            around = token[: bare.start()] + token[bare.end() :]
            return address_of(bare.group(), _comments(tokens) or " ".join([*rest, around]).strip(" ,'\"<>"))
    return None


def _word(token: str) -> str:
    if token.startswith('"'):
        return _ESCAPED.sub(r"\1", token[1:].removesuffix('"'))
    return token


def _comments(tokens: list[str]) -> str:
    return " ".join(_ESCAPED.sub(r"\1", token[1:].removesuffix(")")) for token in tokens if token.startswith("("))


def _name(written: str, address: str) -> str:
    """For people: encoded words read, no quotes around it, no repetition of the address."""
    read = " ".join(plain_line(decode_words(written)).split()).strip("<> ")[:_LONGEST_NAME]
    read = _QUOTED_NAME.sub(r"\2", read).strip()
    return "" if read.strip("<>").lower() == address.lower() else read
