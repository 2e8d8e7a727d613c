"""WebCaller against real servers on this machine: honest ones, slow ones, huge ones and lying ones."""

from __future__ import annotations

import contextlib
import datetime
import gzip
import json
import socket
import ssl
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from motenashi.web_call import WebCaller, WebCallFailed, WebCallSettings

Answer = Callable[[BaseHTTPRequestHandler], None]


class Service:
    """A web service of somebody else. `seen` are the requests that reached it."""

    def __init__(self, answer: Answer, certificate: Path | None = None) -> None:
        self.seen: list[dict[str, Any]] = []
        self._stop = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                service.seen.append(
                    {
                        "method": self.command,
                        "path": self.path,
                        "headers": {name.lower(): value for name, value in self.headers.items()},
                        "body": self.rfile.read(length),
                    }
                )
                with contextlib.suppress(OSError, ValueError):  # the caller hung up, as it should
                    answer(self)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_any

            def log_message(self, format: str, *arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port: int = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def serve() -> Iterator[Callable[..., Service]]:
    services: list[Service] = []

    def start(answer: Answer, certificate: Path | None = None) -> Service:
        services.append(Service(answer, certificate))
        return services[-1]

    yield start
    for service in services:
        service.close()


def says(body: bytes, kind: str = "application/json", status: int = 200, **headers: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return answer


def drips(piece: bytes, first: bytes) -> Answer:
    """A byte now and then, for ever: no single wait is ever too long."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(first)
        while True:
            request.wfile.write(piece)
            request.wfile.flush()
            time.sleep(0.05)

    return answer


def caller(*services: Service, **settings: Any) -> WebCaller:
    """One that may call these services as 127.0.0.1 without TLS."""
    hosts = tuple(f"127.0.0.1:{service.port}" for service in services)
    known = {"allowed_hosts": hosts, "http_hosts": hosts, "allow_private_addresses": True, "timeout": 5.0}
    return WebCaller(WebCallSettings(**{**known, **settings}))


def url(service: Service, path: str = "/") -> str:
    return f"http://127.0.0.1:{service.port}{path}"


def reason_of(call: Callable[[], Any]) -> str:
    with pytest.raises(WebCallFailed) as caught:
        call()
    return caught.value.reason


def test_what_was_asked_arrives_and_the_answer_comes_back(serve: Callable[..., Service]) -> None:
    service = serve(says('{"在庫": 3}'.encode(), status=201))

    status, data = caller(service).call(
        "POST",
        url(service, "/stock?shop=1"),
        {"品": "ノート & PC"},
        {"X-Name": "はるか", "content-type": "application/vnd.shop+json"},
        {"sku": "NB-14", "many": [1, None, True]},
        2.0,
        "turn-7",
    )

    (seen,) = service.seen
    assert (status, data) == (201, {"在庫": 3})
    assert seen["method"] == "POST"
    assert seen["path"] == "/stock?shop=1&%E5%93%81=%E3%83%8E%E3%83%BC%E3%83%88+%26+PC"
    assert json.loads(seen["body"]) == {"sku": "NB-14", "many": [1, None, True]}
    assert seen["headers"]["idempotency-key"] == "turn-7"
    assert seen["headers"]["content-type"] == "application/vnd.shop+json"
    assert seen["headers"]["host"] == f"127.0.0.1:{service.port}"
    assert seen["headers"]["x-name"].encode("latin-1").decode() == "はるか"


def test_no_key_no_body_no_headers_for_them(serve: Callable[..., Service]) -> None:
    service = serve(says(b"{}"))

    caller(service).call("GET", url(service))

    assert {"idempotency-key", "content-type", "cookie", "authorization"} & set(service.seen[0]["headers"]) == set()


@pytest.mark.parametrize("status", [204, 304, 404, 409, 500, 503])
def test_any_other_status_is_an_answer(serve: Callable[..., Service], status: int) -> None:
    service = serve(says(b"", status=status))

    assert caller(service).call("GET", url(service)) == (status, "")


@pytest.mark.parametrize(
    ("body", "kind", "data"),
    [
        (b'{"a": 1}', "application/json; charset=utf-8", {"a": 1}),
        (b'\xef\xbb\xbf{"a": 1}', "application/json", {"a": 1}),
        (b'{"type": "about:blank"}', "application/problem+json", {"type": "about:blank"}),
        (b" [1, 2]", "text/plain", [1, 2]),
        (b"3", "application/json", 3),
        (b"<h1>Sorry</h1>", "text/html", "<h1>Sorry</h1>"),
        (b"<h1>Sorry</h1>", "application/json", "<h1>Sorry</h1>"),
        (b'{"a": NaN}', "application/json", '{"a": NaN}'),
        (b'{"a": ', "application/json", '{"a": '),
        (b"[" * 200_000, "application/json", "[" * 200_000),
        (b'{"a": "x\\u0000\\ud800"}', "application/json", {"a": "x\N{REPLACEMENT CHARACTER}"}),
        (b'{"a": "\\ud83d\\ude00"}', "application/json", {"a": "😀"}),
        ("在庫あり".encode("shift_jis"), 'text/plain; charset="Shift_JIS"', "在庫あり"),
        (b"plain \xff", "text/plain; charset=no-such-thing", "plain \N{REPLACEMENT CHARACTER}"),
    ],
)
def test_json_is_read_and_all_else_is_text(serve: Callable[..., Service], body: bytes, kind: str, data: Any) -> None:
    service = serve(says(body, kind))

    assert caller(service).call("GET", url(service)) == (200, data)


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(b"HTTP/1.0 200 OK\r\n\r\n", id="body"),
        pytest.param(b"HTTP/1.0 200 OK\r\nX-Slow: ", id="header"),
        pytest.param(b"", id="status line"),
    ],
)
def test_a_server_that_drips_is_cut_off_at_the_deadline(serve: Callable[..., Service], first: bytes) -> None:
    service = serve(drips(b"x", first))

    assert reason_of(lambda: caller(service).call("GET", url(service), timeout=0.4)) == "timeout"


def test_a_body_without_length_that_the_deadline_cuts_is_no_answer(serve: Callable[..., Service]) -> None:
    """The end of the line looks like the end of such a body."""
    service = serve(drips(b" ", b'HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{"a": 1}'))

    assert reason_of(lambda: caller(service).call("GET", url(service), timeout=0.4)) == "timeout"


def test_a_server_that_never_says_anything_is_cut_off(serve: Callable[..., Service]) -> None:
    service = serve(lambda _request: time.sleep(2))

    assert reason_of(lambda: caller(service).call("GET", url(service), timeout=0.2)) == "timeout"


def test_a_flow_cannot_wait_longer_than_the_operator_allows(serve: Callable[..., Service]) -> None:
    service = serve(lambda _request: time.sleep(2))

    assert reason_of(lambda: caller(service, timeout=0.2).call("GET", url(service), timeout=60)) == "timeout"


def test_a_name_that_is_not_resolved_in_time_is_given_up() -> None:
    slow = threading.Event()
    settings = WebCallSettings(allowed_hosts=("shop.test",), timeout=0.2)
    patient = WebCaller(settings, resolve_name=lambda host, port: [str(slow.wait(5))])

    assert reason_of(lambda: patient.call("GET", "https://shop.test/")) == "timeout"
    slow.set()


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(says(b"x" * 1001), id="stated length"),
        pytest.param(drips(b"x" * 500, b"HTTP/1.0 200 OK\r\n\r\n"), id="no length"),
        pytest.param(says(gzip.compress(b"x" * 300_000), Content_Encoding="gzip"), id="packed"),
        pytest.param(
            drips(b"1f4\r\n" + b"x" * 500 + b"\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
            id="chunked",
        ),
    ],
)
def test_an_answer_that_is_too_long_is_not_read(serve: Callable[..., Service], answer: Answer) -> None:
    service = serve(answer)

    assert reason_of(lambda: caller(service, most_bytes=1000).call("GET", url(service))) == "too_large"


def test_an_answer_of_just_the_allowed_length_is_read(serve: Callable[..., Service]) -> None:
    service = serve(says(b"x" * 1000, "text/plain"))

    assert caller(service, most_bytes=1000).call("GET", url(service)) == (200, "x" * 1000)


def test_an_answer_that_is_packed_although_nobody_asked_is_unpacked(serve: Callable[..., Service]) -> None:
    service = serve(says(gzip.compress(b'{"a": 1}'), Content_Encoding="gzip"))

    assert caller(service).call("GET", url(service)) == (200, {"a": 1})


def test_a_packed_answer_that_is_broken_is_no_answer(serve: Callable[..., Service]) -> None:
    service = serve(says(b"not packed at all", Content_Encoding="gzip"))

    assert reason_of(lambda: caller(service).call("GET", url(service))) == "unreachable"


def test_an_answer_that_breaks_off_is_no_answer(serve: Callable[..., Service]) -> None:
    service = serve(lambda request: request.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: 50\r\n\r\n{}") and None)

    assert reason_of(lambda: caller(service).call("GET", url(service))) == "unreachable"


def test_what_is_no_http_is_no_answer(serve: Callable[..., Service]) -> None:
    service = serve(lambda request: request.wfile.write(b"220 mail.example.com ESMTP\r\n") and None)

    assert reason_of(lambda: caller(service).call("GET", url(service))) == "unreachable"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(serve: Callable[..., Service], status: int) -> None:
    private = serve(says(b"{}"))
    service = serve(says(b"x" * 5000, status=status, Location=url(private, "/keys")))

    assert reason_of(lambda: caller(service, private).call("GET", url(service))) == "redirect"
    assert private.seen == []


@pytest.mark.parametrize("location", ["http://[::1", "//", "", "http://a b/"])
def test_a_redirect_to_nonsense_is_not_followed_either(serve: Callable[..., Service], location: str) -> None:
    service = serve(says(b"", status=302, Location=location))

    assert reason_of(lambda: caller(service).call("GET", url(service))) == "redirect"


def test_nobody_at_the_other_end_is_said_so() -> None:
    with socket.socket() as quiet:
        quiet.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        host = f"127.0.0.1:{quiet.getsockname()[1]}"
        settings = WebCallSettings(allowed_hosts=(host,), http_hosts=(host,), allow_private_addresses=True)

        assert reason_of(lambda: WebCaller(settings).call("GET", f"http://{host}/")) == "unreachable"


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]", "0.0.0.0", "2130706433", "127.1"])
def test_this_machine_is_refused_unless_private_addresses_are_allowed(serve: Callable[..., Service], name: str) -> None:
    service = serve(says(b"{}"))
    host = f"{name}:{service.port}"
    strict = WebCaller(WebCallSettings(allowed_hosts=(host,), http_hosts=(host,)))

    assert reason_of(lambda: strict.call("GET", f"http://{host}/")) == "private_address"
    assert service.seen == []


def resolving(addresses: Mapping[str, list[list[str]]], asked: list[str]) -> Callable[[str, int], list[str]]:
    """A resolver that gives one answer after the other, as an attacker's would."""

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return addresses[host].pop(0)

    return resolve


@pytest.mark.parametrize("found", [["127.0.0.1"], ["93.184.216.34", "10.0.0.8"], ["::ffff:127.0.0.1"]])
def test_a_public_name_with_an_address_inside_is_refused(found: list[str]) -> None:
    settings = WebCallSettings(allowed_hosts=("shop.test",))
    strict = WebCaller(settings, resolve_name=resolving({"shop.test": [found]}, []))

    assert reason_of(lambda: strict.call("GET", "https://shop.test/")) == "private_address"


def test_a_name_is_resolved_once_and_the_vetted_address_is_called(serve: Callable[..., Service]) -> None:
    """The second answer would lead elsewhere; nobody asks for it, and no other resolver is used."""
    service = serve(says(b'"here"'))
    host, asked = f"shop.test:{service.port}", list[str]()
    settings = WebCallSettings(allowed_hosts=(host,), http_hosts=(host,), allow_private_addresses=True)
    pinned = WebCaller(settings, resolve_name=resolving({"shop.test": [["127.0.0.1"], ["169.254.169.254"]]}, asked))

    assert pinned.call("GET", f"http://{host}/") == (200, "here")
    assert asked == ["shop.test"]
    assert service.seen[0]["headers"]["host"] == host


def test_a_name_without_an_address_is_said_so() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    settings = WebCallSettings(allowed_hosts=("shop.test",))

    assert reason_of(lambda: WebCaller(settings, resolve_name=unknown).call("GET", "https://shop.test/")) == (
        "unknown_host"
    )


@pytest.mark.parametrize(
    "asked",
    [
        "https://other.test/",
        "https://shop.test.evil.test/",
        "https://shop.test:8443/",
        "http://shop.test/",
        "https://sub.shop.test/",
        "https://below.test/",
        "https://evilbelow.test/",
        "https://evil.test\\@shop.test/",
        "https://evil.test#@shop.test/",
        "https://evil.test/shop.test",
    ],
)
def test_a_host_that_is_not_on_the_list_is_not_called(asked: str) -> None:
    settings = WebCallSettings(allowed_hosts=("shop.test", "*.below.test"))
    names: list[str] = []
    strict = WebCaller(settings, resolve_name=resolving({}, names))

    assert reason_of(lambda: strict.call("GET", asked)) in ("not_allowed", "bad_request")
    assert names == []


@pytest.mark.parametrize(
    "asked",
    [
        "https://SHOP.test/",
        "https://shop.test./",
        "https://shop.test:443/",
        "https://a.b.below.test/",
        "https://店.test/",
    ],
)
def test_a_host_on_the_list_is_looked_for_however_it_is_written(asked: str) -> None:
    settings = WebCallSettings(allowed_hosts=("shop.test", "*.below.test", "店.test"))
    strict = WebCaller(settings, resolve_name=lambda host, port: ["127.0.0.1"])

    assert reason_of(lambda: strict.call("GET", asked)) == "private_address"


@pytest.mark.parametrize(
    ("method", "asked", "headers"),
    [
        ("GET", "file:///etc/passwd", {}),
        ("GET", "https://", {}),
        ("GET", "https://user:word@shop.test/", {}),
        ("GET", "shop.test/", {}),
        ("GET", "https://[::1/", {}),
        ("GET", "https://shop.test:99999/", {}),
        ("GET", "https://shop.test/orders/../admin", {}),
        ("GET", "https://shop.test/orders/%2e%2E/admin", {}),
        ("GET", "https://shop.test/orders/.%2e;x/admin", {}),
        ("GET", "https://shop.test/orders/.", {}),
        ("TRACE", "https://shop.test/", {}),
        ("GET", "https://shop.test/", {"X-One": "a\r\nX-Two: b"}),
        ("GET", "https://shop.test/", {"X One": "a"}),
        ("GET", "https://shop.test/", {"Host": "evil.test"}),
        ("GET", "https://shop.test/", {" transfer-encoding ": "chunked"}),
        ("GET", "https://shop.test/", {"Proxy-Authorization": "x"}),
    ],
)
def test_what_cannot_be_sent_is_refused(method: str, asked: str, headers: Mapping[str, str]) -> None:
    settings = WebCallSettings(allowed_hosts=("shop.test",))
    strict = WebCaller(settings, resolve_name=lambda host, port: ["127.0.0.1"])

    assert reason_of(lambda: strict.call(method, asked, headers=headers)) == "bad_request"


def test_a_body_that_is_no_json_is_refused() -> None:
    strict = WebCaller(WebCallSettings(allowed_hosts=("shop.test",)))

    assert reason_of(lambda: strict.call("POST", "https://shop.test/", body={"a": {1, 2}})) == "bad_request"


def test_the_proxies_of_the_environment_are_not_used(
    serve: Callable[..., Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    service, proxy = serve(says(b'"direct"')), serve(says(b'"by proxy"'))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, url(proxy))
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)

    assert caller(service).call("GET", url(service)) == (200, "direct")
    assert proxy.seen == []


def test_a_secret_comes_from_its_environment_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    with_secret = WebCaller(WebCallSettings(secrets={"stock": "STOCK_KEY"}))
    monkeypatch.delenv("STOCK_KEY", raising=False)

    assert reason_of(lambda: with_secret.secret("stock")) == "no_secret"
    monkeypatch.setenv("STOCK_KEY", "s3cret")
    assert with_secret.secret("stock") == "s3cret"
    assert reason_of(lambda: with_secret.secret("PATH")) == "no_secret"


@pytest.mark.parametrize("answer", [says(b"x" * 9999), drips(b"x", b"")], ids=["too large", "slow"])
def test_no_trouble_repeats_what_was_sent(serve: Callable[..., Service], answer: Answer) -> None:
    service = serve(answer)

    with pytest.raises(WebCallFailed) as caught:
        caller(service, most_bytes=10).call(
            "POST", url(service, "/p-s3cret"), {"q": "q-s3cret"}, {"X-Key": "h-s3cret"}, {"b": "b-s3cret"}, 0.3
        )

    assert "s3cret" not in "".join(traceback.format_exception(caught.value, chain=True))
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "text", ["", "https://shop.test", "*", "a*b.test", "shop.test:port", "shop.test:0", "a@b.test"]
)
def test_an_allow_list_that_means_nothing_is_told_at_the_start(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no host|end in a port"):
        WebCaller(WebCallSettings(allowed_hosts=(text,)))


@pytest.fixture
def shop_certificate(tmp_path: Path) -> Path:
    """One file with key and certificate of shop.test, which vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "shop.test")])
    now = datetime.datetime.now(datetime.UTC)
    names: list[x509.GeneralName] = [x509.DNSName("shop.test"), x509.IPAddress(ip_address("192.0.2.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "shop.pem"
    pem, no_password = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, no_password)
    file.write_bytes(private + certificate.public_bytes(pem))
    return file


def over_tls(service: Service, name: str, ca_file: str) -> WebCaller:
    settings = WebCallSettings(allowed_hosts=(f"{name}:{service.port}",), allow_private_addresses=True, ca_file=ca_file)
    return WebCaller(settings, resolve_name=lambda host, port: ["127.0.0.1"])


def test_tls_speaks_of_the_name_although_the_address_is_called(
    serve: Callable[..., Service], shop_certificate: Path
) -> None:
    service = serve(says(b'"safe"'), shop_certificate)
    trusting = over_tls(service, "shop.test", str(shop_certificate))

    assert trusting.call("GET", f"https://shop.test:{service.port}/") == (200, "safe")


@pytest.mark.parametrize(("name", "trusts_it"), [("other.test", True), ("127.0.0.1", True), ("shop.test", False)])
def test_a_server_that_cannot_prove_its_name_is_not_spoken_to(
    serve: Callable[..., Service], shop_certificate: Path, name: str, trusts_it: bool
) -> None:
    service = serve(says(b"{}"), shop_certificate)
    careful = over_tls(service, name, str(shop_certificate) if trusts_it else "")

    assert reason_of(lambda: careful.call("GET", f"https://{name}:{service.port}/")) == "tls"
    assert service.seen == []


def test_a_server_that_never_finishes_its_handshake_is_cut_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        host = f"shop.test:{listening.getsockname()[1]}"
        settings = WebCallSettings(allowed_hosts=(host,), allow_private_addresses=True, timeout=0.3)
        careful = WebCaller(settings, resolve_name=lambda name, port: ["127.0.0.1"])

        assert reason_of(lambda: careful.call("GET", f"https://{host}/")) == "timeout"


def test_no_thread_is_left_behind_by_a_call(serve: Callable[..., Service]) -> None:
    service = serve(says(b"{}"))
    calling = caller(service)
    calling.call("GET", url(service))
    alarms = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    for alarm in alarms:
        alarm.join(5)

    assert [alarm for alarm in alarms if alarm.is_alive()] == []
