"""Does taking a hostile mail apart grow with its length, or with the square of it? `python -m bench.raw_mail`.

For each kind: CPU time for a quarter of a megabyte and for a whole one, the least of three. Work that grows evenly
takes four times as long, its square sixteen times.
"""

from __future__ import annotations

import time

from bench.hostile_mails import HIGH_BYTES, HOSTILE
from motenashi.inbound_mail.mime_reading import parse_mail

SMALL, LARGE = 250_000, 1_000_000


def main() -> None:
    parse_mail(b"\r\n" + HIGH_BYTES)  # tables that are made once
    print("| mail | 0.25 MB, s | 1 MB, s | times |\n|---|---|---|---|")
    for name, made in HOSTILE.items():
        small, large = (min(cpu_seconds(made(size)) for _ in range(3)) for size in (SMALL, LARGE))
        print(f"| {name} | {small:.3f} | {large:.3f} | {large / small:.1f} |")


def cpu_seconds(raw: bytes) -> float:
    begun = time.process_time()
    parse_mail(raw)
    return time.process_time() - begun


if __name__ == "__main__":
    main()
