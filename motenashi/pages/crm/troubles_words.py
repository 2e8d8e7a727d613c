"""The troubles with Zoho in both languages: what each is, and what to do. Names and English cures are those of
crm_client/zoho/troubles.py; a test compares them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_client.zoho.troubles import WHAT_TO_DO
from motenashi.pages.page_language import translate_later as _

TITLES: Mapping[str, Any] = {
    "wrong_client": _("Zoho does not know our client"),
    "revoked_token": _("Our permission was revoked"),
    "not_connected": _("Not connected to Zoho yet"),
    "wrong_grant_code": _("The grant code does not work"),
    "missing_scope": _("A permission (scope) is missing"),
    "wrong_data_centre": _("Wrong data centre"),
    "too_many_tokens": _("Zoho asks us to wait"),
    "credits_low": _("API credits run low"),
    "module_missing": _("A module is missing in Zoho"),
    "field_missing": _("A field is missing in Zoho"),
    "field_not_in_layout": _("A field is in no layout"),
    "unknown_value": _("A picklist does not have this value"),
    "value_rejected": _("Zoho does not take a value"),
    "mandatory_missing": _("A layout requires a field that we do not fill"),
    "record_unreadable": _("A record could not be taken over"),
    "no_permission": _("The connected user may not do this"),
    "record_locked": _("The record is locked in Zoho"),
    "not_json": _("Something between us and Zoho answered"),
    "empty_success": _("Zoho answered as if nothing were there"),
    "feature_missing": _("This edition of Zoho does not offer the call"),
    "outage": _("No answer from Zoho"),
}

CURES: Mapping[str, Any] = {
    "wrong_client": _(
        "The client id or secret is not known at this data centre. Check both, and crm.zoho.data_centre, then run "
        "`python app.py zoho connect` again."
    ),
    "revoked_token": _(
        "The refresh token is revoked, or was pushed out by newer ones. Run `python app.py zoho connect`."
    ),
    "not_connected": _("There is no refresh token yet. Run `python app.py zoho connect`."),
    "wrong_grant_code": _(
        "The grant code was used already, has expired, or is of another client or data centre. Generate a new one and "
        "run `python app.py zoho connect` within its minutes."
    ),
    "missing_scope": _("The token lacks a scope. Run `python app.py zoho connect` and grant the scopes it lists."),
    "wrong_data_centre": _("The account lives in another data centre. Set crm.zoho.data_centre and connect again."),
    "too_many_tokens": _(
        "Zoho gives no more tokens for some minutes. It goes on by itself; other programs that use the same client may "
        "be the cause."
    ),
    "credits_low": _(
        "Few API credits are left today. Background reading pauses; raise crm.zoho.limits.credits_a_day if your "
        "edition has more."
    ),
    "module_missing": _(
        "A module does not exist or is hidden from this user. Name it in crm.zoho.modules, or show it."
    ),
    "field_missing": _(
        "A field does not exist or was renamed. Name it in crm.zoho.fields (`python app.py zoho doctor` lists them)."
    ),
    "field_not_in_layout": _("A field is in no layout, so Zoho does not store it. Add it to the layout."),
    "unknown_value": _("A picklist does not have this value. Add it in Zoho, or map the field."),
    "value_rejected": _("Zoho does not take a value. The field and the reason stand beside it."),
    "mandatory_missing": _(
        "A layout requires a field that we do not fill. Make it optional, or give it a default value."
    ),
    "record_unreadable": _(
        "A record of Zoho could not be taken over; its id and field stand beside it. Mend the record in Zoho, or map "
        "the field; all others go on."
    ),
    "no_permission": _("The user who connected may not do this. Give the profile the permission."),
    "record_locked": _("The record is locked or in an approval. It can be tried again when Zoho has let it go."),
    "not_json": _("Something between us and Zoho answered with a web page. Check proxies; it is tried again."),
    "empty_success": _(
        "Zoho answered an expired token as if nothing were there. The token is renewed; nothing was deleted here."
    ),
    "feature_missing": _("This edition of Zoho does not offer the call. We do without it."),
    "outage": _("Zoho does not answer. The mirror goes on; writes wait in the outbox."),
}

# What goes away by itself is told calmly; the rest waits for an operator.
PASSES = frozenset({"too_many_tokens", "credits_low", "not_json", "empty_success", "feature_missing", "outage"})


def title(trouble: str) -> str:
    """A trouble that has no words yet is told by its name."""
    return str(TITLES.get(trouble, trouble.replace("_", " ")))


def told(trouble: str, sentence: str) -> str:
    """What to do in this case; in the reader's language where it is what is always to be done of this trouble."""
    return cure(trouble) if sentence == WHAT_TO_DO.get(trouble) else sentence


def cure(trouble: str) -> str:
    return str(CURES.get(trouble, ""))
