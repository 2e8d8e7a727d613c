"""Simulated companies whose truth is known, so that advice can be measured: `python -m bench.worlds --help`."""
