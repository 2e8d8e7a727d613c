"""`/bulk`: many records at once, from choosing what to do to seeing what became of each; and stopping such mail."""
