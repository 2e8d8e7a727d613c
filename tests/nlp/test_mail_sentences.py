"""Sentences of mails: greetings, lists, line breaks, abbreviations, missing full stops; both languages."""

from itertools import pairwise

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from nlp.components.sentences import split_sentences

ENGLISH = [
    ("Hi Anna,\nwe need a quote", ["Hi Anna,", "we need a quote"]),
    (
        "Drop 5.5 % for Mr. Smith, e.g. by no. 7. Done?Good.",
        ["Drop 5.5 % for Mr. Smith, e.g. by no. 7.", "Done?", "Good."],
    ),
    ("We need:\n- two laptops\n- a dock\nThanks\nTim", ["We need:", "- two laptops", "- a dock", "Thanks", "Tim"]),
    (
        "Our contract with the maintenance company in the valley ends in\nJune and we would like to go on. Bye",
        ["Our contract with the maintenance company in the valley ends in\nJune and we would like to go on.", "Bye"],
    ),
    ("hi there\nscreen is black\nplease help", ["hi there", "screen is black", "please help"]),
    ("We close at 5 p.m. We open at 9 a.m. on Monday.", ["We close at 5 p.m.", "We open at 9 a.m. on Monday."]),
    ("We waited... and waited. Nothing!", ["We waited... and waited.", "Nothing!"]),
    ("Offer\n\nIs it still good?", ["Offer", "Is it still good?"]),
]
JAPANESE = [
    ("お世話になっております\n佐藤です", ["お世話になっております", "佐藤です"]),
    ("価格と\n納期を教えてください。急ぎます", ["価格と\n納期を教えてください。", "急ぎます"]),
    ("「検討します。」とのお返事でしたが、いかがですか？", ["「検討します。」とのお返事でしたが、いかがですか？"]),
    ("壊れました！至急です　連絡ください", ["壊れました！", "至急です", "連絡ください"]),
    ("必要なもの：\n・見積書\n・納期", ["必要なもの：", "・見積書", "・納期"]),
    ("助かりました♪ありがとう(笑)", ["助かりました♪", "ありがとう(笑)"]),
    ("大変お世話になりまして誠にありがとうございます。先日の件でございますが何か\n進展はありましたか", None),
]


@pytest.mark.parametrize(("text", "sentences"), ENGLISH)
def test_english_mails_are_cut_where_a_sentence_ends(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text, "en")] == sentences


@pytest.mark.parametrize(("text", "sentences"), JAPANESE)
def test_japanese_mails_are_cut_where_a_sentence_ends(text: str, sentences: list[str] | None) -> None:
    expected = sentences or text.replace("。", "。|").split("|")

    assert [text[start:end] for start, end in split_sentences(text, "ja")] == expected


@given(st.text(alphabet="ab A.?!\n-、。」「です\u3000", max_size=80), st.sampled_from(["en", "ja", ""]))
def test_every_letter_lies_in_exactly_one_sentence(text: str, language: str) -> None:
    places = split_sentences(text, language)

    inside = [letter for start, end in places for letter in text[start:end] if not letter.isspace()]
    assert inside == [letter for letter in text if not letter.isspace()]
    assert all(end <= following for (_, end), (following, _) in pairwise(places))


def test_the_component_sets_sentences_and_their_places() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("mail_sentences")

    doc = nlp("Hi Anna,\nwe need a quote.\n\nCan you send one?")

    assert [sentence.text.strip() for sentence in doc.sents] == ["Hi Anna,", "we need a quote.", "Can you send one?"]
    assert [doc.text[start:end] for start, end in doc._.sentence_places] == [
        "Hi Anna,",
        "we need a quote.",
        "Can you send one?",
    ]
