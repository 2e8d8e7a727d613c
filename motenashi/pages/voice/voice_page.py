"""`/voice`: what customers say, counted, in six sections; and `/voice/responses`: the words behind every number."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, cast

from flask import Blueprint, abort, render_template, request
from sqlalchemy.exc import DBAPIError

from crm_client.touch_channels import CHANNELS
from motenashi.filters.filter import FilterTooSlow
from motenashi.identity.roles import Role
from motenashi.pages.guard import require
from motenashi.pages.page_language import page_language
from motenashi.pages.voice import pictures, voice_words
from motenashi.pages.voice.asked import PERIODS, Asked, asked_for
from motenashi.pages.voice.filter_links import MOST_IDS, list_path, people_path
from motenashi.pages.voice.quote_marks import stretches
from motenashi.pages.voice.voice_view import PeopleDesk, VoiceDesk
from motenashi.pages.voice.wanted import arguments_of, chips_of, conditions_of, wanted_for
from motenashi.voice_reports.causes import Loss
from motenashi.voice_reports.keywords import Kind
from motenashi.voice_reports.promoters import GROUPS, Measure
from motenashi.voice_reports.question import Span
from motenashi.voice_reports.quotes import PAGE
from motenashi.voice_reports.tones import TONES
from motenashi.voice_reports.voice_reports import State

MAY_SEE = (Role.SUPERVISOR, Role.REPRESENTATIVE)
log = logging.getLogger(__name__)

Counting = Callable[[Asked], dict[str, Any]]  # what a section's template shows


def build_voice_page(desk: VoiceDesk, filters: PeopleDesk, *, clock: Callable[[], datetime]) -> Blueprint:
    """`filters` reads the filter that numbers may be narrowed by; `clock` gives the present moment, aware."""
    door = Blueprint("voice", __name__, template_folder="../templates", url_prefix="/voice")

    @door.context_processor
    def names() -> dict[str, object]:
        return {
            "voice_words": voice_words,
            "pictures": pictures,
            "people_path": people_path,
            "list_path": list_path,
            "stretches": stretches,
            "tones": TONES,
            "groups": GROUPS,
            "page_language": page_language,
            "last_day": _last_day,
        }

    def shown(section: str, count: Counting, **more: Any) -> str:
        """A section; what goes wrong on the way is told on the page."""
        asked = asked_for(request.args, filters, clock(), desk.zone)
        state, told, trouble = State(), {}, "filter" if asked.troubles else ""
        try:
            state = desk.state()
            if state.responses and not trouble:
                told = count(asked)
        except FilterTooSlow:
            trouble = "slow"
        except DBAPIError:
            log.warning("the voice could not be counted", exc_info=True)
            trouble = "away"
        return render_template(
            f"staff/voice_{section}.html",
            section=section,
            asked=asked,
            state=state,
            trouble=trouble,
            periods=PERIODS,
            channels=[name for name in CHANNELS if name in state.channels],
            **{**more, **told},
        )

    @door.get("")
    @require(*MAY_SEE)
    def overview() -> str:
        return shown("overview", lambda asked: {"overview": desk.overview(asked.question)})

    @door.get("/tones")
    @require(*MAY_SEE)
    def tones() -> str:
        return shown("tones", lambda asked: {"report": desk.tones(asked.question)})

    @door.get("/keywords")
    @require(*MAY_SEE)
    def keywords() -> str:
        kind = _one_of("kind", ("", "general", "competitor"))
        said_by = _one_of("by", ("customer", "us", "all"))
        by = "" if said_by == "all" else said_by
        return shown(
            "keywords",
            lambda asked: {"report": desk.keywords(asked.question, kind=cast(Kind, kind), said_by=by)},
            kind=kind,
            said_by=said_by,
        )

    @door.get("/competitors")
    @require(*MAY_SEE)
    def rivals() -> str:
        return shown("rivals", lambda asked: {"report": desk.rivals(asked.question)})

    @door.get("/promoters")
    @require(*MAY_SEE)
    def promoters() -> str:
        return shown("promoters", lambda asked: {"report": desk.promoters(asked.question)})

    @door.get("/promoters/<any(tone, score):measure>/<group>")
    @require(*MAY_SEE)
    def members(measure: str, group: str) -> str:
        if group not in GROUPS:
            abort(404)
        skip = min(max(request.args.get("skip", 0, type=int), 0), 10**6)

        def count(asked: Asked) -> dict[str, Any]:
            people = desk.members(asked.question, cast(Measure, measure), group, most=PAGE + 1, skip=skip)
            return {"people": people[:PAGE], "more": len(people) > PAGE}

        return shown("members", count, measure=measure, group=group, skip=skip, page_length=PAGE, most_ids=MOST_IDS)

    @door.get("/nps")
    @require(*MAY_SEE)
    def nps() -> str:
        return shown("nps", lambda asked: {"report": desk.nps(asked.question)})

    @door.get("/before-a-loss")
    @require(*MAY_SEE)
    def causes() -> str:
        loss = _one_of("loss", ("deal", "churn"))
        return shown("causes", lambda asked: {"told": desk.causes(asked.question, cast(Loss, loss))}, loss=loss)

    @door.get("/responses")
    @require(*MAY_SEE)
    def responses() -> str:
        wanted, after = wanted_for(request.args)

        def count(asked: Asked) -> dict[str, Any]:
            word = desk.text_of(wanted.keyword_kind, wanted.keyword) if wanted.keyword else ""
            found = desk.quotes(asked.question, wanted, after=after)
            return {"found": found, "chips": chips_of(wanted, word)}

        kept, conditions = arguments_of(wanted), conditions_of(wanted)
        return shown("responses", count, wanted=wanted, after=after, kept=kept, conditions=conditions)

    return door


def _last_day(span: Span) -> date:
    return span.end - timedelta(days=1)


def _one_of(name: str, values: tuple[str, ...]) -> str:
    """An argument of the address; the first value where it is none of them."""
    value = request.args.get(name, "")
    return value if value in values else values[0]
