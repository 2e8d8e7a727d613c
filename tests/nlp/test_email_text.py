"""The newest part of a mail, scored on mails written for this project before the reader was tuned to anything."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from nlp.email_text import EmailText, PartKind, newest_part, read_email_text

MAILS = Path(__file__).parent.parent / "emails"
BLANK = re.compile(r"[\s\u200b\ufeff\u00a0]+")


@dataclass(frozen=True)
class Mail:
    """`labels[i]` tells line i: K kept, D dropped, O either is right, B empty."""

    id: str
    language: str
    kind: str
    lines: tuple[str, ...]
    labels: str

    @property
    def raw(self) -> str:
        return "\n".join(self.lines)

    def lines_with(self, label: str) -> list[str]:
        return [
            bare(line) for line, given in zip(self.lines, self.labels, strict=True) if given == label and bare(line)
        ]


def bare(line: str) -> str:
    return BLANK.sub(" ", line).strip()


def mails_of(file: Path) -> list[Mail]:
    found = []
    for block in re.split(r"^=== ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, *rest = block.removesuffix("\n").split("\n")
        name, language, kind = head.split()
        found.append(
            Mail(name, language, kind, tuple(line[2:] for line in rest), "".join(line[:1] or "B" for line in rest))
        )
    return found


ALL_MAILS = [mail for file in sorted(MAILS.glob("newest_part_cases_*.txt")) for mail in mails_of(file)]


def is_exact(mail: Mail) -> bool:
    """Exactly the K lines are left, in order; O lines may be there or not."""
    optional = Counter(mail.lines_with("O"))
    left = []
    owed = Counter(mail.lines_with("K"))
    for line in filter(None, map(bare, newest_part(mail.raw).split("\n"))):
        if owed[line]:
            owed[line] -= 1
        elif optional[line]:
            optional[line] -= 1
            continue
        left.append(line)
    return left == mail.lines_with("K")


def share_of_exact(mails: list[Mail]) -> float:
    return sum(map(is_exact, mails)) / len(mails)


def test_there_are_mails_enough_to_tell_something() -> None:
    assert len(ALL_MAILS) >= 120
    assert {"en", "ja", "de", "fr", "es"} <= {mail.language for mail in ALL_MAILS}
    assert len({mail.id for mail in ALL_MAILS}) == len(ALL_MAILS)


def test_exactly_the_own_words_are_left_in_nearly_all_mails() -> None:
    wrong = [mail.id for mail in ALL_MAILS if not is_exact(mail)]

    assert len(wrong) / len(ALL_MAILS) <= 0.04, wrong


@pytest.mark.parametrize("language", ["en", "ja", "de", "fr", "es"])
def test_each_language_is_understood(language: str) -> None:
    assert share_of_exact([mail for mail in ALL_MAILS if mail.language == language]) >= 0.93


@pytest.mark.parametrize(
    ("kind", "floor"), [("plain", 0.97), ("quote", 0.94), ("inline", 0.85), ("forward", 0.9), ("signature", 0.92)]
)
def test_each_kind_of_mail_is_understood(kind: str, floor: float) -> None:
    assert share_of_exact([mail for mail in ALL_MAILS if mail.kind == kind]) >= floor


def test_own_lines_are_hardly_ever_lost() -> None:
    own = lost = 0
    for mail in ALL_MAILS:
        left = Counter(bare(line) for line in newest_part(mail.raw).split("\n"))
        expected = Counter(mail.lines_with("K"))
        own += expected.total()
        lost += (expected - left).total()

    assert lost / own <= 0.015


@pytest.mark.parametrize("mail", ALL_MAILS, ids=lambda mail: mail.id)
def test_the_parts_of_every_mail_are_the_whole_mail(mail: Mail) -> None:
    assert covers_exactly(read_email_text(mail.raw))


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_of_any_kind_give_the_same_text(line_end: str) -> None:
    for mail in ALL_MAILS:
        told = newest_part(mail.raw.replace("\n", line_end))
        assert told.replace(line_end, "\n") == newest_part(mail.raw) or told.split() == newest_part(mail.raw).split()


def covers_exactly(told: EmailText) -> bool:
    ends = [0, *(part.end for part in told.parts)]
    starts = [*(part.start for part in told.parts), len(told.text)]
    return ends == starts and all(part.start < part.end and part.why for part in told.parts)


def test_each_part_says_what_it_is_and_why() -> None:
    header = "On Tue, Nov 3, 2026 at 10:12 AM Sam <sam@boateng.example> wrote:\n"
    told = read_email_text(f"Yes please.\n\n-- \nDana Reyes\n\n{header}\n> Shall I?\n")

    assert [part.kind for part in told.parts] == [
        PartKind.NEWEST,
        PartKind.SIGNATURE,
        PartKind.QUOTE_HEADER,
        PartKind.QUOTE,
    ]
    assert told.text_of(told.parts[1]) == "-- \nDana Reyes\n\n"
    assert "--" in told.parts[1].why


def test_a_forward_keeps_its_header_and_text_as_parts() -> None:
    told = read_email_text(
        "FYI\n\n---------- Forwarded message ---------\nFrom: A <a@a.example>\nSubject: B\n\nHello\n"
    )

    assert told.newest == "FYI"
    assert [part.kind for part in told.parts] == [PartKind.NEWEST, PartKind.FORWARD_HEADER, PartKind.FORWARD]


def test_answers_between_quotes_are_parted_by_an_empty_line() -> None:
    assert newest_part("> One?\nYes.\n> Two?\nNo.\n") == "Yes.\n\nNo."


def test_a_header_on_the_line_of_the_answer_is_taken_off() -> None:
    text = "Fine by me. On Wed, Nov 4, 2026 at 3:59 PM, dana@reyes.example wrote:\n> Tuesday?\n"

    assert newest_part(text) == "Fine by me."


def test_indentation_of_own_lines_stays() -> None:
    assert newest_part("    indented\nnot\n\n> quote\n") == "    indented\nnot"


@pytest.mark.parametrize("text", ["", "\n", " \r\n\t", "\u3000", "> only a quote", "\ufeff"])
def test_a_mail_without_own_words_gives_nothing(text: str) -> None:
    assert newest_part(text).strip("\ufeff") == ""
    assert covers_exactly(read_email_text(text))


def test_what_follows_a_bare_forward_is_not_lost() -> None:
    header = "-----Original Message-----\nFrom: A <a@a.example>\nSent: Monday, May 4, 2026 4:20 PM\nTo: B\nSubject: C\n"

    assert newest_part(f"{header}\nHello there.\n") == "Hello there."
