"""How common words are in mails to a sales team: what everybody writes says little about one mail."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class BackgroundTable:
    """In how many of `mails` each word stands; an empty table finds every word equally rare."""

    mails: int = 0
    times: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, mails: Iterable[Iterable[str]], at_least: int = 2) -> BackgroundTable:
        """From the words of each mail."""
        times: Counter[str] = Counter()
        number = 0
        for words in mails:
            number += 1
            times.update(set(words))
        return cls(number, {word: n for word, n in sorted(times.items()) if n >= at_least})

    def rarity(self, word: str) -> float:
        """0 (in every mail) to 1 (never seen)."""
        if not self.mails:
            return 0.7
        return math.log((self.mails + 1) / (self.times.get(word, 0) + 1)) / math.log(self.mails + 1)

    def to_disk(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        content = json.dumps({"mails": self.mails, "times": dict(self.times)}, ensure_ascii=False)
        (folder / "background.json").write_text(content, encoding="utf-8")

    @classmethod
    def from_disk(cls, folder: Path) -> BackgroundTable:
        return cls(**json.loads((folder / "background.json").read_text(encoding="utf-8")))
