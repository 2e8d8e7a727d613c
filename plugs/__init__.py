"""One file a plug: a typed function that flows call by name. all_plugs.py is the list."""
