"""Intents and tone, on mails that the model did not learn from: whole files of the training mails left out in turn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench.quality.tables import table

WHAT_IT_SAYS = """Of the training mails whole files were left out in turn, and read by a model that had learnt from
the others (built in {seconds:.0f} s, fingerprint {fingerprint}). These mails are by the same authors and hard on
purpose (hints, denials, look-alikes), each file about something else: figures for your own mail may be better or worse.
"""


def section(model: Mapping[str, Any]) -> str:
    """From what `app.py train` keeps beside the model."""
    parts = [
        "## Intents and tone\n",
        WHAT_IT_SAYS.format(**model),
    ]
    for language, scores in model["scores"].items():
        parts += [f"### {_NAMES[language]}\n", _language(scores), ""]
    return "\n".join(parts)


_NAMES = {"en": "English", "ja": "Japanese"}


def _language(scores: Mapping[str, Any]) -> str:
    intents, tone = scores["intents"], scores["sentiment"]
    sums = table(
        ["mails", "micro F1", "macro F1", "all labels of a mail right", "tone: macro F1", "glad", "neutral", "unhappy"],
        [
            [
                intents["mails"],
                intents["micro_f1"],
                intents["macro_f1"],
                intents["all_right"],
                tone["macro"],
                tone["positive"],
                tone["neutral"],
                tone["negative"],
            ]
        ],
    )
    kinds = table(
        ["kind of mail", "mails", "micro F1", "all right"],
        [[kind, told["mails"], told["micro_f1"], told["all_right"]] for kind, told in intents.get("kinds", {}).items()],
    )
    labels = table(
        ["label", "mails", "precision", "recall", "F1"],
        [
            [label, told["mails"], told["precision"], told["recall"], told["f1"]]
            for label, told in sorted(intents["labels"].items(), key=lambda pair: pair[1]["f1"])
        ],
    )
    worst = table(
        ["the ten worst mistakes: text", "is", "was read as"],
        [[told["text"], ", ".join(told["is"]), ", ".join(told["read"])] for told in intents.get("worst", ())],
    )
    return "\n\n".join((sums, kinds, labels, worst))
