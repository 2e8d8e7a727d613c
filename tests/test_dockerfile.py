"""The Dockerfile, read without a Docker engine: what its steps copy is there, and nobody runs as root."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Step:
    word: str
    rest: str


@dataclass(frozen=True)
class Stage:
    base: str
    steps: tuple[Step, ...]

    def all(self, word: str) -> list[str]:
        return [step.rest for step in self.steps if step.word == word]


def stages(text: str) -> list[Stage]:
    """The stages of a Dockerfile: comments off, continued lines joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    steps = [Step(*line.split(maxsplit=1)) for line in joined.splitlines() if line.strip()]
    begins = [number for number, step in enumerate(steps) if step.word == "FROM"]
    return [
        Stage(steps[begin].rest, tuple(steps[begin + 1 : end]))
        for begin, end in zip(begins, [*begins[1:], len(steps)], strict=True)
    ]


STAGES = stages((HOUSE / "Dockerfile").read_text(encoding="utf-8"))
FINAL = STAGES[-1]


def sources(copy: str) -> list[str]:
    return [] if copy.startswith("--from=") else shlex.split(copy)[:-1]


def test_every_stage_names_the_version_of_what_it_stands_on() -> None:
    assert [stage.base.split()[0] for stage in STAGES] == ["python:3.11-slim", "python:3.11-slim"]


def test_everything_it_copies_exists_and_is_let_through() -> None:
    copied = [source for stage in STAGES for copy in stage.all("COPY") for source in sources(copy)]
    let_through = {line[1:] for line in (HOUSE / ".dockerignore").read_text().splitlines() if line.startswith("!")}

    assert [source for source in copied if not (HOUSE / source).exists()] == []
    assert set(copied) == let_through


def test_every_folder_with_code_that_runs_is_copied() -> None:
    tracked = subprocess.run(["git", "ls-files", "*.py"], cwd=HOUSE, capture_output=True, text=True, check=True).stdout
    for_development = {"tests", "bench", "scripts"}
    roots = {line.split("/")[0] for line in tracked.splitlines()} - for_development

    assert roots - {source for copy in FINAL.all("COPY") for source in sources(copy)} == set()


def test_it_runs_as_somebody_who_is_not_root() -> None:
    assert FINAL.all("USER") == ["motenashi"]
    assert FINAL.steps.index(Step("USER", "motenashi")) > max(
        FINAL.steps.index(step) for step in FINAL.steps if step.word in ("RUN", "COPY")
    )


def test_the_libraries_are_checked_against_their_hashes_and_the_image_has_no_tools_to_build_with() -> None:
    assert any("--require-hashes" in run and "runtime.lock" in run for run in STAGES[0].all("RUN"))
    assert not [run for stage in STAGES for run in stage.all("RUN") if "apt-get" in run or "gcc" in run]


def test_its_health_is_asked_at_the_door_made_for_that() -> None:
    (check,) = FINAL.all("HEALTHCHECK")
    assert "/healthz" in check
    assert "timeout" in check


def test_it_is_production() -> None:
    (environment,) = FINAL.all("ENV")
    assert "MOTENASHI_ENVIRONMENT=production" in environment


def test_its_process_is_the_server_itself_so_that_it_hears_when_it_shall_stop() -> None:
    (command,) = FINAL.all("CMD")
    assert json.loads(command) == ["python", "app.py", "run"]  # no shell in between


def test_the_model_that_reads_mail_is_in_it() -> None:
    assert any("python app.py train" in step for step in FINAL.all("RUN"))


def test_nothing_that_node_needs_for_building_the_chat_box_gets_in() -> None:
    assert "**/node_modules" in (HOUSE / ".dockerignore").read_text().splitlines()
