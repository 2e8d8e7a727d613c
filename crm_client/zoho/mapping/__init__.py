"""Zoho's fields and our records: which is which, checked against what the operator's Zoho really has."""
