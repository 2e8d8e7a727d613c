"""What a chat message wants, read by key phrases in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nlp.key_phrases import PHRASES, KeyPhraseReader

LABELS = """
    demo_request meeting_request reschedule product_info spec_question trial_extension renewal upgrade discount_request
    quote_request comparison_request purchase complaint cancellation support_issue payment_invoice general_inquiry
    out_of_office unsubscribe thanks_ack not_interested referral spam other
"""
TAXONOMY = frozenset(LABELS.split())


@pytest.fixture(scope="module")
def reader() -> KeyPhraseReader:
    return KeyPhraseReader()


def labels(reader: KeyPhraseReader, text: str) -> set[str]:
    return {intent.label for intent in reader.read(text).intents if intent.score >= 0.5}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Could you send us a quotation for six docking stations?", "quote_request"),
        ("ドッキングステーション6台のお見積もりをいただけますか。", "quote_request"),
        ("We would love a live demonstration of the backup tool.", "demo_request"),
        ("バックアップ製品のデモを拝見したいです。", "demo_request"),
        ("Can we arrange a short call on Tuesday afternoon?", "meeting_request"),
        ("来週、打ち合わせをお願いできますか。", "meeting_request"),
        ("I need to reschedule our appointment.", "reschedule"),
        ("明日の打ち合わせを延期したいです。", "reschedule"),
        ("Our fileserver has crashed and nobody can print.", "support_issue"),
        ("プリンターの電源が入りません。", "support_issue"),
        ("The invoice for October has the wrong company name.", "payment_invoice"),
        ("10月分の請求書を再発行してください。", "payment_invoice"),
        ("Please cancel our subscription at the end of the year.", "cancellation"),
        ("年末で解約したいです。", "cancellation"),
        ("How does this one compare with the bigger model?", "comparison_request"),
        ("上のモデルとの違いを教えてください。", "comparison_request"),
        ("Is there a discount for schools?", "discount_request"),
        ("学校向けの割引はありますか。", "discount_request"),
        ("We'd like to order three of them.", "purchase"),
        ("3台購入したいのですが。", "purchase"),
        ("Please take me off your mailing list.", "unsubscribe"),
        ("メルマガの配信を停止してください。", "unsubscribe"),
        ("I am out of the office until Monday.", "out_of_office"),
        ("本メールは自動返信です。", "out_of_office"),
        ("Is the tablet compatible with our card reader?", "spec_question"),
        ("最大メモリ容量はどのくらいですか。", "spec_question"),
        ("Where is my parcel? I have no tracking number.", "general_inquiry"),
        ("荷物はいつ届きますか。", "general_inquiry"),
        ("I am very disappointed with your service.", "complaint"),
        ("対応が遅く、大変失望しました。", "complaint"),
        ("Thank you!", "thanks_ack"),
        ("ありがとうございます！", "thanks_ack"),
    ],
)
def test_what_is_said_outright_is_found(reader: KeyPhraseReader, text: str, label: str) -> None:
    assert label in labels(reader, text)


@pytest.mark.parametrize(
    ("text", "gone", "left"),
    [
        ("We don't need a demo, just send the brochure.", "demo_request", "product_info"),
        ("デモは不要です。カタログだけ送ってください。", "demo_request", "product_info"),
        ("No need for a quote, but please call me.", "quote_request", "meeting_request"),
        ("見積もりではなく、資料をください。", "quote_request", "product_info"),
        ("We are not cancelling the contract, we want to renew it.", "cancellation", "renewal"),
    ],
)
def test_what_is_denied_does_not_count_and_the_rest_does(
    reader: KeyPhraseReader, text: str, gone: str, left: str
) -> None:
    found = labels(reader, text)

    assert gone not in found
    assert left in found


def test_not_renewing_is_a_cancellation_and_no_renewal(reader: KeyPhraseReader) -> None:
    assert labels(reader, "We will not renew the contract.") == {"cancellation"}
    assert labels(reader, "契約は更新しません。") == {"cancellation"}


def test_two_wishes_are_two_intents_each_with_its_sentence(reader: KeyPhraseReader) -> None:
    reading = reader.read("Please send a quote for two servers. The old one shows an error message!")
    sentences = {intent.label: intent.sentence for intent in reading.intents}

    assert sentences["quote_request"] == "please send a quote for two servers."
    assert sentences["support_issue"] == "the old one shows an error message!"


def test_slips_of_the_keyboard_are_mended(reader: KeyPhraseReader) -> None:
    assert labels(reader, "can i get a qoutation") == {"quote_request"}
    assert labels(reader, "please resend the invioce") == {"payment_invoice"}


def test_full_width_letters_and_curly_apostrophes_are_read(reader: KeyPhraseReader) -> None:
    assert "support_issue" in labels(reader, "It doesn’t work")
    assert "demo_request" in labels(reader, "ＤＥＭＯ please")


def test_thanks_beside_a_wish_are_courtesy(reader: KeyPhraseReader) -> None:
    assert labels(reader, "Can you send me a price list? Thanks in advance.") == {"quote_request"}
    assert labels(reader, "お世話になっております。見積もりをお願いします。ありがとうございます。") == {"quote_request"}


def test_an_automatic_answer_stands_alone(reader: KeyPhraseReader) -> None:
    assert labels(reader, "Automatic reply: I am away. For quotes, contact my colleague Jo.") == {"out_of_office"}


@pytest.mark.parametrize(
    ("text", "language"), [("見積もり", "ja"), ("Quote please", "en"), ("AeroBook 14の在庫", "ja"), ("12345", "en")]
)
def test_the_language_is_that_of_the_letters(reader: KeyPhraseReader, text: str, language: str) -> None:
    assert reader.read(text).language == language


def test_without_letters_the_language_is_what_the_caller_wished(reader: KeyPhraseReader) -> None:
    assert reader.read(" ", "ja").language == "ja"


@pytest.mark.parametrize(
    "text", ["", "\x00\ud800", "🙂🙂", "مرحبا", "x" * 100_000, "?" * 5_000, "((((" * 500, "あ" * 50_000]
)
def test_strange_texts_are_read_without_harm(reader: KeyPhraseReader, text: str) -> None:
    for intent in reader.read(text).intents:
        assert 0 <= intent.score <= 1


def test_every_label_of_the_taxonomy_has_phrases_in_both_languages_and_no_other_exists() -> None:
    given = yaml.safe_load(Path(PHRASES).read_text(encoding="utf-8"))

    assert given.keys() == TAXONOMY
    for label, kinds in given.items():
        for language in ("en", "ja"):
            assert any(kinds.get(kind, {}).get(language) for kind in ("phrases", "alone")), (label, language)
