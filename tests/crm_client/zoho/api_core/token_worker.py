"""A process of its own that makes some calls: `token_worker.py <database> <fake> <calls>`. It says `ready`, waits for
a line, and says how many were good, or the trouble."""

from __future__ import annotations

import os
import sys
from dataclasses import replace

from crm_client.errors import CrmError
from crm_client.zoho.api.shapes import Call
from crm_client.zoho.api.transport import open_transport
from crm_client.zoho.settings import ZohoSettings
from motenashi.storage.open_database import open_database

SECRET = b"a secret of the house, for tests"


def main(database_url: str, fake_url: str, calls: int) -> None:
    database = open_database(database_url)
    settings = replace(ZohoSettings(), fake_url=fake_url)
    transport = open_transport(settings, database, secret=SECRET, environment=os.environ)
    print("ready", flush=True)
    sys.stdin.readline()
    said = ""
    for number in range(calls):
        try:
            transport.send(Call("GET", "/crm/v8/org", "read the organisation"))
            said = f"{number + 1} good"
        except CrmError as error:
            said = f"{type(error).__name__} {error.trouble}"
    print(said)
    transport.close()
    database.engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
