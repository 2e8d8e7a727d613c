"""The scripts that a page loads: small, cacheable, and built from the sources beside them."""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from motenashi.channels.widget.bundles import FOLDER
from tests.channels.widget.conftest import Door

BOX = FOLDER.parent / "box"


def sources_hash() -> str:
    """The same hash that box/build.mjs writes into the first line of a bundle."""
    files = [path for path in (BOX / "src").rglob("*") if path.is_file()]
    files += [BOX / "build.mjs", BOX / "package-lock.json"]
    digest = hashlib.sha256()
    for name in sorted(path.relative_to(BOX).as_posix() for path in files):
        digest.update(f"{name}\0".encode() + (BOX / name).read_bytes() + b"\0")
    return digest.hexdigest()[:32]


@pytest.mark.parametrize("name", ["widget.js", "chat.js", "visits.js"])
def test_the_bundle_is_built_from_the_sources_beside_it(name: str) -> None:
    first_line = (FOLDER / name).read_text(encoding="utf-8").splitlines()[0]

    assert sources_hash() in first_line, "run `npm run build` in motenashi/channels/widget/box"


@pytest.mark.skipif(
    not (BOX / "node_modules").is_dir() or not shutil.which("node"),
    reason="the chat box was not rebuilt: `npm ci` in motenashi/channels/widget/box to compare the bytes, too",
)
def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    command = [shutil.which("node") or "node", str(BOX / "build.mjs")]
    subprocess.run(command, env={"OUT_FOLDER": str(tmp_path), "PATH": "/usr/bin:/bin"}, check=True, timeout=60)

    for name in ("widget.js", "chat.js", "visits.js"):
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()


def test_what_a_page_loads_before_anybody_clicks_is_tiny() -> None:
    assert len(gzip.compress((FOLDER / "widget.js").read_bytes(), 9)) < 4_000


def test_the_whole_box_stays_small() -> None:
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in FOLDER.glob("*.js")) < 60_000


def test_nothing_in_the_box_asks_another_server_or_parses_html() -> None:
    for path in FOLDER.glob("*.js"):
        content = path.read_text(encoding="utf-8")

        hosts = set(re.findall(r"https?://([\w-]+(?:\.[\w-]+)*)", content)) - {
            "www.w3.org",
            "www.openstreetmap.org",
            "example.com",
        }
        assert not hosts
        for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
            assert forbidden not in content


def test_the_loader_is_asked_for_again_soon_and_the_box_is_kept_for_ever(door: Door) -> None:
    loader = door.client.get("/widget.js")
    chat = re.search(r"chat\.[0-9a-f]{16}\.js", loader.get_data(as_text=True))
    assert chat

    rest = door.client.get(f"/widget/{chat[0]}")

    assert loader.headers["Cache-Control"] == "public, max-age=300"
    assert "immutable" in rest.headers["Cache-Control"]
    assert rest.get_data() == (FOLDER / "chat.js").read_bytes()


def test_a_loader_from_before_an_update_gets_todays_box_but_does_not_keep_it(door: Door) -> None:
    rest = door.client.get("/widget/chat.0123456789abcdef.js")

    assert rest.status_code == 200
    assert "immutable" not in rest.headers["Cache-Control"]


def test_scripts_travel_compressed_and_unchanged_ones_not_at_all(door: Door) -> None:
    small = door.client.get("/widget.js", headers={"Accept-Encoding": "gzip, br"})
    again = door.client.get("/widget.js", headers={"Accept-Encoding": "gzip", "If-None-Match": small.headers["ETag"]})

    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.get_data()) == (FOLDER / "widget.js").read_bytes()
    assert again.status_code == 304


def test_any_page_may_load_the_scripts(door: Door) -> None:
    answer = door.client.get("/widget.js", headers={"Origin": "https://elsewhere.example.com"})

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
