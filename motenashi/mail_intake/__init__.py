"""Walk 2: a stored mail in; a reading, a touchpoint, a response and suggestions out. `intake.py` is the door."""
