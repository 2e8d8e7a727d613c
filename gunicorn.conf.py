"""How gunicorn serves the house: by `make run`, in production and in the benchmark.

Every value that an operator may need to change is an environment variable; the rest has its reason beside it.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

wsgi_app = "app:create_app()"

# Loopback unless told otherwise: a machine without a proxy in front shows nothing to the world by accident.
bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"

# More processes than cores only take memory: a turn is work for the processor, hardly ever waiting.
workers = int(os.environ.get("WEB_CONCURRENCY", min(4, os.cpu_count() or 1)))

# Threads are for those who wait: open event streams, a slow CRM, a verification mail on its way.
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "32"))

# An address holds a whole filter (/lists); gunicorn's own 4,094 bytes are a few conditions in Japanese.
limit_request_line = 8190

# A proxy in front keeps its connections open; closing them earlier than it does makes it answer 502.
keepalive = 75

# An answer that takes longer than a turn's budget many times over is a fault of ours: begin anew.
timeout = 60
graceful_timeout = 20

# The heartbeat file of a worker, in memory where that exists: on a busy disk a worker could look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108

# One line a request is the proxy's business; ours are the log lines about conversations.
accesslog = os.environ.get("ACCESS_LOG") or None
errorlog = "-"

# No second door: the control socket would write into the home folder, and we have no use for it.
control_socket_disable = True

# Every worker has a clock; a lease in the database sees to it that only one of them moves.
_stop_jobs: list[Callable[[], None]] = []


def _look_less_often_for_garbage() -> None:
    """What stands now (modules, flows, templates) stays for good; searching it again costs a tenth of a turn."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def post_worker_init(worker: Worker) -> None:
    """Begin the background jobs, once the application of this worker stands."""
    _look_less_often_for_garbage()
    if "motenashi" in worker.wsgi.extensions:  # the benchmark serves another application with these settings
        import app

        _stop_jobs.append(app.start_jobs(worker.wsgi))


def worker_exit(server: Arbiter, worker: Worker) -> None:
    while _stop_jobs:
        _stop_jobs.pop()()
