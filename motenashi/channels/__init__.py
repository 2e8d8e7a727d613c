"""The ways in: one folder a door. Each translates, checks signatures, and calls what `inside.py` names."""
