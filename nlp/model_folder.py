"""Where the trained model lies, and whether it was made from what stands here now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOM = Path(__file__).parent
MODEL = ROOM / "model"
TRAINING_DATA = ROOM / "training_data"
# A model depends on the training mails, on the code that turns text into features, and on these libraries.
_CODE = ("intents", "sentiment", "keywords", "components/sentences.py", "labels.py", "pipeline.py", "train.py")
_LIBRARIES = ("numpy", "scikit-learn", "spacy", "sudachidict-core", "sudachipy")


class ModelMissing(RuntimeError):
    """There is no model, or one that can't be used; the message says what to do."""


def described(folder: Path) -> dict[str, Any]:
    """What `train` wrote about the model in `folder`: fingerprint, scores, corrections. ModelMissing without one."""
    try:
        told: dict[str, Any] = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelMissing(f"There is no model in {folder}. Build it: python app.py train") from error
    return told


def fresh(folder: Path) -> bool:
    """Whether a model lies there that was made from the data, the code and the libraries of now."""
    try:
        return bool(described(folder).get("fingerprint") == fingerprint())
    except ModelMissing:
        return False


def fingerprint() -> str:
    """One name for all that a model is made from."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(str(path.relative_to(ROOM)).encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    return digest.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    for name in _CODE:
        place = ROOM / name
        files = place.rglob("*") if place.is_dir() else iter([place])
        yield from sorted(path for path in files if path.suffix in (".py", ".yaml", ".txt") and path.exists())
    yield from sorted(TRAINING_DATA.rglob("*.jsonl"))
