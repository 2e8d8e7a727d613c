"""A bounded run of the fuzzer: a fixed number of tries from a fixed seed, so that it says the same each time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FUZZER = Path(__file__).with_name("fuzz_dates.py")
SEEDS = {
    "en": [
        b"\x00Could we move Thursday's 2pm call to Friday 10-11:30 CET, or the week after next?",
        b"\x09by 31/12, no later than noon; every second Tuesday at 9; in 3 business days; 2026-02-30 $3.15 v2.4",
    ],
    "ja": [
        "\x00来週の火曜か水曜の15時〜16時半、日本時間で１０月３日（木）はいかがでしょうか。".encode(),
        "\x09令和八年八月七日午後一時から、5営業日以内、毎月第2木曜、月末まで、前日の正午。3,000円".encode(),
    ],
}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_crash_and_no_hang(language: str, tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="the fuzzer is not installed")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(SEEDS[language]):
        (corpus / str(number)).write_bytes(seed)

    limits = ["-seed=20261124", "-runs=1500", "-max_len=400", "-timeout=30", f"-artifact_prefix={tmp_path}/"]
    done = subprocess.run(
        [sys.executable, str(FUZZER), language, *limits, str(corpus)],
        capture_output=True, text=True, timeout=150, check=False, cwd=tmp_path,
    )  # fmt: skip

    found = [path.read_bytes() for path in tmp_path.iterdir() if path.is_file()]
    assert done.returncode == 0, f"{found}\n{done.stderr[-3000:]}"
    assert "Done 1500 runs" in done.stderr
