"""How a plug is called safely: inputs checked, visitor's assurance level, time, errors, cache and counts."""

from motenashi.plug_runner.counts import PlugCounts
from motenashi.plug_runner.runner import PlugRunner
from motenashi.plug_runner.settings import PlugSettings

__all__ = ["PlugCounts", "PlugRunner", "PlugSettings"]
