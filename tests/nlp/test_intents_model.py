"""The intents model on a few dozen made-up rows: learns, tells its sentence, survives the disk, repeats itself."""

from pathlib import Path

import numpy as np
import pytest
import spacy

import nlp.components.intents  # noqa: F401  (registers the factory)
from nlp.components.sentences import split_sentences
from nlp.intents.decision import chosen_labels
from nlp.intents.english_features import negation_kinds as english_negation
from nlp.intents.english_words import stems
from nlp.intents.japanese_features import negation_kinds as japanese_negation
from nlp.intents.model import IntentsModel
from nlp.intents.training import TrainingMail, label_choices, mail_from_row, read_mails, score, train_intents
from nlp.labels import INTENTS, coarse_class

ENGLISH = {
    "quote_request": [
        "How much is a rack?",
        "Please quote for ten docks.",
        "What does the printer cost?",
        "Send us a price.",
    ],
    "support_issue": [
        "The screen is black.",
        "Our printer is broken.",
        "The server crashed.",
        "My mouse stopped working.",
    ],
    "cancellation": ["We cancel our contract.", "Please end the contract.", "Close my account.", "We terminate it."],
    "other": ["Merry Christmas to all.", "For your files.", "Happy Easter!", "Season's greetings."],
}
JAPANESE = {
    "quote_request": ["見積書をお願いします。", "いくらですか。", "お見積りをください。", "価格を教えてください。"],
    "support_issue": ["電源が入りません。", "画面が真っ暗です。", "プリンターが壊れました。", "動かなくなりました。"],
    "other": ["ご参考までに。", "議事録をお送りします。", "年賀のご挨拶です。", "いつもお世話になっております。"],
}


def _mails(rows: dict[str, list[str]]) -> list[TrainingMail]:
    return [
        TrainingMail(id=f"{label}-{number}", text=text, group=str(number), intents=(label,))
        for label, texts in rows.items()
        for number, text in enumerate(texts * 2)
    ]


@pytest.fixture(scope="module")
def english() -> IntentsModel:
    return train_intents("en", _mails(ENGLISH))[0]


def test_each_sentence_gives_its_own_label(english: IntentsModel) -> None:
    text = "Hello Anna,\nour scanner is broken. How much is a new rack?"

    found = {
        intent.label: text[intent.start : intent.end] for intent in english.read(text, split_sentences(text, "en"))
    }

    assert found == {"support_issue": "our scanner is broken.", "quote_request": "How much is a new rack?"}


@pytest.mark.parametrize(
    ("subject", "first"), [("How much is a rack?", "quote_request"), ("Re: How much is a rack?", "support_issue")]
)
def test_a_subject_that_repeats_our_words_counts_less(english: IntentsModel, subject: str, first: str) -> None:
    text = f"{subject}\n\nAnd it is broken."

    found = english.read(text, split_sentences(text, "en"), len(subject) + 2)

    assert found[0].label == first


def test_a_japanese_mail_is_read_too() -> None:
    model, _ = train_intents("ja", _mails(JAPANESE))
    text = "お世話になっております。\n画面が壊れました。"

    found = model.read(text, split_sentences(text, "ja"))

    assert [(intent.label, intent.sentence) for intent in found] == [("support_issue", "画面が壊れました。")]
    assert 0.5 < found[0].score <= 1


def test_the_same_mails_and_seed_give_the_same_model_and_scores() -> None:
    first, second = (train_intents("en", _mails(ENGLISH), seed=3) for _ in range(2))

    assert np.array_equal(first[0].of_whole.weights, second[0].of_whole.weights)
    assert first[1] == second[1]


def test_a_model_from_the_disk_gives_the_very_same_scores(english: IntentsModel, tmp_path: Path) -> None:
    english.to_disk(tmp_path)

    again = IntentsModel.from_disk(tmp_path)

    sentences = [text for texts in ENGLISH.values() for text in texts]
    assert np.array_equal(again.margins(sentences).of_mail(), english.margins(sentences).of_mail())


