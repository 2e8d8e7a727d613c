"""Build the model: both pipelines, learnt from the training mails and, if wished, from corrections.

Same mails, same corrections, same code and libraries: the same model with the same scores. The scores are those of
mails that were not learnt from (whole files of them left out in turn), so that they say something about new mails.
"""

from __future__ import annotations

import json
import multiprocessing
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import spacy

from nlp.components.keywords import train_keywords
from nlp.intents.training import mail_from_row, train_intents
from nlp.model_folder import TRAINING_DATA, fingerprint
from nlp.pipeline import LANGUAGES, new_pipeline
from nlp.sentiment.training import cross_validate, train_sentiment

SEED = 20261121
PARTS = ("intents", "sentiment", "keywords")  # what is learnt; the longest first
Row = Mapping[str, Any]
Told = Callable[[str, int, int], None]  # what was done last, how many parts are done, how many there are


def train(
    folder: Path, *, corrections: Sequence[Row] = (), told: Told = lambda what, done, total: None
) -> dict[str, Any]:
    """Build the model into `folder`, which is replaced whole and only when all went well; what is known of the model.

    `corrections` are rows as nlp/training_data/README.md describes them, each with its `language`. ValueError names a
    row that is none.
    """
    began = time.monotonic()
    building = folder.with_name(f"{folder.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    rows = [dict(row) for row in corrections]
    jobs = [(language, part, rows) for part in PARTS for language in LANGUAGES]
    scores: dict[str, dict[str, Any]] = {language: {} for language in LANGUAGES}
    models: dict[tuple[str, str], Any] = {}
    # Two processes: as many as languages, and one more would only wait for a core.
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        running = {pool.submit(_learn, *job): job for job in jobs}
        told("reading the training mails", 0, len(jobs))
        for done, future in enumerate(as_completed(running), 1):
            language, part, _ = running[future]
            models[language, part], scores[language][part] = future.result()
            told(f"{part}, {language}", done, len(jobs))
    for language in LANGUAGES:
        pipeline = new_pipeline(language)
        pipeline.get_pipe("mail_intents").model = models[language, "intents"]  # type: ignore[attr-defined]
        pipeline.get_pipe("sentiment").model = models[language, "sentiment"]  # type: ignore[attr-defined]
        pipeline.get_pipe("keywords").table = models[language, "keywords"]  # type: ignore[attr-defined]
        pipeline.to_disk(building / language)
    description = {
        "fingerprint": fingerprint(),
        "corrections": len(corrections),
        "seconds": round(time.monotonic() - began, 1),
        "scores": scores,
    }
    (building / "model.json").write_text(json.dumps(description, ensure_ascii=False, indent=1), encoding="utf-8")
    _replace(folder, building)
    return description


def training_rows(language: str, corrections: Sequence[Row] = ()) -> list[dict[str, Any]]:
    """All training mails of a language, in a fixed order, each with the name of its file under `file`."""
    rows = [
        {**json.loads(line), "file": path.stem}
        for path in sorted((TRAINING_DATA / language).glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    return rows + [{**row, "file": "corrections"} for row in corrections if row.get("language") == language]


def _learn(language: str, part: str, corrections: Sequence[Row]) -> tuple[Any, dict[str, Any]]:
    """One model and its scores; runs in a process of its own."""
    rows = training_rows(language, corrections)
    if part == "intents":
        return train_intents(language, [mail_from_row(row, row["file"]) for row in rows], SEED)
    if part == "sentiment":
        scores = cross_validate(language, rows, [row["file"] for row in rows], SEED)
        return train_sentiment(language, rows, SEED), scores
    tokens = spacy.blank(language).pipe(row["text"] for row in rows)
    return train_keywords(tokens), {}


def _replace(folder: Path, building: Path) -> None:
    """The old model goes when the new one is complete."""
    old = folder.with_name(f"{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    building.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
