"""What can be asked of each kind of record: one file a neighbourhood, `catalogue.py` is the list."""
