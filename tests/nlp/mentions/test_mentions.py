"""What is named in a text is found, whatever way it is typed, and what merely looks alike is not."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nlp.mentions import Catalogue, MentionFinder

HERE = Path(__file__).parent
CASES = yaml.safe_load((HERE / "cases.yaml").read_text(encoding="utf-8"))
CATALOGUE = Catalogue.from_json(HERE / "catalogue.json")
FINDER = MentionFinder(CATALOGUE)
NAMES = sorted({name for entry in CATALOGUE.entries for name in (*entry.names, *entry.aliases)})


@pytest.mark.parametrize(("text", "named"), [*CASES["english"], *CASES["japanese"]])
def test_exactly_what_is_named_is_found(text: str, named: list[str]) -> None:
    assert {mention.id for mention in FINDER.find(text)} == set(named)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_and_alias_of_the_catalogue_is_found_in_both_languages(name: str) -> None:
    owners = {entry.id for entry in CATALOGUE.entries if name in (*entry.names, *entry.aliases)}
    for text in (f"We compared {name} with your offer.", f"先日の{name}の見積もりの件です。", name):
        assert {mention.id for mention in FINDER.find(text)} & owners, text


def test_a_mention_tells_where_it_stands_in_the_original_text() -> None:
    text = "ﾎﾞﾙﾄNAS 8 と ＡＢ１４ です"
    assert [(m.text, text[m.start : m.end], m.how) for m in FINDER.find(text)] == [
        ("ﾎﾞﾙﾄNAS 8", "ﾎﾞﾙﾄNAS 8", "exact"),
        ("ＡＢ１４", "ＡＢ１４", "exact"),
    ]


def test_a_typo_and_an_ellipsis_are_less_sure_than_a_name() -> None:
    found = FINDER.find("AeroBok 14 or 16, or the TerraBook R5?")
    assert [(m.id, m.how) for m in found] == [("nb-14", "typo"), ("nb-16", "ellipsis"), ("nb-rugged", "exact")]
    assert found[1].score < found[0].score < found[2].score


def test_plain_records_of_a_crm_make_a_catalogue() -> None:
    catalogue = Catalogue.from_records([{"id": "41", "name": "Kazaguruma 3000", "aliases": ["KZ3000", "風車3000"]}])
    found = MentionFinder(catalogue).find("kz-3000 and 風車３０００")
    assert [(m.kind, m.id) for m in found] == [("product", "41"), ("product", "41")]


def test_an_empty_catalogue_names_nothing() -> None:
    assert MentionFinder(Catalogue(())).find("AeroBook 14") == ()


@pytest.mark.parametrize("record", [{"name": "X"}, {"id": "1"}, {"id": "1", "name": "  "}])
def test_a_record_without_id_or_name_is_told(record: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="product 1 of the catalogue needs an id and a name"):
        Catalogue.from_records([record])


PIECES = st.sampled_from(
    [*NAMES, " ", "\n> ", "14", "と", "の", "ー", "ッ", "ﾞ", "様", "s", "'s", "the ", "or", "/", "。", "@", "Mr "]
)


@given(st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join))
def test_any_text_is_read_and_every_place_is_true(text: str) -> None:
    found = FINDER.find(text)
    assert all(text[m.start : m.end] == m.text and m.start < m.end for m in found)
    assert all(first.end <= second.start for first, second in pairwise(found))


@pytest.mark.parametrize(
    "piece",
    [
        "kestrel ",
        "the 14 ",
        "AeroBook 14 or 16 ",
        "折笠",
        "ケ",
        "ケー",
        "care plus ",
        "a.",
        "@a",
        "a",
        "R350-",
        " ",
        "\n> ",
        "aerobok ",
    ],
)
def test_a_megabyte_is_read_in_bounded_time(piece: str) -> None:
    FINDER.find("AeroBook 14 " + piece * (1_000_000 // len(piece)))
