"""Imports point down. A room may use the floors below its own, never its own or above; nobody lives outside."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
FOLDERS = ("motenashi", "crm_client", "nlp", "plugs")

FLOORS = [  # ground floor first
    # Ground: what everybody may use.
    {
        "motenashi.problems",
        "motenashi.yaml_source",
        "motenashi.yaml_fields",
        "motenashi.database",
        "motenashi.clean_text",
        "motenashi.bounded_threads",
    },
    # Words and tools.
    {
        "crm_client",
        "nlp",
        "motenashi.conversation",
        "motenashi.business_hours",
        "motenashi.outgoing_mail",
        "motenashi.web_call",
        "motenashi.inbound_mail",
        "motenashi.task_queue",
        "motenashi.sales_history",
        "motenashi.visits",
    },
    # Plugs: what one is, and how one is called.
    {"motenashi.plug_contract", "motenashi.plug_types", "motenashi.plug_runner"},
    # Thinking.
    {
        "motenashi.flow_engine",
        "motenashi.insights",
        "motenashi.suggestions",
        "motenashi.identity",
        "motenashi.booking",
        "motenashi.faq",
        "motenashi.hand_over",
        "motenashi.reading_desk",
        "motenashi.filters",
        "motenashi.voice_reports",
        "plugs",
    },
    # Doors and walks, and what joins the rooms below for them.
    {
        "motenashi.channels",
        "motenashi.pages",
        "motenashi.jobs",
        "motenashi.chat_turn",
        "motenashi.mail_intake",
        "motenashi.late_answers",
        "motenashi.flow_archive",
        "motenashi.flow_services",
        "motenashi.advice_desk",
        "motenashi.alerts",
        "motenashi.touchpoint_intake",
        "motenashi.bulk_actions",
    },
    # The roof knows everybody, itself included.
    {
        "motenashi.settings",
        "motenashi.storage",
        "motenashi.known_names",
        "motenashi.house",
        "motenashi.flow_views",
        "motenashi.settings_page",
        "motenashi.docs_maker",
        "motenashi.talk_world",
        "motenashi.talk_report",
        "motenashi.terminal_talk",
        "motenashi.web_server",
        "motenashi.mail_worker",
        "motenashi.mail_commands",
        "motenashi.mail_views",
        "motenashi.mail_room",
        "motenashi.reading_worker",
        "motenashi.reading_in_terminal",
        "motenashi.reader_here",
        "motenashi.record_facts",
        "motenashi.advice_room",
        "motenashi.advice_views",
        "motenashi.advice_worker",
        "motenashi.advice_commands",
        "motenashi.advise_folder",
        "motenashi.advice_answers",
        "motenashi.advice_notices",
        "motenashi.alert_views",
        "motenashi.erasing",
        "motenashi.erase_commands",
        "motenashi.touchpoint_commands",
        "motenashi.voice_commands",
        "motenashi.insights_room",
        "motenashi.touchpoint_room",
        "motenashi.touchpoint_views",
        "motenashi.timeline_views",
        "motenashi.bulk_views",
        "motenashi.bulk_worker",
        "motenashi.voice_room",
        "motenashi.voice_worker",
        "motenashi.demo_voices",
        "motenashi.recurring",
        "motenashi.chat_notes",
        "motenashi.crm_views",
        "motenashi.crm_record_names",
        "motenashi.zoho_room",
        "motenashi.zoho_worker",
        "motenashi.zoho_commands",
        "motenashi.cli",
        "app",
    },
]
FRIENDS = {  # neighbours on one floor, each pair with its reason
    ("motenashi.yaml_source", "motenashi.problems"),  # what is wrong in a file is told as problems
    ("motenashi.yaml_fields", "motenashi.problems"),
    ("motenashi.yaml_fields", "motenashi.yaml_source"),  # fields of a mapping that remembers its lines
    ("motenashi.plug_types", "motenashi.plug_contract"),  # turns the contract's types into checks and schemas
    ("motenashi.plug_runner", "motenashi.plug_contract"),  # enforces what the contract states
    ("motenashi.plug_runner", "motenashi.plug_types"),
    ("motenashi.sales_history", "crm_client"),  # reads the tables of the store as columns, and fills them from files
    ("motenashi.sales_history", "motenashi.business_hours"),  # the company's clock
    ("motenashi.inbound_mail", "nlp"),  # corrections of readings are kept with the mails
    ("motenashi.filters", "motenashi.flow_engine"),  # a filter is written in the criteria language of flows
    ("motenashi.filters", "motenashi.suggestions"),  # and about what was suggested
    ("motenashi.filters", "motenashi.insights"),  # and asks about what customers said
    ("motenashi.voice_reports", "motenashi.insights"),  # counts what customers said
    ("motenashi.voice_reports", "motenashi.filters"),  # of those whom a filter finds
    ("motenashi.suggestions", "motenashi.insights"),  # a suggestion reads the timeline
}
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
ROOF = len(FLOORS) - 1


def wrong_imports(house: Path) -> list[str]:
    """Every import in the house that points sideways or up, as 'file: who must not import whom'."""
    return sorted(
        f"{path.relative_to(house)}: {here} must not import {there}"
        for path in sources(house)
        for here in [room_of(dotted(path.relative_to(house)))]
        for there in {room_of(name) for name in imports_of(path)}
        if not may_import(here, there)
    )


def homeless(house: Path) -> list[str]:
    """Modules that live in no room; a package's own empty front door (motenashi/__init__.py) needs none."""
    names = (dotted(path.relative_to(house)) for path in sources(house))
    return sorted(name for name in names if room_of(name) is None and name != "motenashi")


