"""Install a lock file into the environment this runs in, checking every hash, and show how far it is.

pip does the work; its own words are shown in full only when it fails.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

PIP = [sys.executable, "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
LINE_EVERY = 2.0  # seconds between two lines where no terminal can rewrite one


def main(lock: str) -> int:
    total = len(re.findall(r"^[a-z0-9].*==", Path(lock).read_text(encoding="utf-8"), re.MULTILINE))
    print(f"setup: installing up to {total} libraries from {lock}, each checked against its hash", flush=True)
    began = time.monotonic()
    command = [*PIP, "--require-hashes", "-r", lock]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}  # a line as it happens, not a page at the end
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    process = subprocess.Popen(command, text=True, env=environment, **pipes)  # noqa: S603  (nothing of a stranger in it)
    words = list(_show(process.stdout or (), total))
    if process.wait() != 0:
        print("".join(words), file=sys.stderr)
        print(f"setup: pip could not install {lock}; its words are above. Run the command again to go on.")
        return 1
    print(f"setup: done in {time.monotonic() - began:.0f} s", flush=True)
    return 0


def _show(lines: Iterable[str], total: int) -> Iterable[str]:
    """Pass pip's lines on and say which library it is at."""
    count, last = 0, time.monotonic()
    for line in lines:
        yield line
        if line.startswith(("Collecting ", "Requirement already satisfied: ")):
            count += 1
            now = f"{count} of {total}: {re.split('[ =]', line.split(': ')[-1].removeprefix('Collecting '))[0]}"
        elif line.startswith("Installing collected packages"):
            now, last = "unpacking", 0.0
        else:
            continue
        if sys.stdout.isatty():
            print(f"\r\033[K  {now}", end="", flush=True)
        elif time.monotonic() - last >= LINE_EVERY:
            last = time.monotonic()
            print(f"  {now}", flush=True)
    if sys.stdout.isatty():
        print("\r\033[K", end="", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
