"""config.yaml: read, completed by the environment, and every mistake in it told at once with its line."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from motenashi.problems import ProblemsFound
from motenashi.settings import Settings, load_settings
from tests.walks.real_house import ROOT


def write(folder: Path, text: str) -> str:
    file = folder / "config.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def problems_of(folder: Path, text: str) -> list[str]:
    with pytest.raises(ProblemsFound) as found:
        load_settings(write(folder, text), {})
    return [str(problem) for problem in found.value.problems]


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(str(tmp_path / "nothing.yaml"), {}) == Settings()


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    assert load_settings(write(tmp_path, "# nothing yet\n"), {}) == Settings()


def test_the_repositorys_own_file_is_right() -> None:
    settings = load_settings(str(ROOT / "config.yaml"), {})

    assert settings.identity.one_time_codes.company == "Minamo IT Supply"
    assert set(settings.booking.appointments) == {"consultation", "demo"}
    assert settings.business_hours.departments


def test_what_the_file_says_is_set_and_the_rest_stays(tmp_path: Path) -> None:
    settings = load_settings(
        write(
            tmp_path,
            "turns: {longest_turn: 12}\nchannels: {salesiq: {assurance: verified}, widget: {origins: [https://a.example]}}\n",
        ),
        {},
    )

    assert settings.turns.longest_turn == 12.0 and settings.turns.retry_window == 2.0
    assert settings.channels.salesiq.assurance == "verified"
    assert settings.channels.widget.origins == ("https://a.example",)


def test_every_mistake_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    told = problems_of(
        tmp_path,
        "turns:\n"
        "  time_zon: Asia/Tokyo\n"
        "  longest_turn: soon\n"
        "chanels: {}\n"
        "channels:\n"
        "  salesiq:\n"
        "    assurance: proven\n"
        "business_hours:\n"
        "  time_zone: Asia/Tokio\n"
        "booking: [1]\n",
    )

    lines = [told_line.split(":")[1] for told_line in told]
    assert lines == sorted(lines, key=int) and {"2", "3", "4", "7", "9", "10"} <= set(lines), told
    assert "Did you mean 'time_zone'?" in told[0]


@pytest.mark.parametrize(
    ("text", "line"),
    [("turns: {\n", 2), ("a: 1\na: 2\n", 2), ("- a list\n", 1), ("just words\n", 1), ("turns: nothing\n", 1)],
)
def test_files_of_the_wrong_shape_are_told(tmp_path: Path, text: str, line: int) -> None:
    assert any(told.startswith(f"config.yaml:{line}:") for told in problems_of(tmp_path, text)), text


def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_bytes(b"turns: \xff")

    with pytest.raises(ProblemsFound, match="not UTF-8"):
        load_settings(str(tmp_path / "config.yaml"), {})


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, "environment: development\ndata_folder: here\ndatabase_url: sqlite:///a.db\n")
    environment = {
        "MOTENASHI_ENVIRONMENT": "production",
        "MOTENASHI_DATA": "/there",
        "DATABASE_URL": "postgresql:///x",
    }

    settings = load_settings(file, environment)

    assert settings.production and str(settings.data) == "/there" and settings.database == "postgresql:///x"
    assert load_settings(file, {"DATABASE_URL": ""}).database == "sqlite:///a.db"


def test_without_an_address_the_database_lies_in_the_data_folder() -> None:
    assert dataclasses.replace(Settings(), data_folder="there").database == "sqlite:///there/motenashi.db"


def test_an_unknown_environment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound, match="Did you mean 'production'"):
        load_settings(str(tmp_path / "none.yaml"), {"MOTENASHI_ENVIRONMENT": "prodution"})


def test_a_fake_zoho_is_for_trying_out_only(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("crm: {backend: zoho, zoho: {fake_url: 'http://127.0.0.1:8300'}}\n", encoding="utf-8")

    assert load_settings(str(file), {}).crm.zoho.fake_url
    with pytest.raises(ProblemsFound, match="fake_url is for trying out"):
        load_settings(str(file), {"MOTENASHI_ENVIRONMENT": "production"})
