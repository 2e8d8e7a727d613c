"""What texts may name, from the demo company's products and the choices of config.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_client.demo.catalogue import catalogue
from motenashi.reading_desk.catalogue import catalogue_of
from motenashi.settings import load_settings
from nlp.mentions import MentionFinder

CONFIG = Path(__file__).parents[2] / "config.yaml"


@pytest.mark.parametrize(
    ("text", "language", "named"),
    [
        ("Could you show us the AeroBook next Tuesday or Wednesday afternoon?", "en", {"nb-14"}),
        ("エアロブックのデモをお願いできますか", "ja", {"nb-14"}),
        ("Is the AeroBook 16 Pro quieter?", "en", {"nb-16"}),
        ("Kestrel offered us the same.", "en", {"kestrel"}),
    ],
)
def test_products_are_known_by_their_names_and_by_what_people_call_them(
    text: str, language: str, named: set[str]
) -> None:
    products = [entry.product for entry in catalogue()]
    finder = MentionFinder(catalogue_of(products, load_settings(str(CONFIG), {}).reading))
    assert {mention.id for mention in finder.find(text, language)} == named
