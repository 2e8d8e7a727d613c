"""The timeline's pages beside those of records, put into the house of the pages' tests over a stand-in."""

from __future__ import annotations

from typing import Any

from motenashi.pages.timeline.timeline_page import build_timeline_page
from tests.pages.advice.advice_pages import add_advice_pages
from tests.pages.advice.plain_desk import PlainDesk
from tests.pages.conftest import House
from tests.pages.timeline.plain_timelines import NOW, PlainTimelines, a_stalled_deal, many_touches


def add_timeline_pages(house: House, desk: Any = None) -> Any:
    """Returns the desk, a stand-in with one stalled deal unless another is given."""
    desk = desk or PlainTimelines(
        {
            ("lead", "stalled"): ("Anna Weber", a_stalled_deal()),
            ("contact", "c1"): ("Anna Weber", a_stalled_deal()[:9]),
            ("contact", "stalled"): ("森 美咲", a_stalled_deal()),
            ("contact", "many"): ("Long-standing Customer", many_touches(700)),
            ("contact", "empty"): ("Nobody Yet", []),
        }
    )
    add_advice_pages(house, PlainDesk())
    house.app.register_blueprint(build_timeline_page(desk, clock=lambda: NOW))
    return desk
