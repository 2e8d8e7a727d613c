"""The kinds of step a designer may write: one file a kind, all_steps.py is the list."""
