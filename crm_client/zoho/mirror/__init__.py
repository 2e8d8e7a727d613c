"""The mirror: Zoho's records in the embedded CRM's tables. First filled, then kept fresh by polling and by hints."""
