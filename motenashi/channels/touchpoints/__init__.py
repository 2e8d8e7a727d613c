"""The way in for what other tools saw: a signed POST of one touchpoint or many (door.py)."""
