"""A filter in words: whoever acts on it must be able to see what it means, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from motenashi.database import Database
from motenashi.filters.desk import FilterDesk
from motenashi.filters.operators import OPERATORS_OF
from motenashi.filters.wording import _SAID
from tests.filters.small_world import make_tables


@pytest.fixture
def desk(sqlite_database: Database) -> FilterDesk:
    make_tables(sqlite_database)
    return FilterDesk(sqlite_database)


@pytest.mark.parametrize(
    ("module", "raw", "en", "ja"),
    [
        ("contacts", None, "All contacts", "すべての連絡先"),
        (
            "contacts",
            {"responses": {"some": {"tone": "negative", "keyword": "price", "at": {"in_last_days": 30}}}},
            "Contacts: there are some responses where (tone is negative and keyword is “price” and when is in the last "
            "30 days)",
            "連絡先：お客様の声（トーンが否定的、かつキーワードが「price」、かつ日時が過去30日以内）がある",
        ),
        (
            "contacts",
            {"if": [{"account.industry": {"is_not": "Retail"}}, {"events": {"none": {"kind": "churn"}}},
                    {"touchpoints": {"some": {"channel": "webinar"}, "at_least": 2}}],
             "pattern": "(1 and 2) or not 3"},
            "Contacts: (account industry is not “Retail” and there are no voice events where kind is churn) or "
            "not (there are at least 2 touchpoints where channel is webinar)",
            "連絡先：（取引先の業種が「Retail」以外、かつ声に関する出来事（種類が解約）がない）、または"
            "（接点（チャネルがウェビナー）が2件以上ある）ではない",
        ),
        (
            "deals",
            {"if": {"days_in_stage": {"ge": 30}, "amount": {"between": [1000, 20000]},
                    "closed_at": {"before": "today"}, "repeat": {"is_false": True}, "stage": {"in": ["A", "B"]}}},
            "Deals: days in its stage is 30 days or more and amount is from 1,000 to 20,000 and closed is before "
            "today and repeat business: no and stage is one of “A”, “B”",
            "商談：現在のステージの日数が30日以上、かつ金額が1,000から20,000まで、かつ完了日時が今日より前、かつ"
            "リピート：いいえ、かつステージが「A」、「B」のいずれか",
        ),
        (
            "contacts",
            {"if": {"events": {"some": {"response.keyword.tone": "negative", "relation": "after"}},
                    "deals": {"size_gt": 2}, "emails": None}},
            "Contacts: there are some voice events where (response keyword tone is negative and relation to the "
            "response is after) and there are at least 3 deals and there are no e-mails",
            "連絡先：声に関する出来事（お客様の声のキーワードのトーンが否定的、かつお客様の声との関係が以後）がある、"
            "かつ商談が3件以上ある、かつメールがない",
        ),
    ],
    ids=["all", "said", "joined", "deal", "lists"],
)  # fmt: skip
def test_a_filter_in_words(desk: FilterDesk, module: str, raw: Any, en: str, ja: str) -> None:
    chosen = desk.read(module, raw)

    assert desk.explain(chosen, "en") == en
    assert desk.explain(chosen, "ja") == ja


def test_every_operator_has_words() -> None:
    offered = {name for names in OPERATORS_OF.values() for name in names}

    assert offered == set(_SAID)
    assert all(set(label) == {"en", "ja"} for label in _SAID.values())


def test_a_long_list_is_cut(desk: FilterDesk) -> None:
    told = desk.explain(desk.read("contacts", {"id": {"in": [f"c{number}" for number in range(12)]}}), "en")

    assert told.endswith("“c7”, 4 more")
