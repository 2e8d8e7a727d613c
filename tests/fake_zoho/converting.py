"""A lead becomes a contact, an account and, where asked for, a deal."""

from __future__ import annotations

from typing import Any

from tests.fake_zoho.call import ApiCall
from tests.fake_zoho.clock import written
from tests.fake_zoho.store import API_USER, Change, Raw, Store
from tests.fake_zoho.troubles import ZohoTrouble
from tests.fake_zoho.wire import Reply

_TO_CONTACT = ("First_Name", "Last_Name", "Email", "Secondary_Email", "Phone", "Mobile", "Lead_Source", "Description")


def convert(call: ApiCall, record_id: str) -> Reply:
    deal = call.entries(most=1)[0].get("Deals")
    lead = call.fake.store.get("Leads", record_id)
    if lead is None:
        raise ZohoTrouble(400, "INVALID_DATA", "the id given seems to be invalid", {"resource_path_index": 1}, "data")
    if lead.get("Converted__s"):
        raise ZohoTrouble(400, "ID_ALREADY_CONVERTED", "id already converted", {"id": record_id}, "data")
    made = convert_lead(call.fake.store, record_id, deal, by=API_USER)
    details = {name: {"id": one} if one else None for name, one in made.items()}
    message = "The record has been converted successfully"
    return Reply(200, {"data": [{"code": "SUCCESS", "details": details, "message": message, "status": "success"}]})


def convert_lead(store: Store, lead_id: str, deal: dict[str, Any] | None, *, by: str) -> dict[str, str]:
    """Ids of what came of it, by module ('' for no deal). KeyError for a lead that is not there."""
    modules = store.catalogue.modules
    with store.lock:
        lead = store.get("Leads", lead_id)
        if lead is None:
            raise KeyError(lead_id)
        account = store.save(modules["Accounts"], {"Account_Name": lead.get("Company")}, by=by)
        fields: Raw = {name: lead.get(name) for name in _TO_CONTACT} | {"Account_Name": {"id": account}}
        contact = store.save(modules["Contacts"], fields, by=by)
        told = {"Contact_Name": {"id": contact}, "Account_Name": {"id": account}}
        deal_id = store.save(modules["Deals"], deal | told, by=by) if deal else ""
        done: Raw = {"Converted__s": True, "Converted_Date_Time": written(store.clock.seconds())}
        done |= {"Converted_Contact": {"id": contact}, "Converted_Account": {"id": account}}
        store.alter(modules["Leads"], lead_id, done | ({"Converted_Deal": {"id": deal_id}} if deal_id else {}), by=by)
    made = {"Contacts": contact, "Accounts": account, "Deals": deal_id}
    for name, one in made.items():
        if one:
            store.tell(Change(modules[name], "insert", (one,), by_api=by == API_USER))
    store.tell(Change(modules["Leads"], "update", (lead_id,), {lead_id: ("Converted__s",)}, by_api=by == API_USER))
    return made
