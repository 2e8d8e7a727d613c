"""The troubles with Zoho that an operator can mend, by name. Errors carry the name (`CrmError.trouble`), the page and
`zoho doctor` say what to do; the sentences per language are the page's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WHAT_TO_DO: Final[Mapping[str, str]] = {
    "wrong_client": "The client id or secret is not known at this data centre. Check both, and crm.zoho.data_centre, "
    "then run `python app.py zoho connect` again.",
    "revoked_token": "The refresh token is revoked, or was pushed out by newer ones. Run `python app.py zoho connect`.",
    "wrong_grant_code": "The grant code was used already, has expired, or is of another client or data centre. "
    "Generate a new one and run `python app.py zoho connect` within its minutes.",
    "not_connected": "There is no refresh token yet. Run `python app.py zoho connect`.",
    "missing_scope": "The token lacks a scope. Run `python app.py zoho connect` and grant the scopes it lists.",
    "wrong_data_centre": "The account lives in another data centre. Set crm.zoho.data_centre and connect again.",
    "too_many_tokens": "Zoho gives no more tokens for some minutes. It goes on by itself; other programs that use the "
    "same client may be the cause.",
    "credits_low": "Few API credits are left today. Background reading pauses; raise crm.zoho.limits.credits_a_day if "
    "your edition has more.",
    "module_missing": "A module does not exist or is hidden from this user. Name it in crm.zoho.modules, or show it.",
    "field_missing": "A field does not exist or was renamed. Name it in crm.zoho.fields (`python app.py zoho doctor` "
    "lists them).",
    "field_not_in_layout": "A field is in no layout, so Zoho does not store it. Add it to the layout.",
    "unknown_value": "A picklist does not have this value. Add it in Zoho, or map the field.",
    "value_rejected": "Zoho does not take a value. The field and the reason stand beside it.",
    "mandatory_missing": "A layout requires a field that we do not fill. Make it optional, or give it a default value.",
    "no_permission": "The user who connected may not do this. Give the profile the permission.",
    "record_locked": "The record is locked or in an approval. It can be tried again when Zoho has let it go.",
    "not_json": "Something between us and Zoho answered with a web page. Check proxies; it is tried again.",
    "empty_success": "Zoho answered an expired token as if nothing were there. The token is renewed; nothing was "
    "deleted here.",
    "feature_missing": "This edition of Zoho does not offer the call. We do without it.",
    "record_unreadable": "A record of Zoho could not be taken over; its id and field stand beside it. Mend the record "
    "in Zoho, or map the field; all others go on.",
    "outage": "Zoho does not answer. The mirror goes on; writes wait in the outbox.",
}
