"""Theirs to ours: the bytes of a call become its rows, each still as it was sent; and our results become JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol


class CallWrong(Exception):
    """The call as a whole can't be read; the text is for the caller, in English and in Japanese."""

    def __init__(self, english: str, japanese: str) -> None:
        super().__init__(english)
        self.japanese = japanese

    def told(self, language: str) -> str:
        return self.japanese if language == "ja" else str(self)


class Problem(Protocol):
    """One thing wrong with a row, or a note about it."""

    @property
    def field(self) -> str: ...
    @property
    def code(self) -> str: ...


class Result(Protocol):
    """What became of a row. `outcome`: stored, changed, repeated, waiting, refused."""

    @property
    def outcome(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def touchpoint_id(self) -> str: ...
    @property
    def problems(self) -> Sequence[Any]: ...
    @property
    def notes(self) -> Sequence[Any]: ...


Told = Callable[[Any, str], str]  # a Problem and a language -> a sentence


def rows_of(body: bytes, most: int) -> Sequence[object]:
    """CallWrong when these are no rows, or more than `most`. `source` beside `touchpoints` is that of every row that
    has none."""
    try:
        data = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise CallWrong("The body is no JSON.", "本文がJSONではありません。") from None
    if not isinstance(data, dict):
        raise CallWrong(
            'The body must be one touchpoint, or {"touchpoints": […]}.',
            '本文は1件の接点、または {"touchpoints": […]} の形式にしてください。',
        )
    if "touchpoints" not in data:
        return (data,)
    rows = data["touchpoints"]
    if not isinstance(rows, list) or set(data) - {"touchpoints", "source"}:
        raise CallWrong(
            'Beside "touchpoints", a list, only "source" may stand.',
            "「touchpoints」(リスト)のほかに指定できるのは「source」だけです。",
        )
    if len(rows) > most:
        raise CallWrong(
            f"There are {len(rows)} touchpoints; {most} are the most in one call.",
            f"{len(rows)}件あります。1回の呼び出しでは{most}件までです。",
        )
    return [_with_source(row, data.get("source")) for row in rows]


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _with_source(row: object, source: object) -> object:
    return {"source": source} | row if isinstance(row, dict) and source is not None else row


def results_to_json(results: Sequence[Result], told: Told, language: str) -> dict[str, Any]:
    return {
        "counts": dict(sorted(Counter(one.outcome for one in results).items())),
        "results": [_result(index, one, told, language) for index, one in enumerate(results)],
    }


def _result(index: int, one: Result, told: Told, language: str) -> Mapping[str, Any]:
    answer: dict[str, Any] = {"index": index, "source": one.source, "id": one.id, "result": one.outcome}
    if one.touchpoint_id:
        answer["touchpoint_id"] = one.touchpoint_id
    for name, these in (("problems", one.problems), ("notes", one.notes)):
        if these:
            answer[name] = [{"field": each.field, "code": each.code, "message": told(each, language)} for each in these]
    return answer
