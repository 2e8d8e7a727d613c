"""Start a fake Zoho CRM that holds the demo company, and Motenashi with that Zoho as its CRM, until Ctrl-C.

    make demo-zoho          Motenashi at http://127.0.0.1:8000 (PORT=…), the fake at :8300 (FAKE_PORT=…)

Nothing leaves the machine. The data lies in var/demo-zoho and is made anew each time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from tests.fake_zoho.fake import FakeZoho
from tests.fake_zoho.from_demo import DEMO_FIELDS, fill_from_demo

FOLDER = Path("var/demo-zoho")


def main() -> int:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with FakeZoho(port=int(os.environ.get("FAKE_PORT", "8300"))) as zoho:
        print(f"A fake Zoho CRM begins at {zoho.url}; the demo company moves in …", flush=True)
        fill_from_demo(zoho)
        ours = {
            **os.environ,
            "ZOHO_CLIENT_ID": zoho.client_id,
            "ZOHO_CLIENT_SECRET": zoho.client_secret,
            "ZOHO_REFRESH_TOKEN": zoho.refresh_token,
            "MOTENASHI_CONFIG": str(write_config(zoho.url, FOLDER)),
            "MOTENASHI_DATA": str(FOLDER / "data"),
        }
        try:
            return subprocess.run([sys.executable, "app.py", "run"], env=ours, check=False).returncode
        except KeyboardInterrupt:
            return 0


def write_config(url: str, folder: Path) -> Path:
    """The operator's own choices, with Zoho for the CRM."""
    config = yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8")) or {}
    here = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    config["crm"] = {
        "backend": "zoho",
        "zoho": {
            "data_centre": "jp",
            "fake_url": url,
            "fields": DEMO_FIELDS,
            "sync": {"notify_url": f"{here}/channels/crm/zoho"},
        },
    }
    file = folder / "config.yaml"
    file.write_text(yaml.safe_dump(config, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return file


if __name__ == "__main__":
    sys.exit(main())
