"""Advice as people see it: its words and pictures, shared by the pages of records, of today and of the results."""
