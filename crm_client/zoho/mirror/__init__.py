"""Zoho's records into our tables: the first fill, changes since, deletions, notifications."""
