"""Mails made to be a burden: each kind repeats one thing until it is as long as wanted."""

from __future__ import annotations

from collections.abc import Callable

HIGH_BYTES = bytes(0x81 + number * 37 % 0x7D for number in range(900))  # of no charset in particular
IN_PARTS = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
EVENT = b"BEGIN:VEVENT\r\nUID:%d\r\nDTSTART:20261124\r\nEND:VEVENT\r\n"
HOSTILE: dict[str, Callable[[int], bytes]] = {
    "one line": lambda n: b"Subject: x\r\n\r\n" + b"a" * n,
    "one line of spaces, quoted-printable": lambda n: (
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"= " * (n // 2)
    ),
    "padding": lambda n: b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=" * n,
    "padding everywhere": lambda n: b"Content-Transfer-Encoding: base64\r\n\r\n" + b"QQ==" * (n // 4),
    "folded header": lambda n: b"Subject: a\r\n" + b" b\r\n" * (n // 4) + b"\r\n",
    "encoded words": lambda n: b"Subject: " + b"=?utf-8?q?a?= " * (n // 14) + b"\r\n\r\n",
    "half encoded words": lambda n: b"Subject: " + b"=?utf-8?q?" * (n // 10) + b"\r\n\r\n",
    "addresses": lambda n: b"To: " + b"a@b.c," * (n // 6) + b"\r\n\r\n",
    "quotes in addresses": lambda n: b"To: " + b'"(<\\' * (n // 4) + b"\r\n\r\n",
    "parameters": lambda n: b"Content-Type: text/plain" + b"; a" * (n // 3) + b"\r\n\r\n",
    "many headers": lambda n: b"X: y\r\n" * (n // 6) + b"\r\n",
    "broken headers": lambda n: b"X: y\r\n" + b"no header\r\nX: y\r\n" * (n // 17) + b"\r\n",
    "boundaries": lambda n: b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n" * (n // 5),
    "no boundaries": lambda n: b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--bb" * (n // 4),
    "nested": lambda n: b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(n // 55)
    ),
    "nested mails": lambda n: b"Content-Type: message/rfc822\r\n\r\n" * (n // 33),
    "flowed": lambda n: b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"a \r\n" * (n // 4),
    "from lines": lambda n: b"\r\n" + b">From \n\n" * (n // 8),
    "escapes": lambda n: b"\r\n" + b"\x1b$B$\x1b(B" * (n // 7),
    "high bytes": lambda n: b"\r\n" + b"\x8c\xa9\xff" * (n // 3),
    "open tags": lambda n: (
        b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\r\n"
        b"Content-Type: text/html\r\n\r\n" + b"<style><!--" * (n // 11)
    ),
    "calendar": lambda n: (
        b"Content-Type: text/calendar\r\n\r\n" + b"BEGIN:VEVENT\r\nDTSTART:20261124\r\nEND:VEVENT\r\n" * (n // 43)
    ),
    "zones": lambda n: (
        b"Content-Type: text/calendar\r\n\r\nBEGIN:VTIMEZONE\r\nTZID:x\r\n"
        + b"BEGIN:STANDARD\r\nTZOFFSETTO:+0900\r\nEND:STANDARD\r\n" * (n // 50)
    ),
    "parts without a charset": lambda n: IN_PARTS + (b"--b\r\n\r\n" + HIGH_BYTES + b"\r\n") * (n // 909),
    "receipts that tell nothing": lambda n: (b"Received: x;" + HIGH_BYTES[:400] + b"\r\n") * (n // 414) + b"\r\n",
    "calendar parts": lambda n: (
        IN_PARTS + b"".join(b"--b\r\nContent-Type: text/calendar\r\n\r\n" + EVENT % i * 20 for i in range(n // 1100))
    ),
    "attendees": lambda n: (
        b"Content-Type: text/calendar\r\n\r\nBEGIN:VEVENT\r\n" + b"ATTENDEE:mailto:a@b.c\r\n" * (n // 23)
    ),
}
