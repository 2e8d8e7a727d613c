"""`/records/contacts/<id>/timeline` and the like for leads: every touch of both sides along one line of time."""
