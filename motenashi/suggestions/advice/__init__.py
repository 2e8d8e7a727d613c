"""What to do next with one customer, in whole. Values in, values out; no store, no clock."""
