"""Where tests keep their files: in memory, where there is enough of it. Every commit of a database waits for the disk,
and thousands of tests that wait prove nothing; what a power cut leaves behind is none of theirs."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ENOUGH = 4 * 1024**3  # bytes; a whole run takes about one


def keep_files_in_memory() -> None:
    """For this process and all that it starts; an operator's TMPDIR stays."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ENOUGH:
        return
    os.environ["TMPDIR"] = str(MEMORY)
    tempfile.tempdir = None  # asked for anew
