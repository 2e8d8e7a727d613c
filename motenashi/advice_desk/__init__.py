"""Advice beside the record: computed by the worker, kept, shown, accepted, put off, turned down; what came of it."""