def may_import(here: str | None, there: str | None) -> bool:
    if here is None or there is None or here == there or (here, there) in FRIENDS:
        return True
    return FLOOR_OF[there] < FLOOR_OF[here] or FLOOR_OF[here] == ROOF


def room_of(module: str) -> str | None:
    """'motenashi.channels.salesiq' -> 'motenashi.channels'; None for other people's code."""
    return next((room for room in FLOOR_OF if f"{module}.".startswith(f"{room}.")), None)


def sources(house: Path) -> list[Path]:
    roots = [house / "app.py"] if (house / "app.py").exists() else []
    return roots + sorted(path for folder in FOLDERS for path in (house / folder).rglob("*.py"))


def dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def imports_of(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{'.' * node.level}{node.module}.{alias.name}" for alias in node.names}
    return names


def imported_packages(room: str) -> set[str]:
    """The top names of everything that a room imports."""
    paths = (path for path in sources(HOUSE) if room_of(dotted(path.relative_to(HOUSE))) == room)
    return {name.split(".")[0] for path in paths for name in imports_of(path)}


def test_imports_point_down() -> None:
    assert wrong_imports(HOUSE) == []


def test_every_module_lives_in_a_room() -> None:
    assert homeless(HOUSE) == [], "give each a room in FLOORS, and say in docs/map.md who lives there"


def test_imports_are_absolute() -> None:
    relative = [str(path) for path in sources(HOUSE) for name in imports_of(path) if name.startswith(".")]

    assert relative == []


@pytest.mark.parametrize("room", sorted(set().union(*FLOORS[:4])))
def test_the_web_framework_stays_at_the_doors(room: str) -> None:
    assert imported_packages(room) & {"flask", "werkzeug", "flask_babel", "flask_wtf", "gunicorn"} == set()


def test_the_flow_engine_knows_no_database_and_no_crm() -> None:
    assert imported_packages("motenashi.flow_engine") & {"sqlalchemy", "crm_client", "plugs", "requests"} == set()


@pytest.mark.parametrize(
    ("file", "words", "told"),
    [
        ("crm_client/client.py", "import motenashi.pages.views", "crm_client must not import motenashi.pages"),
        ("nlp/reading.py", "from crm_client.records import Contact", "nlp must not import crm_client"),
        ("plugs/past_orders.py", "from motenashi import flow_engine", "plugs must not import motenashi.flow_engine"),
        (
            "motenashi/flow_engine/runner.py",
            "def late():\n    from motenashi.chat_turn import ChatTurn",
            "motenashi.flow_engine must not import motenashi.chat_turn",
        ),
    ],
)
def test_an_import_that_points_elsewhere_is_named(tmp_path: Path, file: str, words: str, told: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text(words)

    assert wrong_imports(tmp_path) == [f"{file}: {told}"]


def test_a_module_that_nobody_gave_a_room_is_named(tmp_path: Path) -> None:
    (tmp_path / "motenashi").mkdir()
    (tmp_path / "motenashi/odds_and_ends.py").write_text("")

    assert homeless(tmp_path) == ["motenashi.odds_and_ends"]
