"""Many records at once: a mail to each person, new values in fields, a task for each owner. Planned, seen, confirmed,
then done by a worker in small steps that may be cut off anywhere."""
