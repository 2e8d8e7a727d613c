"""Pages and schemas that are made from the code are as the code is now, and the schema for editors tells the truth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from motenashi.docs_maker import HOUSE, PAGES, SNAPSHOT, snapshot
from motenashi.flow_engine.designers_schema import flow_schema, talk_schema
from motenashi.flow_engine.flow_reader import read_flows
from motenashi.flow_engine.sample_talks import read_talks
from motenashi.flow_engine.steps.all_steps import ALL_STEPS
from motenashi.settings import Settings
from motenashi.yaml_fields import rows_of
from motenashi.yaml_source import read_documents, read_file

FLOW_SCHEMA = jsonschema.Draft202012Validator(flow_schema())
TALK_SCHEMA = jsonschema.Draft202012Validator(talk_schema())
FLOW_FILES = sorted((HOUSE / "flows").glob("*.yaml"))
TALK_FILES = sorted((HOUSE / "flows/sample_talks").glob("*.yaml"))


def plain(document: Any) -> Any:
    """The document without line marks, as an editor sees it."""
    return json.loads(json.dumps(document))


def flow_with(step: str) -> Any:
    return plain(read_documents(f"flow: a\ntitle: A\nsteps:\n  first:\n    {step}\n", "a.yaml")[0][0])


@pytest.mark.parametrize("path", PAGES)
def test_the_page_is_as_the_code_is_now(path: str) -> None:
    assert (HOUSE / path).read_text(encoding="utf-8") == PAGES[path](), "run `make docs`"


def test_what_designers_and_plug_authors_rely_on_is_as_in_the_picture() -> None:
    told = "the language has changed: if that is meant, run `make snapshot` and tell it in changes/"

    assert snapshot() == (HOUSE / SNAPSHOT).read_text(encoding="utf-8"), told


def test_what_people_wrote_above_the_reference_is_kept() -> None:
    page = PAGES["flows/README.md"]()

    assert page.startswith("# Conversations\n")
    assert page.count("## Reference") == 1


@pytest.mark.parametrize("schema", [flow_schema(), talk_schema()], ids=["flow", "talk"])
def test_the_schema_is_one(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("file", [*FLOW_FILES, *TALK_FILES], ids=lambda file: file.name)
def test_our_own_files_fit_the_schema_and_name_it(file: Path) -> None:
    is_flow = file in FLOW_FILES
    schema, name = (FLOW_SCHEMA, "flow") if is_flow else (TALK_SCHEMA, "talk")
    documents, problems = read_file(file)
    wrong = [error.message for document in documents for error in schema.iter_errors(plain(document))]

    assert (problems, wrong) == ([], [])
    first_line = file.read_text(encoding="utf-8").splitlines()[0]
    assert first_line == f"# yaml-language-server: $schema={name}.schema.json"
    assert (file.parent / f"{name}.schema.json").exists()


@pytest.mark.parametrize(
    "step",
    [
        "say: Hello",
        "say: {en: Hello, ja: こんにちは}",
        "ask: email\n    say: Where?",
        "ask: {card: number, low: 1}\n    say: How many?",
        "ask: {questions: [{name: a, say: A, card: text}]}",
        "choices: [{label: A, go: b, also: [c]}]\n    say: Which?",
        "choices: {list: $orders, label: '{{ item.title }}'}",
        "criteria_router: [{name: N, if: {person.kind: {is: contact}}, go: b}]\n    not_matched: c",
        "wait: {silence: 5 minutes, said: b}",
        "links: [{url: /a, text: A}]",
    ],
)
def test_what_the_reader_takes_the_schema_takes(step: str) -> None:
    text = f"flow: a\ntitle: A\nsteps:\n  first:\n    {step}\n"

    assert read_flows({"a.yaml": text})[1] == []
    assert FLOW_SCHEMA.is_valid(flow_with(step))


@pytest.mark.parametrize(
    "step",
    [
        "sai: Hello",
        "say: {en: Hello}",
        "say: {en: Hello, ja: こんにちは, fr: Bonjour}",
        "ask: letter\n    say: Where?",
        "choices: [{labl: A}]",
        "choices: []",
        "criteria_router: [{name: N, if: {person.kind: {iss: contact}}, go: b}]\n    not_matched: c",
        "criteria_router: [{name: N, if: {person.kind: contact}, go: b}]",
        "plug: a\n    save: b\n    on_eror: c",
        "wait: {silence: soon}",
        "verify: phone\n    on_refused: a",
    ],
)
def test_what_the_reader_refuses_the_schema_refuses(step: str) -> None:
    text = f"flow: a\ntitle: A\nsteps:\n  first:\n    {step}\n"

    assert read_flows({"a.yaml": text})[1] != []
    assert not FLOW_SCHEMA.is_valid(flow_with(step))


@pytest.mark.parametrize(
    "text",
    ["title: t", "talk: [{bot: a}]", "title: t\ntalk: [{bott: a}]", "title: t\ntalk: [{bot: a}]\nlanguage: fr"],
)
def test_a_wrong_talk_is_refused_by_reader_and_schema(text: str) -> None:
    assert read_talks({"t.yaml": text})[1] != []
    assert not TALK_SCHEMA.is_valid(plain(read_documents(text, "t.yaml")[0][0]))


def test_the_reference_tells_every_kind_of_step_and_every_key() -> None:
    page = (HOUSE / "flows/README.md").read_text(encoding="utf-8")

    for kind in ALL_STEPS:
        assert f"#### `{kind.name}`\n\n{kind.meaning}" in page
        for row in rows_of(kind.spec):
            assert f"| `{row.key}` |" in page


def test_the_tutorials_examples_are_right() -> None:
    page = (HOUSE / "flows/README.md").read_text(encoding="utf-8")
    examples = [block.partition("```")[0] for block in page.split("```yaml\n")[1:]]
    flow, talk, tour = examples

    assert read_flows({"a.yaml": flow})[1] == [] == read_flows({"b.yaml": tour})[1]
    assert read_talks({"t.yaml": talk})[1] == []


def test_the_settings_page_tells_every_setting() -> None:
    page = (HOUSE / "docs/settings.md").read_text(encoding="utf-8")

    for row in rows_of(Settings):
        assert f"| `{row.key}` |" in page
    for path in ("booking.appointments.<name>.minutes", "identity.tokens.keys[].id", "turns.time_zone"):
        assert f"| `{path}` |" in page


def test_links_within_the_settings_page_lead_to_headings() -> None:
    page = (HOUSE / "docs/settings.md").read_text(encoding="utf-8")
    headings = {
        "".join(letter for letter in line[3:].lower() if letter.isalnum() or letter in "_-")
        for line in page.splitlines()
        if line.startswith("## ")
    }
    links = {part.partition(")")[0] for part in page.split("(#")[1:]}

    assert links
    assert links - headings == set()
