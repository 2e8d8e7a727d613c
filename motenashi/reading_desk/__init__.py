"""Where other processes ask for a reading: one process has the model in memory, the others ask it by a local socket."""
