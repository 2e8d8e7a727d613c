"""Drafts of calls, events and mails in the customer's language, from templates that designers may edit."""
