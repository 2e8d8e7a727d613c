"""The English training mails: well formed, varied, balanced, and no copy of what the reader is judged by."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz import fuzz

from nlp.labels import INTENTS, STAND_ALONE

HOUSE = Path(__file__).parents[2]
FOLDER = HOUSE / "nlp" / "training_data" / "en"
JUDGED_BY = HOUSE.parent / "shared" / "eval"

LABELS = INTENTS
SENTIMENTS = {"positive", "neutral", "negative"}
FIELDS = {"id", "text", "subject", "intents", "intents_optional", "sentiment", "sentences", "tags"}

Mail = dict[str, Any]


def read(path: Path) -> list[Mail]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


MAILS: list[Mail] = [mail for path in sorted(FOLDER.glob("*.jsonl")) for mail in read(path)]


def normal(text: str) -> str:
    """Letters and digits only, so that case, spaces and punctuation hide no copy."""
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()


def near(mail: Mail) -> set[str]:
    """The labels whose words a mail uses without meaning them (tags like `near:demo_request`)."""
    return {tag.removeprefix("near:") for tag in mail["tags"] if tag.startswith("near:")}


def test_every_english_mail_has_its_own_id() -> None:
    twice = [name for name, times in Counter(mail["id"] for mail in MAILS).items() if times > 1]

    assert twice == []
    assert [mail["id"] for mail in MAILS if not re.fullmatch(r"en-\d{6}", mail["id"])] == []


def test_every_english_mail_has_the_fields_and_labels_that_the_trainer_knows() -> None:
    wrong = [
        mail["id"]
        for mail in MAILS
        if not mail.keys() <= FIELDS
        or not mail["text"].strip()
        or not {*mail["intents"], *mail.get("intents_optional", [])} <= set(LABELS)
        or set(mail["intents"]) & set(mail.get("intents_optional", []))
        or mail["sentiment"] not in SENTIMENTS
        or not near(mail) <= set(LABELS)
    ]

    assert wrong == []


def test_labels_that_stand_alone_do_so_in_english() -> None:
    assert [m["id"] for m in MAILS if STAND_ALONE & set(m["intents"]) and len(m["intents"]) > 1] == []


def test_an_english_hard_negative_does_not_carry_the_label_it_is_near_to() -> None:
    assert [mail["id"] for mail in MAILS if near(mail) & set(mail["intents"])] == []


def test_the_sentences_of_an_english_mail_are_its_text_and_give_its_labels() -> None:
    wrong = []
    for mail in MAILS:
        if "sentences" not in mail:
            continue
        together = normal(" ".join(sentence["text"] for sentence in mail["sentences"]))
        given = {label for sentence in mail["sentences"] for label in sentence["intents"]}
        if together != normal(mail["text"]) or given != set(mail["intents"]):
            wrong.append(mail["id"])

    assert wrong == []


def test_there_are_thousands_of_english_sentences() -> None:
    assert len(MAILS) >= 1_600
    assert sum(len(mail.get("sentences", [mail["text"]])) for mail in MAILS) >= 3_000


@pytest.mark.parametrize("label", LABELS)
def test_an_english_label_has_enough_mails_and_enough_look_alikes(label: str) -> None:
    assert sum(label in mail["intents"] for mail in MAILS) >= 100
    assert sum(label in near(mail) for mail in MAILS) >= 30


@pytest.mark.parametrize("label", sorted(set(LABELS) - STAND_ALONE - {"complaint"}))
def test_an_english_label_is_said_in_more_than_one_tone(label: str) -> None:
    tones = Counter(mail["sentiment"] for mail in MAILS if label in mail["intents"])

    assert tones["neutral"] >= 20
    assert tones["positive"] + tones["negative"] >= 5
    assert min(tones["positive"], tones["negative"]) >= 1


def test_no_two_english_mails_with_the_same_label_are_nearly_the_same() -> None:
    by_label = defaultdict(list)
    for mail in MAILS:
        for label in mail["intents"]:
            by_label[label].append((mail["id"], normal(mail["text"])))
    alike = {
        (one, other)
        for mails in by_label.values()
        for (one, text), (other, others_text) in combinations(mails, 2)
        if fuzz.ratio(text, others_text, score_cutoff=92) > 92
    }

    assert alike == set()


def strings_in(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for inner in value.values() for text in strings_in(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in strings_in(inner)]
    return []


def test_no_english_mail_is_a_text_that_the_reader_is_judged_by() -> None:
    if not JUDGED_BY.is_dir():
        pytest.skip("the folder of the evaluation does not lie beside this repository")
    theirs = {
        normal(text)
        for path in JUDGED_BY.rglob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
        for text in strings_in(json.loads(line))
    }
    # One or two words ("Noted.", "Call me.") are nobody's; three and more must be ours.
    copied = [mail["id"] for mail in MAILS if len(normal(mail["text"]).split()) > 2 and normal(mail["text"]) in theirs]

    assert copied == []
