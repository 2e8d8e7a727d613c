"""What the operating system says about processes: processor time and memory, read from /proc."""

from __future__ import annotations

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """The processes that this one started: a gunicorn master's workers."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def processor_seconds(pids: list[int]) -> float:
    """User and system time that these processes have used since they began."""
    ticks = 0
    for pid in pids:
        # The name in parentheses may hold spaces; the numbered fields begin after it.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


def memory(pid: int) -> dict[str, float]:
    """Megabytes of memory: `pss` shares what is shared fairly, `rss` counts it in every process."""
    sizes: dict[str, float] = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, _, rest = line.partition(":")
        if name in ("Pss", "Rss"):
            sizes[name.lower()] = int(rest.split()[0]) / 1024
    return sizes


def largest(pids: list[int]) -> dict[str, float]:
    """The memory of whichever of these processes is the largest."""
    return max((memory(pid) for pid in pids), key=lambda sizes: sizes["rss"])
