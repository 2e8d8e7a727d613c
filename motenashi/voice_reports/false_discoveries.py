"""Many questions at once: which answers may be told, so that of what is told only a small share is chance.

Y. Benjamini, Y. Hochberg, "Controlling the false discovery rate: a practical and powerful approach to multiple
testing", Journal of the Royal Statistical Society B 57 (1995).
"""

from __future__ import annotations

from collections.abc import Sequence


def adjusted(p_values: Sequence[float]) -> list[float]:
    """For each p-value the smallest share of false discoveries at which it would be told. All that were tested."""
    count = len(p_values)
    order = sorted(range(count), key=lambda place: p_values[place], reverse=True)
    told, least = [1.0] * count, 1.0
    for rank, place in enumerate(order):
        least = min(least, p_values[place] * count / (count - rank))
        told[place] = least
    return told
