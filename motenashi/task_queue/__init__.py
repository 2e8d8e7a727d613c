"""Work that need not be done at once. `queue.py` has the words; what is huey's own is loaded when it is needed."""

from motenashi.task_queue.queue import QueueAway, Task, TaskQueue

__all__ = ["QueueAway", "Task", "TaskQueue"]
