"""The timeline equals a plain computation over all records: for every contact of the records for development."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crm_client.embedded import tables as crm
from motenashi.database import Database
from motenashi.insights.timeline.module_rhythms import ModuleRhythms
from motenashi.insights.timeline.reader import TimelineReader
from motenashi.insights.timeline.tables import metadata as timeline_tables
from motenashi.sales_history.import_files import import_records
from tests.insights.timeline import brute_force
from tests.insights.timeline.compare import compare

RECORDS = Path(__file__).parents[3].parent / "shared" / "eval" / "nba" / "dev"
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.mark.skipif(not RECORDS.is_dir(), reason="the records for development are not there: ../shared/eval/nba/dev")
def test_every_contact_of_the_records_for_development(sqlite_database: Database, tmp_path: Path) -> None:
    for metadata in (crm.metadata, timeline_tables):
        metadata.create_all(sqlite_database.engine)
    report = import_records(RECORDS, sqlite_database, rejects=tmp_path / "rejects.jsonl")
    assert report.rejects is None
    as_of = datetime.fromisoformat(json.loads((RECORDS / "org.json").read_text())["as_of"])
    rhythms = ModuleRhythms(sqlite_database, TOKYO)
    rhythms.recompute(as_of)
    reader = TimelineReader(sqlite_database, TOKYO, rhythms, lambda: as_of)
    facts = brute_force.facts_of_files(brute_force.read_folder(RECORDS), as_of)
    usual = brute_force.mean(facts.values())

    computed = rhythms.of("contacts")
    assert computed is not None and usual is not None
    assert computed.mean_s == float(usual / 1_000_000)
    assert computed.gaps == sum(len(brute_force.gaps(one)) for one in facts.values())
    assert sum(len(brute_force.inactive(one, usual)) for one in facts.values()) > 1_000  # there is something to find
    assert len(facts) == 1_600
    for contact_id, told in facts.items():
        compare(reader, "contact", contact_id, told, usual, as_of)
