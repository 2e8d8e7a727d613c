"""The pages with advice, put into the house of the pages' tests over a desk."""

from __future__ import annotations

from typing import Any

from motenashi.pages.advice.results_page import build_results_page
from motenashi.pages.advice.settings_page import build_advice_settings_page
from motenashi.pages.records.records_page import build_records_page
from motenashi.pages.today.today_page import build_today_page
from tests.pages.conftest import House


def add_advice_pages(house: House, desk: Any) -> None:
    for build in (build_records_page, build_today_page, build_advice_settings_page, build_results_page):
        house.app.register_blueprint(build(desk, clock=lambda: house.now))
