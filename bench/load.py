"""The visitors: many conversations at once over kept-open connections, in a process of their own.

    python -m bench.load < work.json > result.json

The work: {"host", "port", "path", "conversations", "seconds", "pause", "talks": [[{"body", "headers"}, …], …]}.
Every visitor takes the next talk, says its turns one after the other, each after a pause of `pause` seconds on
average, and begins another. An answer counts when it is a 200 whose action is the one expected.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Tally:
    """Seconds that each turn took, by its place in the talk; and what went wrong, in the words of the first few."""

    took: list[list[float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    started: float = 0.0
    ended: float = 0.0


class Connection:
    """One kept-open HTTP/1.1 connection that knows just enough: a request out, a whole answer in."""

    def __init__(self, host: str, port: int) -> None:
        self._where = (host, port)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._where)
        reader, writer = self._streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(length)
        if b"connection: close" in head:
            self.close()
        return int(head.split(maxsplit=2)[1]), body

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
        self._streams = None


def as_requests(work: dict[str, Any]) -> list[list[tuple[bytes, str]]]:
    """Every turn's bytes on the wire, made before the clock starts, and the action expected as its answer."""

    def one(turn: dict[str, Any]) -> tuple[bytes, str]:
        body = turn["body"].encode()
        lines = [f"POST {work['path']} HTTP/1.1", f"Host: {work['host']}:{work['port']}"]
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in turn["headers"].items()]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body, turn["action"]

    return [[one(turn) for turn in talk] for talk in work["talks"]]


async def visitor(work: dict[str, Any], talks: list[list[tuple[bytes, str]]], tally: Tally, chance: Any) -> None:
    connection = Connection(work["host"], work["port"])
    pause = work["pause"]
    await asyncio.sleep(chance.uniform(0, pause))  # people do not all come at the same moment
    while talks and time.perf_counter() < tally.started + work["seconds"]:
        for place, (request, expected) in enumerate(talks.pop()):
            began = time.perf_counter()
            status, body = await connection.ask(request)
            tally.took[place].append(time.perf_counter() - began)
            if status != 200 or json.loads(body).get("action") != expected:
                tally.wrong.append(f"turn {place + 1}: {status} {body[:200]!r}")
            if pause:
                await asyncio.sleep(chance.uniform(0.5 * pause, 1.5 * pause))
    connection.close()


async def run(work: dict[str, Any]) -> Tally:
    talks = as_requests(work)
    tally = Tally(took=[[] for _ in talks[0]], started=time.perf_counter())
    chance = random.Random(7)
    await asyncio.gather(*(visitor(work, talks, tally, chance) for _ in range(work["conversations"])))
    tally.ended = time.perf_counter()
    return tally


def main() -> None:
    tally = asyncio.run(run(json.load(sys.stdin)))
    result = {"took": tally.took, "seconds": tally.ended - tally.started}
    json.dump(result | {"wrong": len(tally.wrong), "words": tally.wrong[:3]}, sys.stdout)


if __name__ == "__main__":
    main()
