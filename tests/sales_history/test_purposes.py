"""What subjects tell, in English and Japanese, and what they don't."""

from __future__ import annotations

import pytest

from motenashi.sales_history.purposes import PURPOSES, purpose_of, purposes_of


@pytest.mark.parametrize(
    ("purpose", "subjects"),
    [
        (
            "follow_up",
            ("Following up on Tuesday", "FOLLOW-UP", "Just checking in", "その後いかがでしょうか", "ﾌｫﾛｰｱｯﾌﾟのお電話"),
        ),
        ("discovery", ("Discovery call", "Requirements interview", "課題のヒアリング", "ご要望の確認")),
        (
            "negotiation",
            (
                "Payment terms",
                "Price negotiation",
                "Contract negotiation",
                "Talking about price and conditions",
                "お取引条件について",
                "価格交渉",
                "ご契約条件の交渉",
                "価格のご相談",
            ),
        ),
        ("demo", ("Demo for the board", "Re: hands-on session", "製品デモのご案内", "実機のご紹介")),
        ("meeting", ("Kick-off", "Meeting on Friday", "お打合せ", "オンラインミーティング", "ご訪問の件")),
        ("contract_review", ("Legal review", "Draft agreement", "契約書のご確認", "秘密保持の件")),
        ("product_info", ("Data sheet", "Details on the new model", "仕様について", "カタログ送付")),
        ("quote", ("Quotation no. 17", "RE: Fwd: your quote", "お見積りの件", "御見積書")),
        ("discount", ("A better price for you", "10% discount", "特別価格のご提案", "数量割引")),
        (
            "trial_extension",
            ("Extending your trial", "Trial extension", "お試し期間の延長", "More time for your evaluation"),
        ),
        (
            "renewal",
            (
                "Contract renewal",
                "Your subscription expires",
                "保守契約更新のご案内",
                "契約満了のお知らせ",
                "更新手続きについて",
            ),
        ),
    ],
)
def test_a_subject_tells_its_purpose(purpose: str, subjects: tuple[str, ...]) -> None:
    assert purpose in PURPOSES
    assert {subject: purpose_of(subject) for subject in subjects} == dict.fromkeys(subjects, purpose)


@pytest.mark.parametrize(
    "subject", ["", "Incoming call", "Re: our project", "Update CRM", "社内確認", "Hello", "\x00", "democracy"]
)
def test_a_subject_that_tells_nothing_has_no_purpose(subject: str) -> None:
    assert purpose_of(subject) == ""


def test_a_very_long_subject_is_read_at_its_beginning_only() -> None:
    assert purpose_of("Quote " + "x" * 1_000_000) == "quote"
    assert purpose_of("x " * 1_000 + "quote") == ""


def test_many_subjects_are_looked_at_once_each() -> None:
    assert purposes_of(["Demo", "Demo", "Hello"]) == {"Demo": "demo"}
