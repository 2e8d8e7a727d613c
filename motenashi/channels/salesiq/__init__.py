"""Zoho SalesIQ's two doors: its webhook bots (webhook.py) and its webhook plugs (plug_webhook.py)."""
