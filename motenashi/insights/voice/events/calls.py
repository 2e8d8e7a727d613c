"""How calls ended, as their responses tell."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, literal, select

from motenashi.insights.voice.tables import voice_responses


def call_outcomes() -> Select[Any]:
    """call_outcome: at the end of the call; `detail` is the outcome."""
    call = voice_responses.c
    return select(
        "call_outcome:" + func.substr(call.key, 1, 240),
        literal("call_outcome"),
        func.coalesce(call.ended_at, call.at),
        call.contact_id,
        call.lead_id,
        call.account_id,
        call.deal_id,
        call.owner_id,
        call.outcome,
    ).where(call.outcome != "")
