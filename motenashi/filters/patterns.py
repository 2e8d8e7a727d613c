r"""Regular expressions in the words of both databases: RE2's (in SQLite, by our own function) and PostgreSQL's.

Only what both can say is let in: letters, `.`, classes, groups, `|`, repetitions, `^`, `$`, and `\d \w \s \b` with the
letters of ASCII, as RE2 has them.
"""

from __future__ import annotations

import re

from motenashi.conversation.folding import fold

MOST_REPEATS = 255
_CLASSES = {"d": "0-9", "w": "0-9A-Za-z_", "s": r"\t\n\f\r "}
_WORD = "[0-9A-Za-z_]"
_EDGE = f"(?:(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD}))"
_INSIDE = f"(?:(?<={_WORD})(?={_WORD})|(?<!{_WORD})(?!{_WORD}))"
MOST_PIECES = 20
_PLAIN = re.compile(r"[\w-]+(?: [\w-]+)*")
_REPEAT = re.compile(r"\{(\d+)(,(\d*))?\}")


class PatternNotForAll(Exception):
    """Not every database can say this."""

    hint = r"Use letters, . * + ? {2,5} [a-z] ( ) | ^ $ \d \w \s and \b."


def for_postgresql(pattern: str) -> str:
    """The same as an advanced regular expression of PostgreSQL. PatternNotForAll for what can't be said there."""
    out: list[str] = []
    at = 0
    while at < len(pattern):
        piece, at = _piece(pattern, at)
        out.append(piece)
    # A prefix that is not there: "***:" says that what follows is an advanced expression, whatever it begins with.
    return "***:" + "".join(out)


def plain_alternatives(pattern: str) -> tuple[str, ...]:
    """The words of 'price|価格', which can be looked for without an expression; () for any other pattern."""
    pieces = pattern.split("|")
    if len(pieces) > MOST_PIECES or not all(_PLAIN.fullmatch(piece) and fold(piece) == piece for piece in pieces):
        return ()
    return tuple(pieces)


def _piece(pattern: str, at: int) -> tuple[str, int]:
    letter = pattern[at]
    if letter == "\\":
        return _escaped(pattern, at)
    if letter == "[":
        return _class(pattern, at)
    if letter == "(":
        return _group(pattern, at)
    if letter == "{":
        return _repeat(pattern, at)
    if letter in "*+?" and pattern[at + 1 : at + 2] in ("+", "*"):
        raise PatternNotForAll("repetitions of repetitions can't be used in a filter.")
    if letter == "." or not letter.isprintable():
        return (letter if letter == "." else f"\\U{ord(letter):08x}"), at + 1
    return letter, at + 1


def _escaped(pattern: str, at: int) -> tuple[str, int]:
    letter = pattern[at + 1 : at + 2]
    if letter.lower() in _CLASSES:
        return f"[{'^' if letter.isupper() else ''}{_CLASSES[letter.lower()]}]", at + 2
    if letter in ("b", "B"):
        return (_EDGE if letter == "b" else _INSIDE), at + 2
    if letter and not letter.isalnum() and letter.isascii():
        return f"\\{letter}", at + 2
    raise PatternNotForAll(f"'\\{letter}' can't be used in a filter.")


def _group(pattern: str, at: int) -> tuple[str, int]:
    if pattern[at + 1 : at + 2] != "?":
        return "(?:", at + 1
    if pattern[at + 2 : at + 3] == ":":
        return "(?:", at + 3
    raise PatternNotForAll("'(?' with anything but ':' can't be used in a filter.")


def _repeat(pattern: str, at: int) -> tuple[str, int]:
    found = _REPEAT.match(pattern, at)
    if found is None:
        return r"\{", at + 1
    if max(int(found[1]), int(found[3] or 0)) > MOST_REPEATS:
        raise PatternNotForAll(f"more than {MOST_REPEATS} repetitions can't be used in a filter.")
    return found[0], found.end()


def _class(pattern: str, at: int) -> tuple[str, int]:
    """[…], letter by letter: what stands inside is literal but for ranges and our own classes."""
    out, here = "[", at + 1
    if pattern[here : here + 1] == "^":
        out, here = "[^", here + 1
    first = True
    while here < len(pattern):
        letter = pattern[here]
        if letter == "]" and not first:
            return f"{out}]", here + 1
        first = False
        if letter == "[":
            if pattern[here + 1 : here + 2] in (":", ".", "="):
                raise PatternNotForAll("named classes such as [:alpha:] can't be used in a filter.")
            out += r"\["
        elif letter == "]":
            out += r"\]"
        elif letter == "\\":
            following = pattern[here + 1 : here + 2]
            if following in _CLASSES:
                out += _CLASSES[following]
            elif following and not following.isalnum() and following.isascii():
                out += f"\\{following}"
            else:
                raise PatternNotForAll(f"'\\{following}' can't be used in [ ] in a filter.")
            here += 1
        else:
            out += letter
        here += 1
    raise PatternNotForAll("'[' is not closed.")
