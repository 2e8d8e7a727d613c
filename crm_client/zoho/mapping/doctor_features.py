"""May we use what we would like to use: users, queries, bulk files, notifications, products of deals?"""

from __future__ import annotations

from crm_client.errors import CrmRejected
from crm_client.zoho.api.calls import ZohoCalls
from crm_client.zoho.mapping.field_map import FieldMap
from crm_client.zoho.mapping.findings import Findings
from crm_client.zoho.settings import ZohoSettings

_NO_JOB = "1"  # no job has this id; who may not read jobs at all is told so before it is looked for


def check_features(findings: Findings, calls: ZohoCalls, field_map: FieldMap, settings: ZohoSettings) -> None:
    """A credit each, or two; nothing is changed."""
    _organisation(findings, calls)
    _users(findings, calls, field_map)
    _queries(findings, calls, field_map)
    _bulk(findings, calls)
    _products(findings, calls, field_map)
    _notifications(findings, calls, settings)
    findings.fine("", "Not tried, since it would write: notes, mails of records, deleting.")


def _organisation(findings: Findings, calls: ZohoCalls) -> None:
    without = "Amounts without a currency are taken for Japanese yen."
    with findings.looking_at("The organisation", without=without, severity="warning"):
        raw = calls.organisation()
        currency = raw.get("iso_code") or "none named"
        findings.fine("", f"The organisation: currency {currency}, time zone {raw.get('time_zone') or 'none named'}.")


def _users(findings: Findings, calls: ZohoCalls, field_map: FieldMap) -> None:
    without = "Owners have no names here, and nobody is told of their tasks."
    with findings.looking_at("The list of users", without=without):
        owners = [field_map.owner(raw) for raw in calls.users()]
        active = sum(owner.active for owner in owners)
        if not active:
            what = "No active user is visible to the user who connected."
            findings.error("no_permission", "", "", what)
        else:
            findings.fine("", f"{active} active users of {len(owners)}.")


def _queries(findings: Findings, calls: ZohoCalls, field_map: FieldMap) -> None:
    without = "People are looked up by search, which is slower and lags behind."
    with findings.looking_at("COQL", without=without, severity="warning"):
        calls.query(field_map.api_module("contacts"), ("id",), (("id", "is not null", None),), most=1)
        findings.fine("", "COQL queries are allowed.")


def _bulk(findings: Findings, calls: ZohoCalls) -> None:
    without = "The mirror is filled page by page, which takes longer and more credits."
    with findings.looking_at("Bulk read", without=without, severity="warning"):
        try:
            calls.bulk_job(_NO_JOB)
        except CrmRejected as error:
            if error.trouble in ("missing_scope", "no_permission", "feature_missing"):
                raise
        findings.fine("", "Bulk read is allowed.")


def _products(findings: Findings, calls: ZohoCalls, field_map: FieldMap) -> None:
    without = "Which products a deal is about is not known here."
    deals, products = field_map.api_module("deals"), field_map.api_module("products")
    with findings.looking_at("The related lists of deals", "deals", without=without, severity="warning"):
        if any(one.module == products or one.name == "Products" for one in calls.related_lists(deals)):
            findings.fine("deals", "Products of deals can be read.")
        else:
            hint = "Show the related list Products in the layouts of deals."
            findings.warn("feature_missing", "deals", "", f"Deals have no related list of products. {without}", hint)


def _notifications(findings: Findings, calls: ZohoCalls, settings: ZohoSettings) -> None:
    if not settings.sync.notify_url:
        findings.fine("", "No notifications: crm.zoho.sync.notify_url is empty. Changes are found by polling.")
        return
    with findings.looking_at("Notifications", without="Changes are found by polling only.", severity="warning"):
        findings.fine("", f"Notifications are allowed; {len(calls.channels())} channels are open.")
