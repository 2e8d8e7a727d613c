"""Alerts: rules in YAML, in the criteria language of flows, that act when a customer says something or something comes
of it: a task for the owner, a webhook, a mail."""
