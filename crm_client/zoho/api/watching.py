"""Notification channels: opening, replacing, listing, closing. Part of `ZohoApi`.

How long a channel may live is told differently in different places (an hour, a day, a week), so what counts is what the
answer says. https://www.zoho.com/crm/developer/docs/api/v8/notifications/overview.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from crm_client.errors import CrmError, CrmRejected, CrmUnreachable
from crm_client.zoho.api import asker
from crm_client.zoho.api.entries import read_entry
from crm_client.zoho.api.entry_errors import error_of
from crm_client.zoho.api.shapes import Call, Channel

ASK_FOR: Final = timedelta(hours=23)  # longer may be taken for an hour
LONGEST_TOKEN: Final = 50
LONGEST_URL: Final = 255

_NOT_OPEN: Final = "NOT_SUBSCRIBED"
_MOST_PAGES: Final = 20


class Watching(asker.Asker):
    def watch(self, channel_id: str, events: Sequence[str], *, token: str, url: str, until: datetime) -> Channel:
        asking = "open a notification channel"
        if not 0 < len(token) <= LONGEST_TOKEN or len(url) > LONGEST_URL:
            raise CrmRejected(asking, "the secret or the address is too long")
        wanted = {
            "channel_id": asker.checked_id(channel_id, asking),
            "events": list(events),
            "channel_expiry": asker.moment_text(until),
            "token": token,
            "notify_url": url,
            "notify_on_related_action": False,
            "return_affected_field_values": False,  # a push is a hint; the record is read again
        }
        rows = self._opened(wanted, asking)
        ends = [at for row in rows for at in _ends(row)]
        if ends:
            return Channel(channel_id, tuple(events), min(ends), url)
        return self._as_zoho_has_it(channel_id, asking)

    def _opened(self, wanted: dict[str, Any], asking: str) -> Sequence[Mapping[str, Any]]:
        if any(channel.id == wanted["channel_id"] for channel in self.channels()):
            try:
                return self._asked_to_watch("PUT", wanted, asking)
            except CrmError as error:
                if error.code != _NOT_OPEN:  # it may have ended since
                    raise
        return self._asked_to_watch("POST", wanted, asking)

    def _asked_to_watch(self, method: str, wanted: dict[str, Any], asking: str) -> Sequence[Mapping[str, Any]]:
        call = Call(method, self._watch_path(), asking, body={"watch": [wanted]}, entries="watch")
        rows = asker.rows_of(self._send(call), "watch", asking)
        for row in rows:
            if error := error_of(read_entry(row), asking):
                raise error
        return rows

    def channels(self) -> Sequence[Channel]:
        asking = "list notification channels"
        found: dict[str, Channel] = {}
        for page in range(1, _MOST_PAGES + 1):
            params = {"page": str(page), "per_page": "200"}
            answer = self._send(Call("GET", self._watch_path(), asking, params=params))
            for row in asker.rows_of(answer, "watch", asking):
                if channel := _channel(row):
                    found[channel.id] = _both(found[channel.id], channel) if channel.id in found else channel
            if not asker.info_of(answer).get("more_records"):
                break
        return tuple(found.values())

    def stop_watching(self, channel_ids: Sequence[str]) -> None:
        asking = "close notification channels"
        if not channel_ids:
            return
        params = {"channel_ids": ",".join(asker.checked_id(one, asking) for one in channel_ids)}
        try:
            answer = self._send(Call("DELETE", self._watch_path(), asking, params=params, entries="watch"))
        except CrmError as error:
            if error.code != _NOT_OPEN:
                raise
            return
        for row in asker.rows_of(answer, "watch", asking):
            entry = read_entry(row)
            if entry.code != _NOT_OPEN and (trouble := error_of(entry, asking)):
                raise trouble

    def _as_zoho_has_it(self, channel_id: str, asking: str) -> Channel:
        """The answer to a change need not say until when the channel lives now."""
        for channel in self.channels():
            if channel.id == channel_id:
                return channel
        raise CrmUnreachable(asking, "Zoho does not list the channel that it says is open")

    def _watch_path(self) -> str:
        return self._path("actions", "watch")


def _ends(row: Mapping[str, Any]) -> list[datetime]:
    events = asker.mappings(asker.mapping(row.get("details")).get("events"))
    return [at for event in events if (at := asker.moment(event.get("channel_expiry")))]


def _channel(row: Mapping[str, Any]) -> Channel | None:
    at = asker.moment(row.get("channel_expiry"))
    if not row.get("channel_id") or at is None:
        return None
    events = row.get("events")
    named = tuple(str(event) for event in events) if isinstance(events, list | tuple) else ()
    return Channel(str(row["channel_id"]), named, at, asker.text_of(row.get("notify_url")))


def _both(one: Channel, other: Channel) -> Channel:
    """Zoho lists a channel once for each of its modules."""
    events = tuple(dict.fromkeys((*one.events, *other.events)))
    return replace(one, events=events, expires_at=min(one.expires_at, other.expires_at))
