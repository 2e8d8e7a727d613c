"""`make demo-zoho`: the settings that Motenashi is started with."""

from __future__ import annotations

from pathlib import Path

import yaml

from motenashi.settings import load_settings
from scripts.demo_zoho import write_config
from tests.fake_zoho.from_demo import DEMO_FIELDS

URL = "http://127.0.0.1:8399"


def test_the_demo_companys_own_fields_are_mapped(tmp_path: Path) -> None:
    """Without them the mirror knows nobody's language, and no product has a picture or a Japanese name."""
    crm = load_settings(str(write_config(URL, tmp_path)), {}).crm

    assert crm.backend == "zoho"
    assert crm.zoho.fake_url == URL
    assert crm.zoho.fields == DEMO_FIELDS


def test_the_operators_other_choices_stay(tmp_path: Path) -> None:
    written = yaml.safe_load(write_config(URL, tmp_path).read_text(encoding="utf-8"))

    operators = yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8"))
    assert {**written, "crm": None} == {**operators, "crm": None}
