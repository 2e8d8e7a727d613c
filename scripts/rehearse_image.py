"""Carry out the Dockerfile's steps in a folder, for machines without a Docker engine, and ask the server's health.

    python scripts/rehearse_image.py [--keep]

The stages' RUN and COPY steps run with the image's own paths moved below a scratch folder; then the image's command
runs, as nobody when we are root, until its HEALTHCHECK succeeds. What this cannot show: the base image itself,
layers, volumes and the network of containers.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parents[1]
MOVED = ("/opt/motenashi", "/srv/motenashi", "/tmp/")  # noqa: S108 — places inside the image
NOBODY = "nobody"
START_SECONDS = 60.0


def steps() -> Iterator[tuple[str, str]]:
    """(word, rest) of every step; comments off, continued lines joined."""
    lines = [line for line in (HOUSE / "Dockerfile").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    for line in re.sub(r"\\\n\s*", " ", "\n".join(lines)).splitlines():
        if line.strip():
            word, _, rest = line.partition(" ")
            yield word, rest.strip()


def base_python() -> str:
    """A Python 3.11 that stands for the base image's, and that nobody may run as well."""
    for program in ("/usr/local/bin/python3.11", "/usr/bin/python3.11"):
        if Path(program).exists():
            return program
    raise SystemExit("rehearsal: a Python 3.11 in /usr/bin or /usr/local/bin is needed")


class Rehearsal:
    """The image, as far as a folder can be one."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.here = root
        (root / "bin").mkdir()
        (root / "bin/python").symlink_to(base_python())
        self.environment = os.environ | {"PATH": f"{root}/bin:/usr/local/bin:/usr/bin:/bin"}
        self.command: list[str] = []
        self.check: list[str] = []

    def moved(self, text: str) -> str:
        for place in MOVED:
            text = re.sub(rf"(?<![\w./]){re.escape(place)}", f"{self.root}{place}", text)
        return text

    def step(self, word: str, rest: str) -> None:
        do = getattr(self, f"do_{word.lower()}", None)
        print(f"{word} {rest}"[:110], flush=True)
        if do:
            do(rest)

    def do_from(self, _rest: str) -> None:
        self.here = self.root

    def do_env(self, rest: str) -> None:
        for name, value in (pair.split("=", 1) for pair in rest.split()):
            self.environment[name] = self.moved(value).replace("$PATH", self.environment["PATH"])

    def do_workdir(self, rest: str) -> None:
        self.here = Path(self.moved(rest))

    def do_run(self, rest: str) -> None:
        commands = [part.strip() for part in rest.split("&&")]
        kept = [self.moved(command) for command in commands if not command.startswith("useradd")]
        owner = NOBODY if os.geteuid() == 0 else str(os.geteuid())
        script = re.sub(r"--(owner|group) \w+", f"--owner {owner}", " && ".join(kept))
        self.shell(script)

    def do_copy(self, rest: str) -> None:
        if rest.startswith("--from="):
            return  # both stages share the folder
        *sources, target = rest.split()
        place = Path(self.moved(target)) if target.startswith("/") else self.here / target
        for source in sources:
            end = place / source if target.endswith("/") else place
            end.parent.mkdir(parents=True, exist_ok=True)
            if (HOUSE / source).is_dir():
                shutil.copytree(HOUSE / source, end, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
            else:
                shutil.copy(HOUSE / source, end)

    def do_healthcheck(self, rest: str) -> None:
        self.check = json.loads(rest[rest.index("[") :])

    def do_cmd(self, rest: str) -> None:
        self.command = json.loads(rest)

    def shell(self, script: str) -> None:
        subprocess.run(["sh", "-euc", script], cwd=self.here, env=self.environment, check=True)  # noqa: S603, S607

    def serve_and_check(self) -> bool:
        """Whether the image's command comes up and is healthy in time."""
        surroundings = self.environment | {"PORT": "8129", "MOTENASHI_SECRET_KEY": secrets.token_urlsafe(48)}
        who = {"user": NOBODY} if os.geteuid() == 0 else {}
        command = [shutil.which(self.command[0], path=surroundings["PATH"]) or self.command[0], *self.command[1:]]
        process = subprocess.Popen(command, cwd=self.here, env=surroundings, **who)  # noqa: S603
        try:
            give_up = time.monotonic() + START_SECONDS
            while time.monotonic() < give_up and process.poll() is None:
                asked = subprocess.run(self.check, cwd=self.here, env=surroundings, capture_output=True, check=False)  # noqa: S603
                if asked.returncode == 0:
                    return True
                time.sleep(0.5)
            return False
        finally:
            process.terminate()
            process.wait(timeout=30)


def main() -> int:
    root = Path(tempfile.mkdtemp(prefix="motenashi-image-"))
    root.chmod(0o755)
    (root / "tmp").mkdir()
    rehearsal = Rehearsal(root)
    try:
        for word, rest in steps():
            rehearsal.step(word, rest)
        healthy = rehearsal.serve_and_check()
    finally:
        if "--keep" not in sys.argv:
            shutil.rmtree(root, ignore_errors=True)
    print("healthy: the image's steps work on this machine" if healthy else "the server did not become healthy")
    return 0 if healthy else 1


if __name__ == "__main__":
    sys.exit(main())
