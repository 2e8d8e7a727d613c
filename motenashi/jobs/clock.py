"""The clock that runs the jobs (APScheduler), in every process, but only the leading one's hands move."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler

from motenashi.jobs.leader import Leader
from motenashi.jobs.schedule import Job

log = logging.getLogger(__name__)


def start_clock(jobs: Sequence[Job], leader: Leader) -> Callable[[], None]:
    """Begin to run the jobs in threads of this process. Returns how to stop."""
    scheduler = BackgroundScheduler(timezone=UTC)
    for job in jobs:
        scheduler.add_job(
            _guarded(job, leader), "interval", seconds=job.every, name=job.name, max_instances=1, coalesce=True
        )
    scheduler.start()

    def stop() -> None:
        scheduler.shutdown(wait=False)
        leader.step_down(datetime.now(UTC))

    return stop


def _guarded(job: Job, leader: Leader) -> Callable[[], None]:
    def run() -> None:
        if not leader.leads(datetime.now(UTC)):
            return
        try:
            job.run()
        except Exception:  # the next run tries again; the others go on
            log.exception("job '%s' failed", job.name)

    return run
