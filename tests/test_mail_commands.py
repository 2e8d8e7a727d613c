"""The command line's part about mail, as a person types it, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from nlp.model_folder import MODEL, fresh
from tests.conftest import missing

ROOT = Path(__file__).parents[1]
TEXT = "Could you show us the AeroBook next Tuesday or Wednesday afternoon?\n"
JAPANESE = "来週火曜の15時以降でAeroBookのデモをお願いできますか。\n"
INVITATION = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Fabrikam//EN
METHOD:REQUEST
BEGIN:VEVENT
UID:demo-1@fabrikam.example
DTSTAMP:20260511T000000Z
SUMMARY:Demo
DTSTART:20260520T060000Z
DTEND:20260520T070000Z
END:VEVENT
END:VCALENDAR
"""
CATALOGUE = {
    "products": [{"id": "nb-14", "name_en": "AeroBook 14", "aliases_en": ["AeroBook"]}],
    "competitors": [{"id": "kestrel", "name_en": "KestrelBook"}],
}
needs_model = pytest.mark.usefixtures("model")


@pytest.fixture
def model() -> None:
    """A command without a model would build one, which takes minutes."""
    if not fresh(MODEL):
        missing("no model of this code: make model")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("MOTENASHI", "DATABASE", "REDIS"))
    }
    return {**kept, "MOTENASHI_DATA": str(tmp_path / "data"), "COLUMNS": "160", "NO_COLOR": "1"}


def app(
    environment: dict[str, str], *words: object, says: bytes = b"", code: int = 0
) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        [sys.executable, "app.py", *map(str, words)], cwd=ROOT, env=environment, input=says, capture_output=True
    )
    assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout.decode()}\n{done.stderr.decode()}"
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done


def read_json(environment: dict[str, str], data: bytes) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(app(environment, "read-mail", "--json", "-", says=data).stdout)
    return told


def mail(text: str = TEXT, number: int = 1, date: str = "Mon, 11 May 2026 09:30:00 +0200") -> bytes:
    written = EmailMessage()
    written["From"], written["Subject"], written["Date"] = "Anna Weber <anna@fabrikam.example>", "A demo", date
    written["Message-ID"] = f"<{number}@fabrikam.example>"
    written.set_content(text)
    return written.as_bytes()


@needs_model
def test_a_mail_is_laid_out_for_a_person(environment: dict[str, str], tmp_path: Path) -> None:
    file, catalogue = tmp_path / "demo.eml", tmp_path / "catalogue.json"
    file.write_bytes(mail())
    catalogue.write_text(json.dumps(CATALOGUE), encoding="utf-8")

    told = app(environment, "read-mail", file, "--catalogue", catalogue).stdout.decode()

    assert "Anna Weber <anna@fabrikam.example>" in told and TEXT.strip() in told
    assert "demo_request" in told
    assert "2026-05-19 12:00+02:00" in told and "proposed" in told
    assert "products: nb-14" in told


@needs_model
def test_a_japanese_mail_in_its_old_charset_is_read(environment: dict[str, str]) -> None:
    head = "From: mori@example.com\nMessage-ID: <1@example.com>\nDate: Mon, 11 May 2026 09:30:00 +0900\n"
    head += "Content-Type: text/plain; charset=iso-2022-jp\n\n"

    told = read_json(environment, (head + JAPANESE).encode("iso-2022-jp"))

    assert told["reading"]["language"] == "ja" and JAPANESE.strip() in told["reading"]["text"]
    assert any(date["begins"] == "2026-05-19T15:00:00+09:00" for date in told["reading"]["dates"]), told
    assert told["problems"] == []


@needs_model
def test_a_text_without_headers_was_written_now_and_here(environment: dict[str, str]) -> None:
    told = read_json(environment, TEXT.encode())

    assert told["reading"]["text"].strip() == TEXT.strip()
    assert told["sent_at"].endswith("+09:00") and told["problems"] == []


@needs_model
def test_the_dates_of_an_invitation_are_certain(environment: dict[str, str]) -> None:
    told = read_json(environment, INVITATION.replace("\n", "\r\n").encode())

    (date,) = told["reading"]["dates"]
    assert date["begins"].startswith("2026-05-20T") and date["certainty"] == 1.0


@needs_model
@pytest.mark.parametrize("data", [bytes(range(256)) * 8, b"\x89PNG\r\n\x1a\n\0\0\0", b"From: a\n\n\xff\xfe\0"])
def test_bytes_of_any_kind_are_answered(environment: dict[str, str], data: bytes) -> None:
    assert "reading" in read_json(environment, data)


