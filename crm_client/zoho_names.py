"""Our words for a record's fields, and Zoho CRM's API names for the same.

Fields that Zoho does not ship (a person's language, say) are not listed; a backend keeps them in fields of the
operator's own. The names are those of the Zoho CRM REST API, version 8.
"""

from __future__ import annotations

from collections.abc import Mapping

MODULES: Mapping[str, str] = {
    "accounts": "Accounts",
    "contacts": "Contacts",
    "leads": "Leads",
    "deals": "Deals",
    "products": "Products",
    "calls": "Calls",
    "events": "Events",
    "tasks": "Tasks",
    "owners": "users",
}

API_NAMES: Mapping[str, Mapping[str, str]] = {
    "accounts": {
        "id": "id",
        "name": "Account_Name",
        "industry": "Industry",
        "employees": "Employees",
        "website": "Website",
        "owner_id": "Owner",
        "created_at": "Created_Time",
    },
    "contacts": {
        "id": "id",
        "last_name": "Last_Name",
        "first_name": "First_Name",
        "email": "Email",
        "secondary_email": "Secondary_Email",
        "phone": "Phone",
        "mobile": "Mobile",
        "account_id": "Account_Name",
        "title": "Title",
        "owner_id": "Owner",
        "created_at": "Created_Time",
    },
    "leads": {
        "id": "id",
        "last_name": "Last_Name",
        "first_name": "First_Name",
        "company": "Company",
        "email": "Email",
        "phone": "Phone",
        "mobile": "Mobile",
        "industry": "Industry",
        "status": "Lead_Status",
        "source": "Lead_Source",
        "owner_id": "Owner",
        "note": "Description",
        "created_at": "Created_Time",
        "converted_deal_id": "Converted_Deal",
        "converted_contact_id": "Converted_Contact",
    },
    "deals": {
        "id": "id",
        "name": "Deal_Name",
        "stage": "Stage",
        "account_id": "Account_Name",
        "contact_id": "Contact_Name",
        "owner_id": "Owner",
        "type": "Type",
        "amount": "Amount",
        "currency": "Currency",
        "lead_source": "Lead_Source",
        "expected_close": "Closing_Date",
        "created_at": "Created_Time",
    },
    "products": {
        "id": "id",
        "code": "Product_Code",
        "name_en": "Product_Name",
        "category": "Product_Category",
        "unit_price": "Unit_Price",
        "summary_en": "Description",
        "active": "Product_Active",
    },
    "calls": {
        "id": "id",
        "subject": "Subject",
        "start_at": "Call_Start_Time",
        "purpose": "Call_Purpose",
        "direction": "Call_Type",
        "result": "Call_Result",
        "note": "Description",
        "contact_id": "Who_Id",
        "deal_id": "What_Id",
        "owner_id": "Owner",
    },
    "events": {
        "id": "id",
        "subject": "Event_Title",
        "start_at": "Start_DateTime",
        "end_at": "End_DateTime",
        "note": "Description",
        "contact_id": "Who_Id",
        "deal_id": "What_Id",
        "owner_id": "Owner",
    },
    "tasks": {
        "id": "id",
        "subject": "Subject",
        "start_at": "Due_Date",
        "status": "Status",
        "note": "Description",
        "contact_id": "Who_Id",
        "deal_id": "What_Id",
        "owner_id": "Owner",
    },
    "owners": {"id": "id", "name": "full_name", "email": "email", "time_zone": "time_zone"},
}

_MODULES_AS_WRITTEN = {name: ours for ours, theirs in MODULES.items() for name in (ours, theirs)}
_OUR_NAMES = {
    module: {name: ours for ours, theirs in names.items() for name in (ours, theirs)}
    for module, names in API_NAMES.items()
}


def our_module(name: str) -> str:
    """`contacts` for `contacts` and `Contacts`; '' for a module we do not know."""
    return _MODULES_AS_WRITTEN.get(name, "")


def our_field(module: str, name: str) -> str:
    """Our name of a field, from ours or Zoho's; '' when Zoho's list has none of that name (case matters)."""
    return _OUR_NAMES.get(module, {}).get(name, "")


def api_name(module: str, field: str) -> str:
    """Zoho's name of one of our fields; '' when Zoho ships no such field."""
    return API_NAMES.get(module, {}).get(field, "")
