"""A timeline as plain JSON: what the API answers and what is saved to a file. Moments in UTC."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from motenashi.insights.timeline.timeline import Milestone, Query, Rhythm, Row, Summary, Timeline, Touch

Json = dict[str, Any]


def timeline_json(timeline: Timeline) -> Json:
    return {
        "person": {"kind": timeline.person_kind, "id": timeline.person_id},
        "query": _query(timeline.query),
        "rows": [_row(row) for row in timeline.rows],
        "total": timeline.total,
        "unanswered": [_plain(touch) for touch in timeline.unanswered],
        "rhythm": _plain(timeline.rhythm),
        "summary": {
            **_plain(timeline.summary),
            "channels": [_plain(channel) for channel in timeline.summary.channels],
        },
        "users": dict(timeline.users),
        "channels": list(timeline.channels),
    }


def moment_text(moment: datetime) -> str:
    """2026-05-12T01:00:00Z; parts of a second only where there are some."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _row(row: Row) -> Json:
    return {
        "at": moment_text(row.at),
        "touch": _plain(row.touch) if row.touch else None,
        "milestone": _plain(row.milestone) if row.milestone else None,
        "gap_s": row.gap_s,
        "inactive": row.inactive,
        "folded": [_plain(touch) for touch in row.folded],
    }


def _query(query: Query) -> Json:
    return {
        "view": query.view,
        "rhythm": query.rhythm,
        "channels": sorted(query.channels),
        "users": sorted(query.users),
        "period": query.period,
        "day": query.day.isoformat() if query.day else None,
        "from": query.first.isoformat() if query.first else None,
        "to": query.last.isoformat() if query.last else None,
    }


def _plain(one: Touch | Milestone | Rhythm | Summary | Any) -> Json:
    """Field by field: values are texts, numbers and moments."""
    told = {field.name: getattr(one, field.name) for field in fields(one)}
    return {name: moment_text(value) if isinstance(value, datetime) else value for name, value in told.items()}