@pytest.mark.parametrize("data", [b"", b"\n \r\n"])
def test_an_empty_file_is_told_without_a_model(environment: dict[str, str], data: bytes) -> None:
    assert b"There is nothing to read" in app(environment, "read-mail", "-", says=data, code=1).stderr


def test_a_file_that_is_not_there_is_told(environment: dict[str, str], tmp_path: Path) -> None:
    assert b"nothing.eml" in app(environment, "read-mail", tmp_path / "nothing.eml", code=2).stderr


@needs_model
def test_many_mails_are_read_line_by_line(environment: dict[str, str], tmp_path: Path) -> None:
    cases, out, catalogue = tmp_path / "in.jsonl", tmp_path / "out.jsonl", tmp_path / "catalogue.json"
    catalogue.write_text(json.dumps(CATALOGUE), encoding="utf-8")
    rows = [
        {"id": "a", "lang": "en", "subject": "", "body": TEXT, "sent_at": "2026-05-11T09:30:00+02:00"},
        {"id": "b", "lang": "ja", "subject": "デモ", "body": JAPANESE},
    ]
    cases.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")

    told = app(environment, "read-mails", "--in", cases, "--out", out, "--catalogue", catalogue).stdout

    assert b"2 mails read." in told
    first, second = (json.loads(line) for line in out.read_text(encoding="utf-8").splitlines())
    assert (first["id"], second["id"]) == ("a", "b")
    assert first["products"] == ["nb-14"] and first["dates"] and "intents" in second and "sentiment" in second


@needs_model
def test_a_broken_line_is_named_and_stops_no_other(environment: dict[str, str], tmp_path: Path) -> None:
    cases, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    good = json.dumps({"id": "a", "body": "Could you send a quote?\u2028Thanks"}, ensure_ascii=False)
    lines = [good, "", '{"id": ', good, '{"id": "no body"}']
    cases.write_bytes("\n".join(lines).encode() + b'\n{"id": "b", "body": "\xff"}\n')

    done = app(environment, "read-mails", "--in", cases, "--out", out, code=1)

    assert b"3 mails read." in done.stdout
    assert b"Line 3 could not be read" in done.stderr and b"Line 5 could not be read" in done.stderr
    told = [json.loads(line) for line in out.read_text(encoding="utf-8").split("\n") if line]
    assert ["error" in one for one in told] == [False, True, False, True, False]


def test_a_broken_catalogue_is_told_without_a_trace(environment: dict[str, str], tmp_path: Path, model: None) -> None:
    catalogue = tmp_path / "catalogue.json"
    catalogue.write_text("[", encoding="utf-8")

    assert b"catalogue.json: " in app(
        environment, "read-mail", "-", "--catalogue", catalogue, says=mail(), code=1
    ).stderr  # fmt: skip


def test_an_archive_is_imported_once(environment: dict[str, str], tmp_path: Path) -> None:
    folder, box = tmp_path / "mails", tmp_path / "archive.mbox"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.eml").write_bytes(mail(number=number))
    box.write_bytes(b"".join(b"From anna Mon May 11 09:30:00 2026\n" + mail(number=n) + b"\n" for n in (2, 3)))

    first = app(environment, "import-mail", folder, box).stdout.decode()
    again = app(environment, "import-mail", folder, box).stdout.decode()

    assert "5 mails found, 4 new" in first
    assert "5 mails found, 0 new" in again


def test_an_import_says_what_it_could_not_read_and_takes_the_rest(environment: dict[str, str], tmp_path: Path) -> None:
    good, without = tmp_path / "good.eml", tmp_path / "photos"
    good.write_bytes(mail())
    without.mkdir()

    done = app(environment, "import-mail", without, good, code=1)

    assert b"1 new" in done.stdout and b"photos holds no mails" in done.stderr


def test_a_path_that_is_not_there_is_told(environment: dict[str, str], tmp_path: Path) -> None:
    assert b"nowhere" in app(environment, "import-mail", tmp_path / "nowhere", code=2).stderr


@needs_model
def test_training_is_not_done_twice(environment: dict[str, str]) -> None:
    before = (MODEL / "model.json").stat().st_mtime_ns

    assert app(environment, "train", "--if-needed").stdout == b""
    assert (MODEL / "model.json").stat().st_mtime_ns == before


def test_the_commands_explain_themselves(environment: dict[str, str]) -> None:
    for command in ("read-mail", "read-mails", "import-mail", "train", "worker"):
        assert b"Usage: " in app(environment, command, "--help").stdout
