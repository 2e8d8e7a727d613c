"""A real IMAP server for each test that asks, and a small proxy that can cut a connection in the middle of a mail."""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.conftest import missing
from tests.dovecot import Dovecot, dovecot


def certificate(name: str) -> str:
    """A certificate that signs itself, with its key, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return (builder.sign(key, SHA256()).public_bytes(Encoding.PEM) + secret).decode()


@pytest.fixture
def tls_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Dovecot]:
    """Dovecot with a certificate for `localhost` that this process trusts."""
    if not dovecot():
        missing("no IMAP server: install the Debian package dovecot-imapd")
    folder = Path(tempfile.mkdtemp(prefix="motenashi-imap-"))
    server = Dovecot(folder, certificate=certificate("localhost"))
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "certificate.pem"))
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[Dovecot]:
    """Dovecot, running. Indirect parameter: what it says it can do."""
    if not dovecot():
        missing("no IMAP server: install the Debian package dovecot-imapd")
    folder = Path(tempfile.mkdtemp(prefix="motenashi-imap-"))  # not tmp_path: root's is closed to everybody else
    server = Dovecot(folder, getattr(request, "param", ""))
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


class CuttingProxy:
    """Stands before a server. While `cut_after` is set, a connection ends after that many bytes of the server's."""

    def __init__(self, port: int) -> None:
        self.cut_after = 0
        self.held_back = b""  # a piece of an answer that is sent only together with what comes after it
        self.cuts = 0
        self._behind = port
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._door.close()
        self.cut()

    def cut(self) -> None:
        """End every connection now."""
        for each in self._open:
            _end(each)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                server = socket.create_connection(("127.0.0.1", self._behind))
                self._open += [client, server]
                threading.Thread(target=self._pass_on, args=(client, server, False), daemon=True).start()
                threading.Thread(target=self._pass_on, args=(server, client, True), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, counted: bool) -> None:
        passed = 0
        with suppress(OSError):
            while data := source.recv(4096):
                if counted and self.held_back and data.endswith(self.held_back):
                    data += source.recv(4096)
                passed += len(data)
                if counted and self.cut_after and passed > self.cut_after:
                    self.cuts += 1
                    target.sendall(data[: len(data) // 2])
                    break
                target.sendall(data)
        _end(source)
        _end(target)


def _end(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


@pytest.fixture
def proxy(server: Dovecot) -> Iterator[CuttingProxy]:
    proxy = CuttingProxy(server.port)
    yield proxy
    proxy.close()
