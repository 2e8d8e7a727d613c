"""Zoho CRM over its REST API, mirrored in the embedded CRM's tables."""
