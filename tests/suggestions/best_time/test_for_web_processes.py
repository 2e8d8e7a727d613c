"""What pages import of best times brings no numpy into their process."""

from __future__ import annotations

import subprocess
import sys

PURE = ("best_times", "dated_slots", "settings", "store", "tables")


def test_what_pages_read_best_times_with_imports_no_numpy() -> None:
    imports = "; ".join(f"import motenashi.suggestions.best_time.{name}" for name in PURE)
    heavy = "sorted({'numpy', 'scipy', 'duckdb', 'sklearn', 'spacy'} & set(sys.modules))"

    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {imports}; print({heavy})"], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
