"""Habits that a machine can watch over, for every file under version control."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
TRACKED = [
    HOUSE / name
    for name in subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    if name and (HOUSE / name).is_file()
]
CODE = [path for path in TRACKED if path.suffix == ".py"]

# Written in pieces, so that this file does not find itself. Ann is nobody: her folder may stand in tests.
PLACES_OF_ONE_MACHINE = re.compile(
    r"(?<![\w./-])/(?:" + "|".join(("wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers")) + r")/(?!ann\b)[\w.-]+"
)
REGISTRIES = re.compile(
    r"https?://(?:[\w.-]*\.)?(?:" + "|".join(("py" + r"pi\.org", "pythonh" + r"osted\.org", "np" + r"mjs\.org")) + ")"
)
NAMES_THAT_SAY_NOTHING = re.compile(r"(?:^|_)(?:utils?|helpers?|common|misc)(?:_|$)")


def shown(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def texts() -> list[tuple[Path, str]]:
    pairs = []
    for path in TRACKED:
        try:
            pairs.append((path, path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue  # a picture or another file that is no text
    return pairs


def opening_docstring(code: str) -> str:
    return ast.get_docstring(ast.parse(code)) or ""


def test_every_file_with_code_says_who_lives_there() -> None:
    silent = [shown(path) for path in CODE if not opening_docstring(path.read_text(encoding="utf-8"))]

    assert silent == [], "open the file with a docstring: what it owns, what it leaves to others"


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [shown(path) for path in TRACKED if NAMES_THAT_SAY_NOTHING.search(path.stem)] == []


def test_no_two_files_of_tests_have_the_same_name() -> None:
    names = [path.name for path in CODE if path.name.startswith("test_")]

    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_nothing_names_a_place_on_somebodys_machine() -> None:
    found = [f"{shown(path)}: {m.group()}" for path, text in texts() for m in PLACES_OF_ONE_MACHINE.finditer(text)]

    assert found == []


def test_nothing_names_a_package_registry() -> None:
    """Where packages come from is the machine's choice, made in its own pip or uv configuration."""
    assert [shown(path) for path, text in texts() if REGISTRIES.search(text)] == []


def test_every_text_is_utf8_with_unix_lines_and_a_last_one() -> None:
    wrong = [shown(path) for path, text in texts() if text and ("\r" in text or not text.endswith("\n"))]

    assert wrong == []


def test_flows_hold_conversations_and_no_code() -> None:
    allowed = {".yaml", ".md", ".json"}

    assert [shown(path) for path in TRACKED if shown(path).startswith("flows/") and path.suffix not in allowed] == []


def test_nothing_is_imported_by_its_place_in_the_air() -> None:
    """No plug, step or job appears because a folder was searched: each stands in a list that a person can read."""
    searching = re.compile(r"\bpkgutil\.(iter|walk)_|importlib\.import_module\(")
    house = [path for path in CODE if not shown(path).startswith(("tests/", "bench/", "scripts/"))]

    assert [shown(path) for path in house if searching.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("lock", ["runtime", "development"])
def test_every_library_is_locked_with_its_hashes(lock: str) -> None:
    text = (HOUSE / f"requirements/{lock}.lock").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text.replace("\\\n", " "))
    without = [entry.split()[0] for entry in entries if entry.strip() and "--hash=sha256:" not in entry]

    assert without == []


def test_both_locks_agree() -> None:
    def pins(lock: str) -> set[str]:
        text = (HOUSE / f"requirements/{lock}.lock").read_text(encoding="utf-8")
        return set(re.findall(r"^[a-z0-9][\w.-]*==\S+", text, re.MULTILINE))

    assert pins("runtime") - pins("development") == set()


def test_a_place_and_a_name_are_recognised() -> None:
    """The patterns above can fail."""
    assert PLACES_OF_ONE_MACHINE.search("see /" + "home/ben/motenashi")
    assert not PLACES_OF_ONE_MACHINE.search("GET /records/work/1 and https://shop.example/home/page")
    assert NAMES_THAT_SAY_NOTHING.search("test_utils")
    assert not NAMES_THAT_SAY_NOTHING.search("commonplace")
