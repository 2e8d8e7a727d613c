"""Our writes into Zoho, once and only once: what waits, what was sent, and what both sides had changed."""
