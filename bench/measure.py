"""One measurement: visitors come for some seconds, and we look at what that cost the server."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import uuid
from dataclasses import dataclass

from bench import conversation, processes
from bench.servers import HOUSE, Server


@dataclass(frozen=True)
class Load:
    """How many people talk at once, for how long, and how long each thinks before the next turn (seconds)."""

    name: str
    conversations: int
    seconds: float
    pause: float
    most_turns_a_second: int  # talks are signed beforehand, enough for this many


@dataclass(frozen=True)
class Result:
    server: str
    load: str
    stored: int
    turns: int
    turns_a_second: float
    p50: float  # milliseconds
    p95: float
    p99: float
    slowest: float
    processor_ms: float  # a turn, all workers together
    pss: float  # MB, the largest worker afterwards
    rss: float
    wrong: int


def measure(
    server: Server, load: Load, stored: int, signer: conversation.Signer | None, path: str, always: str = ""
) -> Result:
    """Run the load against the server; SystemExit with the server's own words when most answers are wrong."""
    name = uuid.uuid4().hex[:10]
    count = max(load.conversations * 2, int(load.seconds * load.most_turns_a_second / len(conversation.TURNS)) + 1)
    talks = [conversation.talk(f"bench-{name}-{number}", signer, always) for number in range(count)]
    work = {"host": "127.0.0.1", "port": server.port, "path": path, "talks": talks}
    work |= {"conversations": load.conversations, "seconds": load.seconds, "pause": load.pause}

    workers = server.workers()
    before = processes.processor_seconds(workers)
    visitors = [sys.executable, "-m", "bench.load"]
    done = subprocess.run(visitors, cwd=HOUSE, input=json.dumps(work), capture_output=True, text=True, check=True)
    used = processes.processor_seconds(workers) - before
    return _result(server, load, stored, json.loads(done.stdout), used, processes.largest(workers))


def _result(server: Server, load: Load, stored: int, told: dict, used: float, memory: dict[str, float]) -> Result:
    took = sorted(second * 1000 for place in told["took"] for second in place)
    if told["wrong"] > len(took) / 2:
        raise SystemExit(f"bench: {server.name} gave {told['wrong']} wrong answers of {len(took)}: {told['words']}")
    p50, p95, p99 = (statistics.quantiles(took, n=100, method="inclusive")[place - 1] for place in (50, 95, 99))
    return Result(
        server=server.name,
        load=load.name,
        stored=stored,
        turns=len(took),
        turns_a_second=len(took) / told["seconds"],
        p50=p50,
        p95=p95,
        p99=p99,
        slowest=took[-1],
        processor_ms=used * 1000 / len(took),
        pss=memory["pss"],
        rss=memory["rss"],
        wrong=told["wrong"],
    )
