"""Text in, Reading out; knows no CRM and no web."""
