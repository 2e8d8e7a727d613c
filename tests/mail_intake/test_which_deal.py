"""Which deal a mail is about: the only open one; of several by thread, product and recency; and how sure that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.records import Activity, Contact, Deal, DealProduct, Email
from motenashi.mail_intake.deal_link import DealLink, link_deal
from tests.mail_intake.conftest import NOW, Walk

DAY = timedelta(days=1)


def contact(walk: Walk, contact_id: str) -> Contact:
    found = walk.crm.contact(contact_id)
    assert found is not None
    return found


def link(walk: Walk, contact_id: str, *, thread: tuple[str, ...] = (), products: tuple[str, ...] = ()) -> DealLink:
    return link_deal(contact(walk, contact_id), walk.crm, thread=thread, product_ids=products, at=NOW)


def told(found: DealLink) -> tuple[str, str]:
    """The deal and the English reasons."""
    return (found.deal.id if found.deal else ""), " ".join(reason["en"] for reason in found.reasons)


def test_the_only_open_deal_is_it(walk: Walk) -> None:
    found = link(walk, "c-haruka")

    assert (found.deal and found.deal.id, found.certainty) == ("d-haruka", 0.95)
    assert found.reasons[0]["ja"] == "進行中の商談はこの1件だけです。"


def test_it_is_surer_with_its_product_and_less_sure_with_anothers(walk: Walk) -> None:
    assert link(walk, "c-haruka", products=("nb-14",)).certainty == 1.0
    less = link(walk, "c-haruka", products=("sv-t150",))
    assert (less.deal and less.deal.id, less.certainty) == ("d-haruka", 0.7)
    assert "not part of it" in told(less)[1]


def test_without_an_open_deal_there_is_none(walk: Walk) -> None:
    assert link(walk, "c-nora") == DealLink()
    assert link_deal(None, walk.crm, thread=("1@example.com",), product_ids=("nb-14",), at=NOW) == DealLink()


def test_of_several_the_one_touched_last_is_likelier_but_not_sure(walk: Walk) -> None:
    found = link(walk, "c-ben")

    assert told(found)[0] == "d-ben-new"
    assert 0.5 < found.certainty < 0.8
    assert [deal.id for deal, _ in found.others] == ["d-ben-old"]
    assert found.certainty + sum(certainty for _, certainty in found.others) == 1.0


def test_a_product_named_tells_more_than_recency(walk: Walk) -> None:
    found = link(walk, "c-ben", products=("sv-t150",))

    assert told(found)[0] == "d-ben-old"
    assert found.certainty > 0.6
    assert "TowerServe T150" in told(found)[1]


def test_the_products_named_are_told_in_each_language(walk: Walk) -> None:
    told = {language: " ".join(one[language] for one in link(walk, "c-ben", products=("sv-t150",)).reasons)
            for language in ("en", "ja")}  # fmt: skip
    (product,) = (one for one in walk.crm.products() if one.code == "sv-t150" or one.id == "sv-t150")
    assert product.name_en != product.name_ja
    assert product.name_en in told["en"] and product.name_ja in told["ja"] and product.name_en not in told["ja"]


def test_a_call_makes_an_old_deal_recent(walk: Walk) -> None:
    walk.crm.save_activity(Activity("", "call", "c", NOW - DAY, deal_id="d-ben-old", contact_id="c-ben"))
    walk.crm.save_activity(Activity("", "call", "c", NOW + DAY, deal_id="d-ben-new", contact_id="c-ben"))  # to come

    assert told(link(walk, "c-ben"))[0] == "d-ben-old"


def test_the_thread_tells_most(walk: Walk) -> None:
    sent = Email("", "out", "Quote", NOW - 80 * DAY, "d-ben-old", "c-ben", message_id="q@minamo.example.com")
    walk.crm.save_email(sent)
    found = link(walk, "c-ben", thread=("q@minamo.example.com",), products=("nb-14",))

    assert told(found)[0] == "d-ben-old"
    assert found.certainty > 0.5
    assert "answers one about this deal" in told(found)[1]


def test_a_colleague_who_joins_a_thread_belongs_to_its_deal(walk: Walk) -> None:
    sent = Email("", "out", "Quote", NOW - DAY, "d-haruka", "c-haruka", message_id="q@minamo.example.com")
    walk.crm.save_email(sent)
    found = link(walk, "c-nora", thread=("q@minamo.example.com",))
    assert (told(found)[0], found.certainty) == ("d-haruka", 0.85)

    stranger = walk.crm.save_contact(
        Contact("", "Else", account_id="a-other")
    )  # knows the Message-ID, is of another firm
    assert link(walk, stranger.id, thread=("q@minamo.example.com",)) == DealLink()


def test_a_thread_about_a_closed_deal_opens_nothing(walk: Walk) -> None:
    sent = Email("", "out", "Thanks", NOW - DAY, "d-haruka-won", "c-haruka", message_id="t@minamo.example.com")
    walk.crm.save_email(sent)

    assert link(walk, "c-nora", thread=("t@minamo.example.com",)) == DealLink()
    assert told(link(walk, "c-haruka", thread=("t@minamo.example.com",)))[0] == "d-haruka"


class CountingCrm(EmbeddedCrm):
    """Counts what it is asked."""

    def __init__(self, walk: Walk) -> None:
        super().__init__(walk.database)
        self.asked: Counter[str] = Counter()

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        questions = ("deal", "products", "emails", "activities", "stages", "touchpoints", "contact", "lead", "find")
        if name.startswith(questions) and callable(value):
            return self._counted(name, value)
        return value

    def _counted(self, name: str, value: Callable[..., Any]) -> Callable[..., Any]:
        def ask(*values: Any, **named: Any) -> Any:
            self.asked[name] += 1
            return value(*values, **named)

        return ask


def test_the_number_of_questions_does_not_grow_with_deals_mails_and_products(walk: Walk) -> None:
    ben = contact(walk, "c-ben")
    counts = []
    for _ in range(2):
        crm = CountingCrm(walk)
        thread = [f"{number}@example.com" for number in range(50)]
        link_deal(ben, crm, thread=thread, product_ids={"nb-14", "sv-t150"}, at=NOW)
        counts.append(sum(crm.asked.values()))
        for number in range(30):
            deal = walk.crm.save_deal(
                Deal("", f"More {number}", "Qualification", contact_id=ben.id),
                [DealProduct("", "nb-14"), DealProduct("", "sv-t150")],
                at=NOW,
            )
            walk.crm.save_email(Email("", "in", "x", NOW, deal.id, ben.id, message_id=f"{number}@example.com"))

    assert counts[0] == counts[1] <= 6
