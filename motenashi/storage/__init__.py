"""Opens the one SQL database and keeps its tables up to date; the tables themselves belong to the rooms."""
