"""The same filters answered by plain Python: every record looked at, every condition asked with the flows' own
`holds`. Slow, and independent of the SQL."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from crm_client.touch_channels import channel_of
from motenashi.flow_engine.criteria import holds, parse_criteria
from motenashi.flow_engine.criteria_pattern import holds_for, read_pattern
from tests.filters.small_world import Row, World

TOKYO = ZoneInfo("Asia/Tokyo")
Seen = Mapping[str, Any]  # path -> value, as one row (with one of each of its parts) shows it


class BruteForce:
    def __init__(self, world: World, now: datetime) -> None:
        self._world = world
        self._now = now.astimezone(TOKYO)
        self._outcome = {stage["name"]: stage["outcome"] for stage in world["crm_stages"]}

    def ids(self, module: str, written: Mapping[str, Any]) -> list[str]:
        records = self._world[f"crm_{module}"]
        return sorted(record["id"] for record in records if self._fits(written, module, record))

    def _fits(self, written: Mapping[str, Any], kind: str, record: Row) -> bool:
        return self._group(written.get("if", {}), written.get("pattern"), self._seen(kind, record), kind, record)

    def _group(self, raw: Any, pattern: str | None, seen: Seen, kind: str, record: Row) -> bool:
        items = raw if isinstance(raw, list) else [{key: value} for key, value in raw.items()]

        def held(number: int) -> bool:
            return all(self._one(key, value, seen, kind, record) for key, value in items[number - 1].items())

        if pattern is None:
            return all(held(number) for number in range(1, len(items) + 1))
        return holds_for(read_pattern(pattern), held)

    def _one(self, key: str, written: Any, seen: Seen, kind: str, record: Row) -> bool:
        if key in LISTS.get(kind, {}):
            return self._rows(key, written, kind, record)
        criteria, problems = parse_criteria([{key: written}], None, "", 0)
        assert problems == []
        return holds(criteria, seen.get, self._now)

    def _rows(self, name: str, written: Mapping[str, Any], kind: str, record: Row) -> bool:
        there, of = LISTS[kind][name]
        rows = [row for row in self._world[TABLE_OF[there]] if of(self._world, row) == record.get("id") != ""]
        fitting = sum(self._some(written[key], written.get("pattern"), there, row) for key in ("some", "none")
                      if key in written for row in rows)  # fmt: skip
        return fitting >= written.get("at_least", 1) if "some" in written else fitting == 0

    def _some(self, raw: Any, pattern: str | None, kind: str, row: Row) -> bool:
        """Does it hold for the row with one of each of its parts?"""
        return any(self._group(raw, pattern, seen, kind, row) for seen in self._with_parts(kind, row))

    # ---- What a row shows ----

    def _with_parts(self, kind: str, row: Row) -> Iterator[Seen]:
        if kind == "responses":
            yield from self._responses(row, "")
        elif kind == "events":
            links = [link for link in self._world["voice_event_responses"] if link["event_id"] == row["id"]]
            for link in links or [None]:
                yield from self._linked(row, link)
        else:
            yield self._seen(kind, row)

    def _linked(self, event: Row, link: Row | None) -> Iterator[Seen]:
        own = self._seen("events", event)
        if link is None:
            yield own
            return
        own = {**own, "relation": link["relation"], "seconds": link["seconds"], "days_after": link["seconds"] / 86_400}
        response = next(row for row in self._world["voice_responses"] if row["id"] == link["response_id"])
        for seen in self._responses(response, "response."):
            yield {**own, **seen}

    def _responses(self, response: Row, prefix: str) -> Iterator[Seen]:
        own = {f"{prefix}{path}": value for path, value in self._seen("responses", response).items()}
        said = [row for row in self._world["voice_keywords"] if row["response_id"] == response["id"]]
        named = [row for row in self._world["voice_products"] if row["response_id"] == response["id"]]
        rivals = [row for row in said if row["kind"] == "competitor"]
        for keyword, rival, item in product(said or [{}], rivals or [{}], named or [{}]):
            seen = dict(own)
            seen |= {f"{prefix}keyword.{name}": value for name, value in keyword.items()}
            seen |= {f"{prefix}keyword": keyword.get("normal"), f"{prefix}competitor": rival.get("normal")}
            seen |= {f"{prefix}competitor.tone": rival.get("tone"), f"{prefix}product": item.get("product_id")}
            yield seen

    def _seen(self, kind: str, row: Row) -> dict[str, Any]:
        seen = {name: value for name, value in row.items() if name != "extra"}
        seen |= row.get("extra") or {}
        for name, (column, there, key) in ONES.get(kind, {}).items():
            other = next((one for one in self._world[TABLE_OF[there]] if one[key] == row.get(column)), None)
            shown = self._seen(there, other) if other and row.get(column) else {}
            seen |= {f"{name}.{path}": value for path, value in shown.items()}
        return seen | COMPUTED.get(kind, lambda self, row: {})(self, row)

    def _contact(self, row: Row) -> dict[str, Any]:
        return {"name": f"{row['last_name']} {row['first_name']}", "can_be_mailed": row["email"] != "",
                **self._sums("contact_id", row), **self._touches(row, lambda touch: touch["contact_id"])}  # fmt: skip

    def _lead(self, row: Row) -> dict[str, Any]:
        return {"converted": row["converted_deal_id"] != "",
                **self._touches(row, lambda touch: touch["lead_id"])}  # fmt: skip

    def _account(self, row: Row) -> dict[str, Any]:
        account_of = {contact["id"]: contact["account_id"] for contact in self._world["crm_contacts"]}
        return {
            **self._sums("account_id", row),
            **self._touches(row, lambda touch: account_of.get(touch["contact_id"], "")),
        }

    def _deal(self, row: Row) -> dict[str, Any]:
        return self._touches(row, lambda touch: touch["deal_id"])

    def _sums(self, column: str, row: Row) -> dict[str, Any]:
        deals = [deal for deal in self._world["crm_deals"] if deal[column] == row["id"]]
        won = [deal for deal in deals if self._outcome.get(deal["stage"]) == "won"]
        return {
            "number_of_deals": len(deals),
            "won_deals": len(won),
            "won_amount": sum(deal["amount"] or 0 for deal in won),
        }

    def _touches(self, row: Row, of: Callable[[Row], str]) -> dict[str, Any]:
        touches = [touch for touch in self._world["crm_touchpoints"] if of(touch) == row["id"]]
        newest = max((touch["at"] for touch in touches), default=None)
        signal = max((touch["at"] for touch in touches if touch["signal"]), default=None)
        days = math.floor((self._now - newest).total_seconds() / 86_400) if newest else None
        return {"last_touch_at": newest, "last_signal_at": signal, "days_since_last_touch": days}

    def _touchpoint(self, row: Row) -> dict[str, Any]:
        return {"channel": channel_of(row["channel"]) or row["channel"]}

    def _response(self, row: Row) -> dict[str, Any]:
        labels = [one["label"] for one in self._world["voice_intents"] if one["response_id"] == row["id"]]
        score = row["score"]
        group = None if score is None else "promoter" if score >= 9 else "passive" if score >= 7 else "detractor"
        return {"intents": labels, "score_group": group}


COMPUTED: Mapping[str, Callable[[BruteForce, Row], dict[str, Any]]] = {
    "contacts": BruteForce._contact,
    "leads": BruteForce._lead,
    "accounts": BruteForce._account,
    "deals": BruteForce._deal,
    "touchpoints": BruteForce._touchpoint,
    "responses": BruteForce._response,
}
TABLE_OF: Mapping[str, str] = {
    "owners": "crm_owners", "stages": "crm_stages", "accounts": "crm_accounts", "contacts": "crm_contacts",
    "leads": "crm_leads", "deals": "crm_deals", "touchpoints": "crm_touchpoints", "responses": "voice_responses",
    "events": "voice_events", "keywords": "voice_keywords",
}  # fmt: skip
# relation -> (our column, their kind, their column)
ONES: Mapping[str, Mapping[str, tuple[str, str, str]]] = {
    "contacts": {"account": ("account_id", "accounts", "id"), "owner": ("owner_id", "owners", "id")},
    "accounts": {"owner": ("owner_id", "owners", "id")},
    "leads": {"owner": ("owner_id", "owners", "id")},
    "deals": {
        "stage": ("stage", "stages", "name"),
        "contact": ("contact_id", "contacts", "id"),
        "account": ("account_id", "accounts", "id"),
    },
}


def _by(column: str) -> Callable[[World, Row], Any]:
    return lambda world, row: row[column]


def _account_of_contact(world: World, row: Row) -> Any:
    contact = next((one for one in world["crm_contacts"] if one["id"] == row["contact_id"]), None)
    return contact["account_id"] if contact else ""


_VOICE = ("responses", "events")
LISTS: Mapping[str, Mapping[str, tuple[str, Callable[[World, Row], Any]]]] = {
    "contacts": {name: (name, _by("contact_id")) for name in (*_VOICE, "touchpoints", "deals")},
    "leads": {name: (name, _by("lead_id")) for name in (*_VOICE, "touchpoints")},
    "deals": {name: (name, _by("deal_id")) for name in (*_VOICE, "touchpoints")},
    "accounts": {
        **{name: (name, _by("account_id")) for name in (*_VOICE, "contacts", "deals")},
        "touchpoints": ("touchpoints", _account_of_contact),
    },
    "responses": {"keywords": ("keywords", _by("response_id"))},
}
