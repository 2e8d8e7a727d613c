"""The guide to Zoho CRM says what the code says: every trouble, scope and example, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import motenashi.pages
from crm_client.zoho.api.scopes import SCOPES
from crm_client.zoho.mapping.settings_check import check
from crm_client.zoho.settings import ZohoLimits, ZohoSync
from crm_client.zoho.troubles import WHAT_TO_DO
from motenashi.settings import load_settings
from motenashi.yaml_source import read_file

DOCS = Path(__file__).parents[3] / "docs"
GUIDES = {"en": DOCS / "zoho.md", "ja": DOCS / "zoho.ja.md"}
JAPANESE = Path(motenashi.pages.__file__).parent / "translations/ja/LC_MESSAGES/messages.po"

both = pytest.mark.parametrize("language", ["en", "ja"])


def guide(language: str) -> str:
    return GUIDES[language].read_text(encoding="utf-8")


def troubles(language: str) -> dict[str, str]:
    """The table of them, in its order."""
    table = guide(language).partition("## Troubles" if language == "en" else "## トラブル")[2].partition("\n## ")[0]
    return dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", table, re.MULTILINE))


def examples(language: str) -> list[str]:
    found = re.findall(r"^( *)```yaml\n(.*?)^ *```", guide(language), re.MULTILINE | re.DOTALL)
    return [re.sub(f"^{indent}", "", text, flags=re.MULTILINE) for indent, text in found]


def test_every_trouble_stands_in_the_english_guide_as_in_the_code() -> None:
    assert list(troubles("en").items()) == list(WHAT_TO_DO.items())


def test_every_trouble_stands_in_the_japanese_guide_as_on_the_page() -> None:
    with JAPANESE.open("rb") as file:
        catalogue = {str(message.id): message.string for message in read_po(file, locale="ja")}

    assert list(troubles("ja").items()) == [(name, catalogue.get(what)) for name, what in WHAT_TO_DO.items()]


@both
def test_every_scope_that_is_asked_for_is_explained_and_no_other(language: str) -> None:
    assert set(re.findall(r"`(Zoho(?:CRM|Search)\.[\w.]+)`", guide(language))) == set(SCOPES)


@both
def test_every_example_can_be_put_into_config_yaml(language: str, tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    for example in examples(language):
        file.write_text(example, encoding="utf-8")
        settings = load_settings(str(file), {})
        (section, *_), problems = read_file(file)

        assert problems == []
        assert check(section["crm"].get("zoho", {}), "config.yaml", settings.crm.embedded.custom_fields) == []
    assert len(examples(language)) == 5


@both
def test_the_numbers_it_tells_are_the_defaults(language: str) -> None:
    text, limits, sync = guide(language), ZohoLimits(), ZohoSync()

    assert f"{limits.credits_kept} %" in text or f"{limits.credits_kept}%" in text
    assert f"{limits.alarm_below} %" in text or f"{limits.alarm_below}%" in text
    assert re.search(rf"visitor_seconds`.{{0,3}}{limits.visitor_seconds}", text)
    assert re.search(rf"trusted_seconds`.{{0,3}}{sync.trusted_seconds}", text)
    assert (sync.poll_seconds, sync.poll_seconds_alone) == (900, 60)  # "a quarter of an hour", "every minute"


def test_both_guides_have_the_same_parts() -> None:
    heads = {language: [len(head) for head in re.findall(r"^(#+) ", guide(language), re.M)] for language in GUIDES}

    assert heads["en"] == heads["ja"]
