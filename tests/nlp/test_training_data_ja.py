"""The Japanese training mails keep their promises: known labels, balance, no twins, nothing from the evaluation."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz import fuzz, process

from nlp.labels import INTENTS, STAND_ALONE

REPOSITORY = Path(__file__).resolve().parents[2]
MAILS_FOLDER = REPOSITORY / "nlp" / "training_data" / "ja"
EVALUATION_FOLDER = REPOSITORY.parent / "shared" / "eval"

LABELS = set(INTENTS)
SENTIMENTS = {"positive", "neutral", "negative"}
VOICES = {
    "background",
    "chatty",
    "casual",
    "curt",
    "dialect",
    "indirect",
    "keigo",
    "long",
    "mixed",
    "negated",
    "non_native",
    "quoted",
    "sarcasm",
    "short",
    "typos",
}
FIELDS = {"id", "text", "subject", "intents", "intents_optional", "sentiment", "sentences", "tags"}

# Short mails may look alike by chance ("了解です。", "承知です。"); longer ones that do are a template showing through.
TWIN_MINIMUM_CHARACTERS = 10
TWIN_SIMILARITY = 88


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def bare(text: str) -> str:
    """The letters and digits only, width and case levelled: how texts are compared here."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


@pytest.fixture(scope="module")
def mails() -> list[dict[str, Any]]:
    return [mail for path in sorted(MAILS_FOLDER.glob("*.jsonl")) for mail in read_lines(path)]


def test_every_mail_has_the_fields_of_the_format_and_no_others(mails: list[dict[str, Any]]) -> None:
    for mail in mails:
        assert mail.keys() <= FIELDS, mail["id"]
        assert mail["text"].strip() == mail["text"] != "", mail["id"]
        assert mail["sentiment"] in SENTIMENTS, mail["id"]


def test_every_number_is_given_once(mails: list[dict[str, Any]]) -> None:
    numbers = Counter(mail["id"] for mail in mails)
    assert all(re.fullmatch(r"ja-\d{6}", number) for number in numbers)
    assert [number for number, times in numbers.items() if times > 1] == []


def test_only_the_labels_of_the_taxonomy_are_used_and_those_that_stand_alone_do(mails: list[dict[str, Any]]) -> None:
    for mail in mails:
        intents = mail["intents"]
        assert set(intents) <= LABELS, mail["id"]
        assert len(set(intents)) == len(intents), mail["id"]
        assert set(mail.get("intents_optional", [])) <= LABELS - set(intents), mail["id"]
        assert len(intents) == 1 or not STAND_ALONE & set(intents), mail["id"]


def test_tags_are_known_voices_or_a_neighbouring_label_the_mail_does_not_have(mails: list[dict[str, Any]]) -> None:
    for mail in mails:
        for tag in mail["tags"]:
            if tag.startswith("near:"):
                assert tag.removeprefix("near:") in LABELS - set(mail["intents"]), mail["id"]
            else:
                assert tag in VOICES, mail["id"]


def test_sentences_are_the_text_cut_up_and_their_labels_are_the_labels_of_the_mail(mails: list[dict[str, Any]]) -> None:
    for mail in mails:
        if "sentences" not in mail:
            continue
        assert bare("".join(part["text"] for part in mail["sentences"])) == bare(mail["text"]), mail["id"]
        said = {label for part in mail["sentences"] for label in part["intents"]}
        assert said == set(mail["intents"]), mail["id"]


def test_there_are_enough_mails_and_sentences(mails: list[dict[str, Any]]) -> None:
    assert len(mails) >= 1_600
    assert sum(len(mail.get("sentences", [None])) for mail in mails) >= 3_000


def test_every_label_has_a_hundred_mails_and_thirty_that_only_look_like_it(mails: list[dict[str, Any]]) -> None:
    with_label = Counter(label for mail in mails for label in mail["intents"])
    looking_like = Counter(
        tag.removeprefix("near:") for mail in mails for tag in mail["tags"] if tag.startswith("near:")
    )
    assert {label: with_label[label] for label in LABELS if with_label[label] < 100} == {}
    assert {label: looking_like[label] for label in LABELS if looking_like[label] < 30} == {}


def test_every_request_is_made_in_glad_calm_and_sore_tones(mails: list[dict[str, Any]]) -> None:
    tones = Counter((label, mail["sentiment"]) for mail in mails for label in mail["intents"])
    always_sore, never_toned = {"complaint"}, STAND_ALONE
    for label in LABELS - never_toned - always_sore:
        assert tones[label, "positive"] >= 2 and tones[label, "neutral"] >= 40, label
    for label in LABELS - never_toned - {"thanks_ack"}:
        assert tones[label, "negative"] >= 2, label


def test_no_two_mails_are_twins(mails: list[dict[str, Any]]) -> None:
    texts = [bare(mail["text"]) for mail in mails]
    assert len(set(texts)) == len(texts)
    twins = [
        (mails[place]["id"], mails[place + 1 + offset]["id"])
        for place, text in enumerate(texts)
        if len(text) >= TWIN_MINIMUM_CHARACTERS
        for _, _, offset in process.extract(
            text, texts[place + 1 :], scorer=fuzz.ratio, score_cutoff=TWIN_SIMILARITY, limit=5
        )
    ]
    assert twins == []


def test_no_mail_is_found_in_the_evaluation(mails: list[dict[str, Any]]) -> None:
    if not EVALUATION_FOLDER.is_dir():
        pytest.skip("the evaluation folder is not beside this repository, so there is nothing to compare with")
    ours = {bare(mail["text"]): mail["id"] for mail in mails}
    for path in sorted(EVALUATION_FOLDER.rglob("*.jsonl")):
        for case in read_lines(path):
            for field in ("text", "body", "reply"):
                assert bare(str(case.get(field, ""))) not in ours, f"{path.name}: a text of ours is in the evaluation"
