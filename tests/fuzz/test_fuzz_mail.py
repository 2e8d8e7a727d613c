"""A bounded run of the fuzzer: a fixed number of tries from a fixed seed, so that it says the same each time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FUZZER = Path(__file__).with_name("fuzz_mail.py")
SEEDS = {
    "mime": [
        b"From: Dana <dana@reyes.example>\r\nSubject: =?ISO-2022-JP?B?GyRCOCtAURsoQg==?=\r\n"
        b"Date: Tue, 24 Nov 2026 15:00:00 +0900\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: text/plain; charset=utf-8; format=flowed\r\n\r\nHello \r\nyou\r\n--b\r\n"
        b"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VEVENT\r\n"
        b"DTSTART;TZID=Asia/Tokyo:20261124T150000\r\n"
        b"DURATION:PT1H\r\nRRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\n--b\r\nContent-Type: message/rfc822\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nRnJvbTogeAoKeQ==\r\n--b--\r\n",
        b"\x02\x90\x06\x00\x03\x90\x06\x00\x10\x00\x00\x00\x01\x00\x00\x00\x1f\x00\x00\x10\x01\x00\x00\x00",
    ],
    "html": [b"<div><p>Hello</p><blockquote type='cite'>&gt; old</blockquote><!-- x --><style>a</style></div>"],
    "text": [
        b"Yes.\n\nOn Tue, Nov 3, 2026 at 10:12 AM Dana <dana@reyes.example> wrote:\n> old\n\n-- \nDana\n",
        "はい。\n\n-----Original Message-----\nFrom: 田中\n件名: 確認\n\n━━━━━━\n株式会社ほし\n".encode(),
    ],
}


@pytest.mark.parametrize(("target", "runs"), [("mime", 3000), ("html", 1500), ("text", 1500)])
def test_no_crash_and_no_hang(target: str, runs: int, tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="the fuzzer is not installed")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(SEEDS[target]):
        (corpus / str(number)).write_bytes(seed)

    limits = ["-seed=20261124", f"-runs={runs}", "-max_len=2000", "-timeout=30", f"-artifact_prefix={tmp_path}/"]
    done = subprocess.run(
        [sys.executable, str(FUZZER), target, *limits, str(corpus)],
        capture_output=True, text=True, timeout=150, check=False, cwd=tmp_path,
    )  # fmt: skip

    found = [path.read_bytes() for path in tmp_path.iterdir() if path.is_file()]
    assert done.returncode == 0, f"{found}\n{done.stderr[-3000:]}"
    assert f"Done {runs} runs" in done.stderr
