"""A private IMAP server (Debian's Dovecot) in a folder of its own, on a free port, ended with the test."""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

USER = "sales"
PASSWORD = f"open-{secrets.token_hex(8)}"  # of this process, so that nobody else's server is taken for ours
START_SECONDS = 30.0

# No certificate, no system users, no folder outside of ours. Dovecot lets nobody read mail as root, so that all of it
# runs as `owner`.
CONFIG = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
disable_plaintext_auth = no
default_internal_user = {owner}
default_internal_group = {group}
default_login_user = {owner}
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
mail_max_userip_connections = 50
imap_capability = {capability}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={folder}/mail/%u
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service stats {{
  chroot =
}}
"""
TLS = "yes\nssl_cert = <{folder}/certificate.pem\nssl_key = <{folder}/certificate.pem"


def dovecot() -> str:
    """The program's path, or '' when it is not installed."""
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") or ""


class Dovecot:
    """`capability`: what the server says it can; empty for all it can (IDLE, MOVE and more). `certificate`: PEM with
    its key; with one the server also speaks TLS, at `tls_port` and after STARTTLS."""

    def __init__(self, folder: Path, capability: str = "", certificate: str = "") -> None:
        owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        self.folder = folder
        self.port = free_port()
        self.tls_port = free_port() if certificate else 0
        self._owner = owner
        group = _group_name(owner.pw_gid)
        for name in ("run", "state", "mail"):
            (folder / name).mkdir(parents=True)
        self._config = folder / "dovecot.conf"
        if certificate:
            (folder / "certificate.pem").write_text(certificate)
        self._config.write_text(
            CONFIG.format(
                folder=folder,
                owner=owner.pw_name,
                group=group,
                port=self.port,
                tls_port=self.tls_port,
                ssl=TLS.format(folder=folder) if certificate else "no",
                password=PASSWORD,
                capability=capability,
            )
        )
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner.pw_uid, owner.pw_gid)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        switch = {"user": self._owner.pw_uid, "group": self._owner.pw_gid} if os.geteuid() == 0 else {}
        with (self.folder / "stderr.log").open("wb") as errors:
            self._process = subprocess.Popen(
                [dovecot(), "-F", "-c", str(self._config)],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
                **switch,
            )
        give_up = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > give_up or self._process.poll() is not None:
                raise RuntimeError(f"Dovecot did not start: {self.said()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """At once, as a server that loses its power; connections end."""
        if self._process is None:
            return
        # The group, since the processes of single connections are children of children.
        os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait(timeout=10)
        self._process = None

    def said(self) -> str:
        logs = [self.folder / "stderr.log", self.folder / "dovecot.log"]
        return "\n".join(log.read_text(errors="replace") for log in logs if log.exists())

    def client(self) -> imaplib.IMAP4:
        """A connection of the test's own, logged in."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=START_SECONDS)
        try:
            client.login(USER, PASSWORD)
        except imaplib.IMAP4.error:
            client.shutdown()
            raise
        return client

    def deliver(self, raw: bytes, folder: str = "INBOX", flags: str = "") -> None:
        self.deliver_all([raw], folder, flags)

    def deliver_all(self, mails: list[bytes], folder: str = "INBOX", flags: str = "") -> None:
        with self.client() as client:
            for raw in mails:
                client.append(folder, flags, None, raw)  # type: ignore[arg-type]

    def count(self, criteria: str = "ALL", folder: str = "INBOX") -> int:
        with self.client() as client:
            if client.select(folder, readonly=True)[0] != "OK":
                return -1
            return len(client.search(None, criteria)[1][0].split())

    def _answers(self) -> bool:
        try:
            self.client().logout()
        except (OSError, imaplib.IMAP4.error):
            return False
        return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _group_name(gid: int) -> str:
    return grp.getgrgid(gid).gr_name
