"""Which deal a letter is about, how sure that is, and why. The number of questions to the CRM never grows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crm_client.client import CrmClient
from crm_client.records import Contact, Deal, Email, Outcome, Product
from motenashi.mail_intake.bilingual import Words, say

# How much each kind of evidence tells for a deal among several.
_THREAD, _PRODUCT, _RECENT = 4.0, 2.0, 1.0
_BEGIN = 0.25  # so that no deal is impossible
_ONLY_ONE = 0.95
_ONLY_ONE_ELSEWHERE = 0.7  # the only open one, but the mail names products of none
_THREAD_OF_A_COLLEAGUE = 0.85
_HALF_LIFE_DAYS = 14.0


@dataclass(frozen=True)
class DealLink:
    """`deal` is None when none is open. `others` are those it may be instead, likeliest first, with their certainty."""

    deal: Deal | None = None
    certainty: float = 0.0
    reasons: tuple[Words, ...] = ()
    others: tuple[tuple[Deal, float], ...] = ()


@dataclass(frozen=True)
class _Evidence:
    deal: Deal
    weight: float
    reasons: tuple[Words, ...]


def link_deal(
    contact: Contact | None,
    crm: CrmClient,
    *,
    thread: Collection[str],
    product_ids: Collection[str],
    at: datetime,
) -> DealLink:
    """`thread`: Message-IDs this mail answers to; `product_ids`: products it names; `at`: when it was written.

    At most six questions to the CRM. CrmError when it does not answer.
    """
    if contact is None:
        return DealLink()
    mails = crm.emails_with(thread) if thread else ()
    deals = list(crm.deals_of_contact(contact.id, [Outcome.OPEN]))
    if not deals:
        return _of_a_colleague(contact, mails, crm)
    if len(deals) == 1:
        return _only_one(deals[0], mails, product_ids, crm)
    return _of_several(deals, contact, mails, product_ids, at, crm)


def _of_a_colleague(contact: Contact, mails: Sequence[Email], crm: CrmClient) -> DealLink:
    """Somebody joins a thread about a deal of their company's."""
    deal_id = next((mail.deal_id for mail in reversed(mails) if mail.deal_id), "")
    deal = crm.deal(deal_id) if deal_id else None
    if deal is None or not contact.account_id or deal.account_id != contact.account_id:
        return DealLink()
    outcomes = {stage.name: stage.outcome for stage in crm.stages()}
    if outcomes.get(deal.stage) is not Outcome.OPEN:
        return DealLink()
    because = say(
        "The mail answers one about this deal of their company's.", "同じ会社のこの商談のメールへの返信です。"
    )
    return DealLink(deal, _THREAD_OF_A_COLLEAGUE, (because,))


def _only_one(deal: Deal, mails: Sequence[Email], product_ids: Collection[str], crm: CrmClient) -> DealLink:
    reasons = [say("It is their only open deal.", "進行中の商談はこの1件だけです。")]
    if any(mail.deal_id == deal.id for mail in mails):
        return DealLink(deal, 1.0, (*reasons, _THREAD_REASON))
    if not product_ids:
        return DealLink(deal, _ONLY_ONE, tuple(reasons))
    named = _named_products([deal], product_ids, crm)
    if deal.id in named:
        return DealLink(deal, 1.0, (*reasons, _product_reason(named[deal.id])))
    reasons.append(
        say("The products named are not part of it.", "ただし、挙げられた製品はこの商談に含まれていません。")
    )
    return DealLink(deal, _ONLY_ONE_ELSEWHERE, tuple(reasons))


def _of_several(
    deals: Sequence[Deal],
    contact: Contact,
    mails: Sequence[Email],
    product_ids: Collection[str],
    at: datetime,
    crm: CrmClient,
) -> DealLink:
    named = _named_products(deals, product_ids, crm) if product_ids else {}
    touched = _last_touches(deals, contact, at, crm)
    in_thread = {mail.deal_id for mail in mails if mail.deal_id}
    newest = max(touched.values())
    found = [_weigh(deal, deal.id in in_thread, named.get(deal.id, ()), touched[deal.id], newest, at) for deal in deals]
    found.sort(key=lambda one: (one.weight, touched[one.deal.id]), reverse=True)
    whole = sum(one.weight for one in found)
    first, *rest = found
    reasons = (say(f"One of {len(deals)} open deals.", f"進行中の商談{len(deals)}件のうちの1件です。"), *first.reasons)
    others = tuple((one.deal, round(one.weight / whole, 3)) for one in rest)
    return DealLink(first.deal, round(first.weight / whole, 3), reasons, others)


def _weigh(
    deal: Deal, in_thread: bool, products: Sequence[Product], touched: datetime, newest: datetime, at: datetime
) -> _Evidence:
    weight, reasons = _BEGIN, []
    if in_thread:
        weight += _THREAD
        reasons.append(_THREAD_REASON)
    if products:
        weight += _PRODUCT * len(products)
        reasons.append(_product_reason(products))
    days = max(0.0, (at - touched).total_seconds() / 86_400)
    weight += _RECENT * 0.5 ** (days / _HALF_LIFE_DAYS)
    if touched == newest:
        reasons.append(say("It is the one we were last in touch about.", "最後にやり取りした商談です。"))
    return _Evidence(deal, weight, tuple(reasons))


def _named_products(
    deals: Sequence[Deal], product_ids: Collection[str], crm: CrmClient
) -> Mapping[str, tuple[Product, ...]]:
    """Deal -> those of its products that the mail names."""
    named: dict[str, dict[str, Product]] = {}
    for line, product in crm.products_of_deals([deal.id for deal in deals]):
        if product_ids and (product.id in product_ids or product.code in product_ids):
            named.setdefault(line.deal_id, {})[product.id] = product
    return {deal_id: tuple(products.values()) for deal_id, products in named.items()}


def _last_touches(deals: Sequence[Deal], contact: Contact, at: datetime, crm: CrmClient) -> dict[str, datetime]:
    """When each deal was last touched before this mail: an e-mail, a call, an event, or its own beginning."""
    touched = {deal.id: deal.created_at or datetime.min.replace(tzinfo=at.tzinfo) for deal in deals}
    moments = [
        *((mail.deal_id, mail.sent_at) for mail in crm.emails_of(contact_id=contact.id)),
        *((one.deal_id, one.start_at) for one in crm.activities_of(contact_id=contact.id)),
    ]
    for deal_id, moment in moments:
        if deal_id in touched and touched[deal_id] < moment <= at:
            touched[deal_id] = moment
    return touched


_THREAD_REASON = say("The mail answers one about this deal.", "この商談のメールへの返信です。")


def _product_reason(products: Sequence[Product]) -> Words:
    english, japanese = ([product.name(language) for product in products] for language in ("en", "ja"))
    return say(
        f"It names products of this deal: {', '.join(english)}.",
        f"この商談の製品名が挙がっています：{'、'.join(japanese)}",
    )
