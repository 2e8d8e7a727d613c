"""A person's YAML, read into plain data that remembers its lines.

Words stay words: `yes`, `no`, `on`, `10:30` and `2026-01-31` are text here, only `true`, `false`, `null` and
numbers are special. Two equal keys in one mapping are a problem and not a surprise. What the data means is the
reader's business; this file only keeps where each piece stood.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from motenashi.problems import Problem

# Aliases (&x / *x) can make a small file mean a huge one; a flow file never needs this many pieces.
MOST_NODES = 200_000

_SCALARS = (
    (re.compile(r"^(?:true|True|TRUE)$"), lambda _: True),
    (re.compile(r"^(?:false|False|FALSE)$"), lambda _: False),
    (re.compile(r"^(?:null|Null|NULL|~|)$"), lambda _: None),
    (re.compile(r"^[-+]?(?:0|[1-9][0-9]{0,17})$"), int),
    (re.compile(r"^[-+]?(?:[0-9]{1,17})\.[0-9]{1,17}(?:[eE][-+]?[0-9]{1,3})?$"), float),
)


class YamlMap(dict[str, Any]):
    """A mapping that knows the line it began on and the line of each key."""

    line: int = 0
    lines: dict[str, int]

    def line_of(self, key: str) -> int:
        return self.lines.get(key, self.line)


class YamlList(list[Any]):
    """A list that knows the line it began on and the line of each item."""

    line: int = 0
    lines: list[int]

    def line_of(self, index: int) -> int:
        return self.lines[index] if index < len(self.lines) else self.line


def read_documents(text: str, file: str) -> tuple[list[Any], list[Problem]]:
    """All documents of a YAML text (split by `---`), as YamlMap, YamlList and scalars, and what is wrong.

    Documents before a syntax error are returned; empty documents are left out.
    """
    reader = _Reader(file)
    documents: list[Any] = []
    try:
        for node in yaml.compose_all(text, Loader=yaml.SafeLoader):
            if node is not None:
                documents.append(reader.value(node))
    except yaml.MarkedYAMLError as error:
        reader.problems.append(_syntax_problem(error, file))
    except (yaml.YAMLError, RecursionError, _TooMuch) as error:
        reader.problems.append(Problem(file, 0, f"this is not readable YAML: {_short(error)}."))
    return [document for document in documents if document is not None], reader.problems


def read_file(path: Path, shown_as: str | None = None) -> tuple[list[Any], list[Problem]]:
    """The documents of one file; a file that is not UTF-8 or can't be opened is a problem, not an exception."""
    name = shown_as or str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [Problem(name, 0, "this file is not UTF-8.", f"Save it as UTF-8 (byte {error.start}).")]
    except OSError as error:
        return [], [Problem(name, 0, f"this file can't be read: {error.strerror}.")]
    return read_documents(text, name)


class _TooMuch(Exception):
    """More pieces than any honest file has."""


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._count = 0

    def value(self, node: yaml.Node) -> Any:
        self._count += 1
        if self._count > MOST_NODES:
            raise _TooMuch(f"it holds more than {MOST_NODES} pieces")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node)
        if isinstance(node, yaml.SequenceNode):
            return self._sequence(node)
        return _scalar(node) if isinstance(node, yaml.ScalarNode) else None

    def _mapping(self, node: yaml.MappingNode) -> YamlMap:
        result = YamlMap()
        result.line, result.lines = _line(node), {}
        for key_node, value_node in node.value:
            line = _line(key_node)
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key is None:
                self.problems.append(Problem(self.file, line, "a key must be a word.", "Quote texts with { or [."))
            elif key in result:
                what = f"'{key}' stands here twice (first on line {result.lines[key]})."
                self.problems.append(Problem(self.file, line, what, "Keep one."))
            else:
                result.lines[key] = line
                result[key] = self.value(value_node)
        return result

    def _sequence(self, node: yaml.SequenceNode) -> YamlList:
        result = YamlList()
        result.line, result.lines = _line(node), []
        for item in node.value:
            result.lines.append(_line(item))
            result.append(self.value(item))
        return result


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    if node.style is not None:  # quoted or block text is always text
        return text
    for pattern, make in _SCALARS:
        if pattern.match(text):
            return make(text)
    return text


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _syntax_problem(error: yaml.MarkedYAMLError, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    where = " ".join(part for part in (error.context, error.problem) if part)
    hint = "A text with ': ', ' #', '{' or '?,' in it needs quotes; check this line's indentation and the one above."
    return Problem(file, mark.line + 1 if mark else 0, f"this is not readable YAML: {where}.", hint)


def _short(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]
