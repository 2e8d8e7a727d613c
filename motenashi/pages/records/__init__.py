"""`/records/…`: a deal, contact or lead with its advice beside it."""
