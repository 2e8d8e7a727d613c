"""`/embed/deals/<id>`: the advice as a small page inside the CRM's own; a signed link opens it, no login, no cookie."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, g, make_response, render_template, request

from crm_client.errors import CrmError
from motenashi.clean_text import clean_text
from motenashi.identity.embed_links import FOLDERS, EmbedHolder, EmbedLinks
from motenashi.pages.advice.advice_words import in_language
from motenashi.pages.advice.decision import changes_in, put_off_until, words_of_acted
from motenashi.pages.advice.in_templates import advice_in_templates
from motenashi.pages.advice.time_words import house_zone, moment_here
from motenashi.pages.embed.settings import EmbedSettings
from motenashi.pages.page_language import page_language
from motenashi.pages.page_language import translate as _
from motenashi.pages.records.record_view import RecordDesk
from motenashi.pages.security_headers import CONTENT_SECURITY_POLICY
from motenashi.suggestions.acted import Acted
from motenashi.suggestions.suggestion import DISMISS_REASONS, Suggestion
from motenashi.suggestions.suggestion_rows import record_of

BIGGEST_ID = 2**31
Said = tuple[str, str]  # a sentence and its tone
_ONLY_TO_THE_CUSTOMER = {
    "en": "From here mail goes to the customer's own address only. To send it to another one, open Motenashi.",
    "ja": "ここからはお客様ご本人のアドレスにのみ送信できます。別の宛先に送る場合はMotenashiを開いてください。",
}


def build_embed_page(
    settings: EmbedSettings, desk: RecordDesk, links: EmbedLinks, *, clock: Callable[[], datetime]
) -> Blueprint:
    """Exempt it from the forms' protection: its forms are protected by the link's token, which no other site knows."""
    door = Blueprint("embed", __name__, template_folder="../templates", url_prefix="/embed")
    door.context_processor(advice_in_templates(clock))
    policy = framed_by(settings.frame_ancestors)

    @door.before_request
    def keep_no_cookies() -> None:
        g.no_cookies = True  # somebody else's page chooses the language, and only for this one

    @door.after_request
    def allow_frame(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["Referrer-Policy"] = "no-referrer"  # the address holds the token
        response.headers["Cache-Control"] = "no-store"
        return response

    @door.errorhandler(CrmError)
    def away(error: CrmError) -> Response:
        return _told("crm_away", 503)

    @door.get("/<any(deals, contacts, leads):folder>/<record_id>")
    def record(folder: str, record_id: str) -> Response:
        holder = links.holder_of(request.args.get("token", ""), now=clock())
        if holder is None or (FOLDERS[holder.kind], holder.record_id) != (folder, record_id):
            return _told("expired", 403)
        return _page(holder)

    @door.post("/suggestions/<int:suggestion_id>/<any(accept, dismiss, snooze):decision>")
    def decide(suggestion_id: int, decision: str) -> Response:
        holder = links.holder_of(request.form.get("token", ""), now=clock())
        if holder is None:
            return _told("expired", 403)
        one = desk.suggestion(suggestion_id) if suggestion_id < BIGGEST_ID else None
        # A link for one record takes decisions about that record only.
        if one is None or record_of(one.about) != (holder.kind, holder.record_id):
            return _told("missing", 404)
        return _page(holder, _decided(holder, one, decision))

    def _page(holder: EmbedHolder, said: Said | None = None) -> Response:
        view = desk.view(holder.kind, holder.record_id, language=page_language(), seen_by=holder.email)
        if view is None:
            return _told("missing", 404)
        token = request.values.get("token", "")
        return make_response(render_template("staff/embed.html", view=view, record=view.facts, token=token, said=said))

    def _decided(holder: EmbedHolder, one: Suggestion, decision: str) -> Said:
        if decision == "accept":
            changes = changes_in(request.form)
            if changes.get("send") and not _to_the_customer(one, changes.get("to", "")):
                return in_language(_ONLY_TO_THE_CUSTOMER), "warn"
            return words_of_acted(desk.accept(one.id, changes, by=holder.email), _("Done."))
        if decision == "dismiss":
            reason, note = request.form.get("reason", ""), clean_text(request.form.get("note", "")).strip()[:500]
            if reason not in DISMISS_REASONS:
                return _("Please say what is wrong with it."), "warn"
            acted = desk.dismiss(one.id, reason, note, by=holder.email)
            return words_of_acted(acted, _("Thank you. The next suggestions learn from it."))
        return _snoozed(holder, one.id)

    def _snoozed(holder: EmbedHolder, suggestion_id: int) -> Said:
        choice, day = request.form.get("until", ""), request.form.get("date", "")
        until = put_off_until(choice, day, now=clock(), zone=house_zone())
        if until is None or until <= clock():
            return _("Please choose a day that lies ahead."), "warn"
        acted: Acted = desk.snooze(suggestion_id, until, by=holder.email)
        return words_of_acted(acted, _("It comes back: %(when)s.", when=moment_here(until)))

    return door


def _to_the_customer(one: Suggestion, to: str) -> bool:
    """'' is the draft's address, or else the person's own. A link is enough to come here, and may have come into other
    hands: nobody shall write to the whole world with it in the company's name."""
    return not to or (one.draft is not None and to.casefold() == one.draft.to.casefold())


def framed_by(origins: tuple[str, ...]) -> str:
    """The policy of all our pages, but for who may put this one into a frame."""
    allowed = " ".join(origins) or "'none'"
    return CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {allowed}")


def _told(what: str, status: int) -> Response:
    g.staff = None  # whoever is logged in here as well: this page knows nobody but the link's holder
    return make_response(render_template("staff/embed_trouble.html", what=what), status)
