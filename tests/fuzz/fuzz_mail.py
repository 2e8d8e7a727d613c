"""Coverage-guided fuzzing of what reads mail: `python tests/fuzz/fuzz_mail.py mime|html|text -runs=20000 [CORPUS]`.

Not a test by itself: tests/fuzz/test_fuzz_mail.py starts it with a fixed number of runs. It ends with an error when a
reader raises, hangs (-timeout), or rescues itself at the last moment from a mistake of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

with atheris.instrument_imports(include=["motenashi.inbound_mail", "nlp.email_parts", "nlp.email_text"]):
    from motenashi.inbound_mail.mime_reading import attachment_content, parse_mail
    from motenashi.inbound_mail.tnef import read_tnef
    from nlp.email_parts.html_text import html_to_text
    from nlp.email_text import read_email_text


def read_mail(data: bytes) -> None:
    found = parse_mail(data)
    if any("could not be taken apart" in problem for problem in found.problems):
        raise AssertionError("parse_mail had to rescue itself")
    for file in found.attachments:
        if len(attachment_content(data, file.place)) != file.size:
            raise AssertionError("an attachment is not what was said of it")
    read_tnef(b"\x78\x9f\x3e\x22\x01\x00" + data)


def read_html(data: bytes) -> None:
    read_text_of(html_to_text(data.decode("utf-8", "replace")))


def read_text(data: bytes) -> None:
    read_text_of(data.decode("utf-8", "replace"))


def read_text_of(text: str) -> None:
    told = read_email_text(text)
    if "".join(map(told.text_of, told.parts)) != text:
        raise AssertionError("the parts are not the whole text")


TARGETS: dict[str, Callable[[bytes], None]] = {"mime": read_mail, "html": read_html, "text": read_text}


def main() -> None:
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
