"""Leads, contacts, accounts and the people of the house."""

from __future__ import annotations

from sqlalchemy import ColumnElement, String, and_, case, func, or_, type_coerce

from crm_client.embedded import tables as crm
from motenashi.filters.entities.making import (
    choice,
    column,
    counted,
    deal_sums,
    last,
    many,
    one,
    touch_sums,
    with_crm_names,
)
from motenashi.filters.model import Alias, Entity, Field, Made, Many, Through, words
from motenashi.insights.voice.tables import voice_responses

LANGUAGES = (choice("en", "English", "英語"), choice("ja", "Japanese", "日本語"))
OF_CONTACTS = Through(crm.crm_contacts, "account_id")
OF_DEALS = Through(crm.crm_deals, "contact_id")


def _full_name(person: Alias) -> ColumnElement[str]:
    """As the house's language writes it makes no difference: both orders are found by `contains` of one name."""
    both = type_coerce(person.c.last_name, String) + " " + type_coerce(person.c.first_name, String)
    return func.trim(both)


def _converted(lead: Alias) -> ColumnElement[bool]:
    return or_(lead.c.converted_deal_id != "", lead.c.converted_contact_id != "")


def _has(*names: str) -> Made:
    """Is any of these filled?"""
    return Made(lambda row: case((and_(*(row.c[name] == "" for name in names)), 0), else_=1) == 1)


_NAME = Field("name", "text", words("Name", "氏名"), Made(_full_name))
_RESPONSES = ("number_of_responses", "Number of responses", "反応の数")


def _told(by: str) -> tuple[Field, ...]:
    return (
        counted(*_RESPONSES, voice_responses, by),
        *last("last_response_at", "Last response", "最後のお客様の声", voice_responses, by),
    )


def _heard(by: str) -> tuple[Many, ...]:
    """What customers said, and what came of it."""
    return (
        many("responses", "Responses", "お客様の声", by),
        many("events", "Voice events", "声に関する出来事", by),
    )


def _touches(by: str, through: Through | None = None) -> tuple[Many, ...]:
    return (
        many("touchpoints", "Touchpoints", "接点", by, through=through),
        many("activities", "Activities", "活動", by, through=through),
        many("emails", "E-mails", "メール", by, through=through),
    )


OWNERS = Entity(
    "owners",
    words("Owner", "担当者"),
    crm.crm_owners,
    "id",
    "name",
    (
        column("name", "text", "Name", "氏名"),
        column("email", "text", "E-mail", "メールアドレス"),
        column("active", "boolean", "Active", "在籍中"),
        column("time_zone", "choice", "Time zone", "タイムゾーン"),
    ),
)

ACCOUNTS = Entity(
    "accounts",
    words("Account", "取引先"),
    crm.crm_accounts,
    "id",
    "name",
    with_crm_names(
        "accounts",
        (
            column("name", "text", "Account name", "取引先名"),
            column("industry", "choice", "Industry", "業種"),
            column("employees", "number", "Employees", "従業員数"),
            column("website", "text", "Website", "ウェブサイト"),
            column("created_at", "moment", "Created", "作成日時"),
            column("owner_id", "id", "Owner's id", "担当者ID"),
            column("id", "id", "Id", "ID"),
            counted("number_of_contacts", "Number of contacts", "連絡先の数", crm.crm_contacts, "account_id"),
            *deal_sums("account_id"),
            *touch_sums("contact_id", OF_CONTACTS),
            *_told("account_id"),
        ),
    ),
    ones=(one("owner", "Owner", "担当者", "owners", "", "Owner"),),
    lists=(
        *_heard("account_id"),
        many("contacts", "Contacts", "連絡先", "account_id"),
        many("deals", "Deals", "商談", "account_id"),
        many("products", "Products in deals", "商談の商品", "deal_id", "lines", Through(crm.crm_deals, "account_id")),
        *_touches("contact_id", OF_CONTACTS),
    ),
)

CONTACTS = Entity(
    "contacts",
    words("Contact", "連絡先"),
    crm.crm_contacts,
    "id",
    "name",
    with_crm_names(
        "contacts",
        (
            _NAME,
            column("last_name", "text", "Last name", "姓"),
            column("first_name", "text", "First name", "名"),
            column("email", "text", "E-mail", "メールアドレス"),
            column("secondary_email", "text", "Second e-mail", "予備のメールアドレス"),
            column("phone", "text", "Phone", "電話番号"),
            column("mobile", "text", "Mobile", "携帯電話"),
            Field("can_be_mailed", "boolean", words("Has an e-mail address", "メールアドレスあり"), _has("email")),
            column("title", "text", "Title", "役職"),
            column("language", "choice", "Language", "言語"),
            column("time_zone", "choice", "Time zone", "タイムゾーン"),
            column("created_at", "moment", "Created", "作成日時"),
            column("account_id", "id", "Account's id", "取引先ID"),
            column("owner_id", "id", "Owner's id", "担当者ID"),
            column("id", "id", "Id", "ID"),
            *deal_sums("contact_id"),
            *touch_sums("contact_id"),
            *_told("contact_id"),
        ),
    ),
    ones=(
        one("account", "Account", "取引先", "accounts", "", "Account_Name"),
        one("owner", "Owner", "担当者", "owners", "", "Owner"),
    ),
    lists=(
        *_heard("contact_id"),
        many("deals", "Deals", "商談", "contact_id"),
        many("products", "Products in deals", "商談の商品", "deal_id", "lines", OF_DEALS),
        *_touches("contact_id"),
        many("suggestions", "Suggestions", "提案", "contact_id"),
    ),
)

LEADS = Entity(
    "leads",
    words("Lead", "見込み客"),
    crm.crm_leads,
    "id",
    "name",
    with_crm_names(
        "leads",
        (
            _NAME,
            column("last_name", "text", "Last name", "姓"),
            column("first_name", "text", "First name", "名"),
            column("company", "text", "Company", "会社名"),
            column("status", "choice", "Status", "ステータス"),
            column("source", "choice", "Source", "獲得元"),
            column("industry", "choice", "Industry", "業種"),
            column("email", "text", "E-mail", "メールアドレス"),
            column("phone", "text", "Phone", "電話番号"),
            column("mobile", "text", "Mobile", "携帯電話"),
            Field("can_be_mailed", "boolean", words("Has an e-mail address", "メールアドレスあり"), _has("email")),
            Field("converted", "boolean", words("Converted", "変換済み"), Made(_converted)),
            column("language", "choice", "Language", "言語"),
            column("time_zone", "choice", "Time zone", "タイムゾーン"),
            column("note", "text", "Note", "メモ"),
            column("created_at", "moment", "Created", "作成日時"),
            column("owner_id", "id", "Owner's id", "担当者ID"),
            column("converted_deal_id", "id", "Id of the deal it became", "変換後の商談ID"),
            column("converted_contact_id", "id", "Id of the contact it became", "変換後の連絡先ID"),
            column("id", "id", "Id", "ID"),
            *touch_sums("lead_id"),
            *_told("lead_id"),
        ),
    ),
    ones=(
        one("owner", "Owner", "担当者", "owners", "", "Owner"),
        one("converted_deal", "Deal it became", "変換後の商談", "deals", "", "Converted_Deal"),
        one("converted_contact", "Contact it became", "変換後の連絡先", "contacts", "", "Converted_Contact"),
    ),
    lists=(
        *_heard("lead_id"),
        *_touches("lead_id"),
        many("suggestions", "Suggestions", "提案", "lead_id"),
    ),
)
