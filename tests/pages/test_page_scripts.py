"""The scripts of the staff's pages are built from the sources beside them."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import motenashi.pages

PAGES = Path(motenashi.pages.__file__).parent
SCRIPTS = PAGES / "scripts"
BUILT = PAGES / "static" / "built"
HOW = "run `npm ci && npm run build` in motenashi/pages/scripts"
ENTRIES = sorted(path.stem for path in (SCRIPTS / "src").glob("*.ts") if not path.name.endswith(".d.ts"))


def sources_hash() -> str:
    """The same hash that scripts/build.mjs writes into the first line of every script."""
    files = [path for path in (SCRIPTS / "src").rglob("*") if path.is_file()]
    files += [SCRIPTS / "build.mjs", SCRIPTS / "package-lock.json"]
    digest = hashlib.sha256()
    for name in sorted(path.relative_to(SCRIPTS).as_posix() for path in files):
        digest.update(f"{name}\0".encode() + (SCRIPTS / name).read_bytes() + b"\0")
    return digest.hexdigest()[:32]


def test_every_entry_is_built_and_nothing_else_is() -> None:
    assert ENTRIES
    assert sorted(path.name for path in BUILT.iterdir()) == [f"{name}.js" for name in ENTRIES], HOW


@pytest.mark.parametrize("name", ENTRIES)
def test_a_script_is_built_from_the_sources_beside_it(name: str) -> None:
    first_line = (BUILT / f"{name}.js").read_text(encoding="utf-8").splitlines()[0]

    assert sources_hash() in first_line, HOW


@pytest.mark.skipif(
    not (SCRIPTS / "node_modules").is_dir() or not shutil.which("node"),
    reason="the scripts of the pages were not rebuilt: `npm ci` in motenashi/pages/scripts to compare the bytes, too",
)
def test_building_the_scripts_again_gives_the_same_bytes(tmp_path: Path) -> None:
    command = [shutil.which("node") or "node", str(SCRIPTS / "build.mjs")]
    subprocess.run(command, env={"OUT_FOLDER": str(tmp_path), "PATH": "/usr/bin:/bin"}, check=True, timeout=60)

    for name in ENTRIES:
        assert (tmp_path / f"{name}.js").read_bytes() == (BUILT / f"{name}.js").read_bytes(), HOW


@pytest.mark.parametrize("name", ENTRIES)
def test_a_script_asks_no_other_server_and_runs_no_text_as_code(name: str) -> None:
    content = (BUILT / f"{name}.js").read_text(encoding="utf-8")

    hosts = set(re.findall(r"https?://([\w-]+(?:\.[\w-]+)*)", content)) - {"www.w3.org"}
    assert not hosts
    for forbidden in ("document.write", "eval(", "new Function"):
        assert forbidden not in content
