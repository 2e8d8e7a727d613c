"""Measuring, on the machine it runs on: never a test, and never a number without its circumstances."""
