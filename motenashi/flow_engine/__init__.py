"""Understand, check, prove and run flows; no clock, web, database or CRM of its own (services.py names its needs)."""
