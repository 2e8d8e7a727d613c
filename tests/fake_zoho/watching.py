"""Notification channels, and the thread that pushes changes to those who watch."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.fake_zoho.call import ApiCall
from tests.fake_zoho.catalogue import Catalogue
from tests.fake_zoho.clock import Clock, read, written
from tests.fake_zoho.store import Change
from tests.fake_zoho.switches import Switches
from tests.fake_zoho.troubles import ZohoTrouble
from tests.fake_zoho.wire import Reply
from tests.fake_zoho.writing import module_id

MOST_CHANNELS, LONGEST_TOKEN, LONGEST_URL = 50, 50, 255
_WORDS = {"insert": "create", "update": "edit", "delete": "delete"}


@dataclass
class Channel:
    id: str
    events: list[str]
    ends_at: float
    token: str
    notify_url: str
    values: bool = False


@dataclass(frozen=True)
class Sent:
    """A push that went out. `status`: what was answered; 0 for nobody there."""

    channel_id: str
    module: str
    operation: str
    ids: tuple[str, ...]
    status: int


@dataclass(order=True)
class _Waiting:
    at: float
    number: int
    channel: Channel = field(compare=False)
    body: dict[str, Any] = field(compare=False)


class Watch:
    def __init__(self, catalogue: Catalogue, clock: Clock, switches: Switches, url: Callable[[], str]) -> None:
        self._catalogue, self._clock, self._switches, self._url = catalogue, clock, switches, url
        self.channels: dict[str, Channel] = {}
        self.sent: list[Sent] = []
        self._waiting: list[_Waiting] = []
        self._numbers = itertools.count()
        self._random = Random(1)
        self._busy = False
        self._stopped = False
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None

    def changed(self, change: Change) -> None:
        """Every channel that watches this gets a push, unless the switches say that it is lost."""
        if change.by_api and not self._switches.push_own:
            return
        names = (f"{change.module.name}.all", f"{change.module.name}.{_WORDS[change.operation]}")
        with self._wake:
            for channel in list(self.channels.values()):
                if channel.ends_at > self._clock.seconds() and any(one in channel.events for one in names):
                    self._enqueue(channel, change)
            self._wake.notify_all()

    def idle(self, seconds: float = 5.0) -> bool:
        """Wait until nothing is left to send; False when there still is."""
        with self._wake:
            return self._wake.wait_for(lambda: not self._waiting and not self._busy, seconds)

    def close(self) -> None:
        with self._wake:
            self._stopped = True
            self._wake.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _enqueue(self, channel: Channel, change: Change) -> None:
        switches = self._switches
        if self._random.random() < switches.push_lost_rate:
            return
        late = switches.push_late
        if self._random.random() < switches.push_late_rate:
            late += switches.push_later
        times = 2 if self._random.random() < switches.push_twice_rate else 1
        for _ in range(times):
            waiting = _Waiting(time.monotonic() + late, next(self._numbers), channel, self._body(channel, change))
            heapq.heappush(self._waiting, waiting)
        if self._thread is None:
            self._thread = threading.Thread(target=self._send_all, daemon=True)
            self._thread.start()

    def _body(self, channel: Channel, change: Change) -> dict[str, Any]:
        body: dict[str, Any] = {
            "server_time": int(self._clock.seconds() * 1000),
            "query_params": {},
            "module": change.module.name,
            "resource_uri": f"{self._url()}/crm/v8/{change.module.name}",
            "ids": list(change.ids),
            "affected_fields": [{one: list(names)} for one, names in change.fields.items()],
            "operation": change.operation,
            "channel_id": channel.id,
            "token": channel.token,
        }
        if channel.values:
            body["affected_values"] = [{"record_id": one, "values": {}} for one in change.fields]
        return body

    def _send_all(self) -> None:
        with requests.Session() as session:
            while (waiting := self._next()) is not None:
                body = waiting.body
                try:
                    status = session.post(waiting.channel.notify_url, json=body, timeout=5).status_code
                except requests.RequestException:
                    status = 0
                with self._wake:
                    ids = tuple(body["ids"])
                    self.sent.append(Sent(body["channel_id"], body["module"], body["operation"], ids, status))
                    self._busy = False
                    self._wake.notify_all()

    def _next(self) -> _Waiting | None:
        with self._wake:
            while not self._stopped:
                left = self._waiting[0].at - time.monotonic() if self._waiting else None
                if left is not None and left <= 0:
                    self._busy = True
                    return heapq.heappop(self._waiting)
                self._wake.wait(left)
            return None

    # What the API asks

    def opened(self, call: ApiCall) -> Reply:
        return self._each(call, 201, "Successfully subscribed for actions-watch of the given module", self._open)

    def replaced(self, call: ApiCall) -> Reply:
        def one(entry: dict[str, Any], path: str) -> Channel:
            self._known(entry)
            return self._open(entry, path, again=True)

        return self._each(call, 200, "Successfully updated the subscribe details", one)

    def renewed(self, call: ApiCall) -> Reply:
        """The answer does not say until when; the list does."""
        return self._each(call, 200, "Successfully updated the subscribe details", self._renew, briefly=True)

    def listed(self, call: ApiCall) -> Reply:
        wanted = call.query.get("channel_id")
        found = [one for one in self._live() if wanted in (None, one.id)]
        events = [shown for one in found for shown in self._events(one, full=True)]
        if not events:
            return Reply(204)
        info = {"per_page": 200, "count": len(events), "page": 1, "more_records": False}
        return Reply(200, {"watch": events, "info": info})

    def stopped(self, call: ApiCall) -> Reply:
        ids = [one for one in call.query.get("channel_ids", "").split(",") if one]
        if not ids:
            raise ZohoTrouble(400, "REQUIRED_PARAM_MISSING", details={"param_name": "channel_ids"})
        answers, good = [], 0
        for one in ids:
            channel = self.channels.pop(one, None)
            if channel is None:
                answers.append(ZohoTrouble(400, "NOT_SUBSCRIBED", details={"channel_id": one}).entry)
                continue
            good += 1
            told = _brief(self._events(channel))
            message = "Successfully un-subscribed from actions-watch"
            answers.append({"code": "SUCCESS", "details": told, "message": message, "status": "success"})
        status = 200 if good == len(ids) else call.fake.switches.mixed_status if good else 400
        return Reply(status, {"watch": answers})

    def _each(
        self,
        call: ApiCall,
        good: int,
        message: str,
        do: Callable[[dict[str, Any], str], Channel],
        briefly: bool = False,
    ) -> Reply:
        entries = call.entries("watch", most=50)
        answers, done = [], 0
        for place, entry in enumerate(entries):
            try:
                channel = do(entry, f"$.watch[{place}]")
            except ZohoTrouble as trouble:
                answers.append(trouble.entry)
                continue
            done += 1
            events = self._events(channel)
            details = _brief(events) if briefly else {"events": events}
            answers.append({"code": "SUCCESS", "details": details, "message": message, "status": "success"})
        status = good if done == len(entries) else call.fake.switches.mixed_status if done else 400
        return Reply(status, {"watch": answers})

    def _open(self, entry: dict[str, Any], path: str, *, again: bool = False) -> Channel:
        for name in ("channel_id", "events", "notify_url"):
            if not entry.get(name):
                details = {"api_name": name, "json_path": f"{path}.{name}"}
                raise ZohoTrouble(400, "MANDATORY_NOT_FOUND", details=details)
        channel_id = str(entry["channel_id"])
        if not channel_id.isdigit() or int(channel_id) >= 1 << 63:
            raise _invalid("channel_id", path)
        if channel_id in {one.id for one in self._live()} and not again:
            raise _invalid("channel_id", path, "the channel is subscribed already")
        if len(self._live()) >= MOST_CHANNELS and not again:
            raise ZohoTrouble(400, "LIMIT_REACHED", details={"limit": MOST_CHANNELS})
        token = str(entry.get("token") or "")
        if len(token) > LONGEST_TOKEN:
            raise _invalid("token", path)
        if not _may_be_called(str(entry["notify_url"])):
            raise _invalid("notify_url", path)
        ends_at, events = self._expiry(entry), self._watched(entry["events"], path)
        values = bool(entry.get("return_affected_field_values"))
        self.channels[channel_id] = Channel(channel_id, events, ends_at, token, entry["notify_url"], values)
        return self.channels[channel_id]

    def _renew(self, entry: dict[str, Any], path: str) -> Channel:
        channel = self._known(entry)
        if "events" in entry:
            events = self._watched(entry["events"], path)
            gone = entry.get("_delete_events")
            channel.events = [one for one in channel.events if one not in events] + ([] if gone else events)
        if "channel_expiry" in entry:
            channel.ends_at = self._expiry(entry)
        if "token" in entry:
            channel.token = str(entry["token"])
        if "notify_url" in entry:
            if not _may_be_called(str(entry["notify_url"])):
                raise _invalid("notify_url", path)
            channel.notify_url = str(entry["notify_url"])
        return channel

    def _known(self, entry: dict[str, Any]) -> Channel:
        found = {one.id: one for one in self._live()}.get(str(entry.get("channel_id")))
        if found is None:
            raise ZohoTrouble(400, "NOT_SUBSCRIBED", details={"channel_id": entry.get("channel_id")})
        return found

    def _live(self) -> list[Channel]:
        return [one for one in self.channels.values() if one.ends_at > self._clock.seconds()]

    def _watched(self, events: Any, path: str) -> list[str]:
        for one in events if isinstance(events, list) else [""]:
            module, _, what = str(one).partition(".")
            if self._catalogue.find(module) is None or what not in ("create", "edit", "delete", "all"):
                raise _invalid("events", path)
        return [str(one) for one in events]

    def _expiry(self, entry: dict[str, Any]) -> float:
        """Missing, past or too far: as long as Zoho likes, which is an hour."""
        now = self._clock.seconds()
        try:
            wanted = float(read(str(entry.get("channel_expiry"))))
        except ValueError:
            wanted = 0.0
        good = now < wanted <= now + self._switches.watch_limit
        return wanted if good else now + self._switches.watch_clamps_to

    def _events(self, channel: Channel, *, full: bool = False) -> list[dict[str, Any]]:
        shown = []
        for name in dict.fromkeys(one.partition(".")[0] for one in channel.events):
            module = self._catalogue.find(name)
            told: dict[str, Any] = {
                "channel_expiry": written(channel.ends_at),
                "resource_uri": f"{self._url()}/crm/v8/{name}",
                "resource_id": module_id(module) if module else None,
                "resource_name": name,
                "channel_id": channel.id,
            }
            if full:
                told |= {"events": [one for one in channel.events if one.partition(".")[0] == name]}
                told |= {"notify_url": channel.notify_url, "token": channel.token}
            shown.append(told)
        return shown


def _brief(events: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: events[0][name] for name in ("resource_uri", "resource_id", "channel_id")} if events else {}


def _may_be_called(url: str) -> bool:
    parts = urlsplit(url)
    local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    return len(url) <= LONGEST_URL and (parts.scheme == "https" or local) and bool(parts.hostname)


def _invalid(name: str, path: str, message: str = "") -> ZohoTrouble:
    return ZohoTrouble(400, "INVALID_DATA", message, {"api_name": name, "json_path": f"{path}.{name}"})


def opened(call: ApiCall) -> Reply:
    return call.fake.watch.opened(call)


def replaced(call: ApiCall) -> Reply:
    return call.fake.watch.replaced(call)


def renewed(call: ApiCall) -> Reply:
    return call.fake.watch.renewed(call)


def listed(call: ApiCall) -> Reply:
    return call.fake.watch.listed(call)


def stopped(call: ApiCall) -> Reply:
    return call.fake.watch.stopped(call)
