"""The data of a benchmark: a database of its own with the demo company, and as many stored conversations as wanted."""
