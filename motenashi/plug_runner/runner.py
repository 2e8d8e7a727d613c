"""Call a plug by its name so that nothing it does can hurt the turn that called it.

Every call passes the same gates in the same order: is there such a plug; is this visitor verified, if it reveals
personal data; do the inputs fit; is there a result to reuse. Then the plug works in a thread of its own crew until
its time is up. Only there does the runner ask the CRM whose record it is: that, too, may hang.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm_client.client import CrmClient
from motenashi.bounded_threads import BoundedThreads, TookTooLong
from motenashi.conversation.assurance import Assurance
from motenashi.plug_contract import (
    Plug,
    PlugCall,
    PlugInputWrong,
    PlugRefused,
    PlugResult,
    PlugUnknown,
    PlugValue,
)
from motenashi.plug_runner.counts import PlugCounts, PlugTally
from motenashi.plug_runner.result_cache import ResultCache, cache_key
from motenashi.plug_runner.settings import PlugSettings
from motenashi.plug_runner.troubles import failure_of
from motenashi.plug_types.inputs import Reader, WrongValue, is_blank, reader_of
from motenashi.plug_types.outputs import Writer, writer_of
from motenashi.problems import did_you_mean


class PlugRunner:
    """`emails_of` gives the addresses of a contact or lead by record id, none for a record that does not exist;
    it may raise CrmError. ValueError or TypeError here when plugs or settings can't be enforced."""

    def __init__(
        self,
        plugs: Sequence[Plug],
        *,
        crm: CrmClient,
        emails_of: Callable[[str], Collection[str]],
        settings: PlugSettings | None = None,
    ) -> None:
        settings = settings or PlugSettings()
        _demand_sense(plugs, settings)
        self._crm = crm
        self._emails_of = emails_of
        self._ready = {plug.name: _Ready.make(plug, settings) for plug in plugs}
        self._cache = ResultCache(settings.cached_results)

    def run(self, call: PlugCall) -> PlugResult:
        """The plug's outputs as plain JSON; PlugUnknown, PlugInputWrong, PlugRefused or PlugFailed otherwise."""
        ready = self._ready.get(call.plug)
        if ready is None:
            raise PlugUnknown(call.plug, f"there is no such plug. {did_you_mean(call.plug, self._ready)}".rstrip())
        inputs = self._let_in(ready, call)
        if not ready.cache:
            return PlugResult(self._carry_out(ready, call, inputs), personal=ready.plug.reveals == "personal")
        key = cache_key(ready.plug, inputs, call.language)
        kept = self._cache.get(key, call.now, ready.cache)
        if kept is not None:
            ready.tally.add("cache_hits")
            return PlugResult(kept, from_cache=True)
        outputs = self._carry_out(ready, call, inputs)
        self._cache.put(key, outputs, call.now)
        return PlugResult(outputs)

    def counts(self) -> dict[str, PlugCounts]:
        """By plug name."""
        return {name: ready.tally.so_far(ready.crew.stuck) for name, ready in self._ready.items()}

    def close(self) -> None:
        """Idle threads end."""
        for ready in self._ready.values():
            ready.crew.close()

    def _let_in(self, ready: _Ready, call: PlugCall) -> dict[str, Any]:
        try:
            _demand_verified(ready.plug, call)
            return _read_inputs(ready, call.inputs)
        except PlugRefused:
            ready.tally.add("refused")
            raise
        except PlugInputWrong:
            ready.tally.add("wrong_inputs")
            raise

    def _carry_out(self, ready: _Ready, call: PlugCall, inputs: dict[str, Any]) -> dict[str, Any]:
        began = time.monotonic()
        seconds = _time_left(ready, call, began)
        try:
            if seconds <= 0:
                raise TookTooLong
            outputs = ready.crew.do(lambda: self._work(ready, call, inputs), seconds)
        except PlugRefused:
            ready.tally.add("refused", time.monotonic() - began)
            raise
        except Exception as error:
            failed = failure_of(ready.plug.name, error, max(seconds, 0.0))
        else:
            ready.tally.add("answered", time.monotonic() - began)
            return outputs
        ready.tally.add_failure(failed.reason, time.monotonic() - began)
        raise failed

    def _work(self, ready: _Ready, call: PlugCall, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """What happens in the plug's own thread."""
        if ready.plug.reveals == "personal":
            self._demand_own_record(ready.plug, call, str(inputs[ready.plug.about]))
        handed = {name: self._crm if name == "crm" else getattr(call, name) for name in ready.plug.injected}
        outputs: dict[str, Any] = ready.write(ready.plug.function(**inputs, **handed))
        return outputs

    def _demand_own_record(self, plug: Plug, call: PlugCall, record_id: str) -> None:
        found = self._emails_of(record_id)
        emails = (found,) if isinstance(found, str) else found  # never letter by letter
        if not any(call.identity.covers(email) for email in emails):
            raise PlugRefused(plug.name, f"the verified address is none of the record in '{plug.about}'")


@dataclass(frozen=True)
class _Ready:
    """A plug with everything about calling it that can be prepared once."""

    plug: Plug
    readers: tuple[tuple[PlugValue, Reader], ...]
    names: frozenset[str]
    write: Writer
    crew: BoundedThreads
    timeout: float
    cache: float
    tally: PlugTally = field(default_factory=PlugTally)

    @staticmethod
    def make(plug: Plug, settings: PlugSettings) -> _Ready:
        return _Ready(
            plug,
            tuple((value, reader_of(value.type)) for value in plug.inputs),
            frozenset(value.name for value in plug.inputs),
            writer_of(plug.output_type),
            BoundedThreads(f"plug {plug.name}", settings.threads_per_plug),
            settings.timeouts.get(plug.name, plug.timeout),
            plug.cache if settings.cached_results else 0.0,
        )


def _demand_sense(plugs: Sequence[Plug], settings: PlugSettings) -> None:
    """Two plugs of one name, a timeout for nobody, a cache that would mix up visitors: say so at the start."""
    names = [plug.name for plug in plugs]
    for plug in plugs:
        if names.count(plug.name) > 1:
            raise ValueError(f"there are two plugs named '{plug.name}'")
        if plug.cache and (plug.reveals == "personal" or plug.changes or {"identity", "key"} & {*plug.injected}):
            raise ValueError(f"plug '{plug.name}': what depends on who asks, or changes something, is never cached")
    for name, seconds in settings.timeouts.items():
        if name not in names:
            raise ValueError(f"plugs.timeouts names '{name}', which is no plug. {did_you_mean(name, names)}")
        if not seconds > 0:
            raise ValueError(f"plugs.timeouts.{name} must be more than 0 seconds")


def _demand_verified(plug: Plug, call: PlugCall) -> None:
    """The part of the assurance check that needs no CRM; it comes first, so that nobody else learns anything."""
    if plug.reveals != "personal":
        return
    if call.identity.level < Assurance.VERIFIED:
        raise PlugRefused(plug.name, "it reveals personal data and this visitor is not verified")
    if is_blank(call.inputs.get(plug.about)):
        raise PlugRefused(plug.name, f"it reveals personal data and '{plug.about}' does not say whose")


def _read_inputs(ready: _Ready, given: Mapping[str, Any]) -> dict[str, Any]:
    plug = ready.plug
    for name in given:
        if name not in ready.names:
            raise PlugInputWrong(plug.name, name, f"there is no such input. {did_you_mean(name, ready.names)}".rstrip())
    return {value.name: _read_input(plug, value, read, given.get(value.name)) for value, read in ready.readers}


def _read_input(plug: Plug, value: PlugValue, read: Reader, given: Any) -> Any:
    if given is None or (value.type is not str and is_blank(given)):
        if value.required:
            raise PlugInputWrong(plug.name, value.name, "is missing")
        return value.default
    try:
        return read(given)
    except WrongValue as error:
        raise PlugInputWrong(plug.name, value.name, str(error)) from None


def _time_left(ready: _Ready, call: PlugCall, now: float) -> float:
    seconds = ready.timeout if call.timeout is None else min(ready.timeout, call.timeout)
    return seconds if call.deadline is None else min(seconds, call.deadline - now)
