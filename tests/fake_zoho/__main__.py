"""The fake as a process of its own: `python -m tests.fake_zoho --port 8300 [--demo [--scale N]] [--records N]`."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from tests.fake_zoho.fake import FakeZoho


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fake_zoho", description=__doc__)
    parser.add_argument("--port", type=int, default=8300)
    parser.add_argument("--database", default=":memory:", help="SQLite file instead of memory; emptied first")
    parser.add_argument("--demo", action="store_true", help="fill it with the demo company")
    parser.add_argument("--scale", type=int, default=1, help="how large a demo company")
    parser.add_argument("--records", type=int, default=0, help="fill it with so many generated records")
    parser.add_argument("--credits", type=int, default=0, help="API credits of 24 hours")
    parser.add_argument("--key-field", default="", help="API name of a unique field of our own in every module")
    given = parser.parse_args(arguments)
    if given.database != ":memory:":
        Path(given.database).unlink(missing_ok=True)
    zoho = FakeZoho(port=given.port, path=given.database)
    _set_up(zoho, given)  # who comes early waits until all is there
    with zoho:
        print(f"fake Zoho at {zoho.url}")
        print(
            f"  client id {zoho.client_id}, secret {zoho.client_secret}, refresh token {zoho.refresh_token}", flush=True
        )
        stop = threading.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stop.set())
        stop.wait()


def _set_up(zoho: FakeZoho, given: argparse.Namespace) -> None:
    if given.credits:
        zoho.switches.credits = given.credits
    if given.key_field:
        zoho.admin.add_key_field(given.key_field)
    if given.demo:
        from tests.fake_zoho.from_demo import fill_from_demo

        fill_from_demo(zoho, scale=given.scale)
    if given.records:
        from tests.fake_zoho.generated import fill_generated

        fill_generated(zoho, given.records)


if __name__ == "__main__":
    main(sys.argv[1:])
