"""The words made-up people, companies and mails are put together from: names.yaml and phrases.yaml."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

import yaml

from crm_client.demo.catalogue import FOLDER


@cache
def names() -> dict[str, Any]:
    return _read("names.yaml")


@cache
def phrases() -> dict[str, Any]:
    return _read("phrases.yaml")


def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return data


def subject(random: Random, purpose: str, language: str, **filled_in: str) -> str:
    text: str = random.choice(phrases()["subjects"][purpose][language])
    return text.format(**filled_in)


def task(purpose: str, language: str, **filled_in: str) -> str:
    text: str = phrases()["tasks"][purpose][language]
    return text.format(**filled_in)


def title(which: str, kind: str, language: str, **filled_in: str) -> str:
    """Of a touchpoint: what the page, webinar, survey … is called. The same `which` has the same title; '' where things
    of this kind have none."""
    known = phrases()["titles"].get(kind)
    if not known:
        return ""
    text: str = Random(which).choice(known[language])  # noqa: S311 - nothing secret is made from it
    return text.format(**filled_in)


def note(random: Random, result: str, language: str) -> str:
    """Something was written down after about a third of all calls and meetings."""
    known = phrases()["notes"].get(result)
    return random.choice(known[language]) if known and random.random() < 0.35 else ""
