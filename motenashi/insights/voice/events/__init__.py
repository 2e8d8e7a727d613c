"""Voice events: what came of what customers said, found in the CRM by SQL."""