def test_the_component_writes_to_the_doc_and_to_the_disk(english: IntentsModel, tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("mail_sentences")
    nlp.add_pipe("mail_intents").model = english  # type: ignore[attr-defined]
    nlp.to_disk(tmp_path)

    doc = spacy.load(tmp_path)("Please close my account.")

    assert [(intent.label, intent.start, intent.end) for intent in doc._.intents] == [("cancellation", 0, 24)]


def test_nothing_to_read_gives_nothing(english: IntentsModel) -> None:
    assert english.read("", ()) == ()


@pytest.mark.parametrize("text", ["How much is a rack? " * 50_000, "How much is a rack " * 50_000])
def test_of_a_megabyte_the_beginning_is_read(english: IntentsModel, text: str) -> None:
    found = english.read(text, split_sentences(text, "en"))

    assert found[0].label == "quote_request"


def test_progress_ends_where_it_said_it_would() -> None:
    steps: list[tuple[str, int, int]] = []

    train_intents("en", _mails(ENGLISH), progress=lambda what, done, of: steps.append((what, done, of)))

    assert steps[-1][1] == steps[-1][2]
    assert [done for _, done, _ in steps] == list(range(len(steps)))


@pytest.mark.parametrize(
    ("text", "word", "kind"),
    [
        ("we do not need a demo, just the leaflet", "demo", "not_wanted"),
        ("we do not need a demo, just the leaflet", "leaflet", ""),
        ("I can't print", "print", "cannot"),
        ("the bill hasn't come", "come", "not_yet"),
        ("a call instead of a visit", "visit", "no"),
        ("not only a visit", "visit", ""),
    ],
)
def test_what_an_english_negation_covers(text: str, word: str, kind: str) -> None:
    words = stems(text)

    assert english_negation(words)[words.index(word)] == kind


@pytest.mark.parametrize(
    ("text", "word", "kind"),
    [
        ("デモは不要です。資料をください", "デモ", "not_wanted"),
        ("デモは不要です。資料をください", "資料", ""),
        ("デモではなく、資料をください", "デモ", "not_but"),
        ("資料を送っていただけませんか", "資料", ""),
        ("資料は送らないでください", "資料", "not_wanted"),
    ],
)
def test_what_a_japanese_negation_covers(text: str, word: str, kind: str) -> None:
    assert japanese_negation(text)[text.index(word)] == kind


def test_a_label_that_stands_alone_stands_alone_or_gives_way() -> None:
    other, complaint, purchase = (INTENTS.index(label) for label in ("other", "complaint", "purchase"))
    margins = np.full(len(INTENTS), -1.0, np.float32)
    margins[[other, complaint, purchase]] = 0.2, 0.5, 0.1

    assert chosen_labels(margins) == [complaint, purchase]
    margins[other] = 0.6
    assert chosen_labels(margins) == [other]


def test_many_mails_get_the_labels_that_each_alone_would_get() -> None:
    margins = np.random.default_rng(1).normal(-0.3, 0.5, (60, len(INTENTS))).astype(np.float32)

    together = label_choices(margins)

    assert [sorted(np.flatnonzero(row)) for row in together] == [sorted(chosen_labels(row)) for row in margins]


def test_optional_labels_are_neither_right_nor_wrong() -> None:
    mails = [mail_from_row({"text": "a", "intents": ["purchase"], "intents_optional": ["renewal"]}, "g")]

    assert score(mails, [["purchase", "renewal"]])["micro_f1"] == 1
    assert score(mails, [["purchase", "spam"]])["micro_f1"] == pytest.approx(0.6667)


def test_no_mails_have_scores_too() -> None:
    assert score([], [])["micro_f1"] == 0


def test_a_row_that_is_none_is_named_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "mine.jsonl").write_text(
        '{"text": "a", "intents": ["other"]}\n{"text": "b", "intents": ["sale"]}\n'
    )

    with pytest.raises(ValueError, match=r"mine\.jsonl:2: .*unknown label sale"):
        read_mails("en", tmp_path)


def test_corrections_are_read_beside_the_training_data(tmp_path: Path) -> None:
    (tmp_path / "corrections.jsonl").write_text('{"text": "a", "intents": ["other"]}\n')

    assert [mail.group for mail in read_mails("en", tmp_path, [tmp_path / "corrections.jsonl"])] == ["corrections"]


def test_coarse_classes_follow_the_order_of_the_taxonomy() -> None:
    assert coarse_class(["quote_request", "cancellation"]) == "complaint"
    assert coarse_class(["thanks_ack"]) == "other"
