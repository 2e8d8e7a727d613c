"""A small secret in a file that only its owner can read (mode 0600)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def read_private(file: Path) -> str:
    """What the file holds; '' when there is none."""
    try:
        return file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


def write_private(file: Path, text: str) -> None:
    """Whole or not at all, and never readable by others, not even for a moment."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text + "\n")
    fresh.replace(file)


def write_private_once(file: Path, text: str) -> str:
    """The file's content: `text`, or what somebody wrote there first (also at the same moment)."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    write_private(fresh, text)
    try:
        os.link(fresh, file)
    except FileExistsError:
        return read_private(file)
    finally:
        fresh.unlink(missing_ok=True)
    return text
