"""The pages of the voice over a real store, put into the house of the pages' tests."""

from __future__ import annotations

from flask import Blueprint

from motenashi.database import Database
from motenashi.filters.desk import FilterDesk
from motenashi.pages.voice.voice_page import build_voice_page
from motenashi.voice_reports.voice_reports import VoiceReports
from tests.pages.conftest import NOW, House
from tests.voice_reports.lively_world import lively_voices
from tests.voice_reports.voices import TOKYO, Voices, store


def add_voice_pages(house: House, database: Database, voices: Voices | None = None) -> VoiceReports:
    store(database, lively_voices(NOW) if voices is None else voices)
    desk = VoiceReports(database, zone=TOKYO)
    filters = FilterDesk(database, zone=TOKYO, clock=lambda: house.now)
    house.app.register_blueprint(build_voice_page(desk, filters, clock=lambda: house.now))
    house.app.register_blueprint(_elsewhere())
    return desk


def _elsewhere() -> Blueprint:
    """Where links lead that other pages answer."""
    door = Blueprint("elsewhere", __name__)
    door.get("/lists/<module>")(lambda module: f"<title>{module}</title><h1>{module}</h1>")
    return door
