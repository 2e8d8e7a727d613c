"""Background jobs: one file a job, schedule.py is the list, clock.py runs them in one process only."""
