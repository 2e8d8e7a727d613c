"""A lead from the mail of somebody who is not in the CRM: name, company, language, as far as the mail tells."""

from __future__ import annotations

import hashlib
import re

from crm_client.identifiers import email_key
from crm_client.records import Lead
from motenashi.clean_text import plain_line
from motenashi.mail_intake.letter import Candidate, Letter
from nlp.email_parts.part import PartKind
from nlp.email_text import read_email_text
from nlp.reading import Reading

_LONGEST = 200  # characters of a name; the CRM takes 255
_LONGEST_NOTE = 2_000

# Where mail addresses tell nothing about a company.
FREE_MAIL = re.compile(
    r"(?:gmail|googlemail|outlook|hotmail|live|msn|icloud|me|mac|aol|gmx|web|t-online|yahoo|ymail|proton|protonmail|"
    r"mail|zoho|yandex|qq|163|126|naver|free|orange|wanadoo|laposte|libero|nifty|biglobe|docomo|softbank|ezweb|"
    r"au|ocn|so-net|i\.softbank|rakuten)\.(?:[a-z]{2,3}\.)?[a-z]{2,4}"
)
_LEGAL_FORM = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|合名会社|一般社団法人|財団法人|学校法人|医療法人|社会福祉法人|\(株\)|（株）|㈱|"
    r"\b(?:inc|ltd|llc|llp|plc|corp|corporation|co\.,? ltd|limited|gmbh|ag|kg|ohg|mbh|s\.?a\.?s?|s\.?r\.?l|b\.?v|"
    r"oy|a/s|pty|k\.?k)\b\.?",
    re.IGNORECASE,
)
_HAS_KANJI_OR_KANA = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SECOND_LEVEL = {"co", "com", "ne", "or", "ac", "go", "ed", "gr", "lg", "org", "net", "gov", "edu"}


def lead_of(candidate: Candidate, letter: Letter, reading: Reading, *, source: str, owner_id: str) -> Lead:
    """A lead that is not saved yet. Its last name is never empty: without a name it is the address's local part."""
    first, last = split_name(_name(candidate, reading))
    phone = next((one.number for one in reading.phone_numbers), "")
    return Lead(
        id="",
        last_name=(last or candidate.address.rpartition("@")[0])[:_LONGEST],
        first_name=first[:_LONGEST],
        company=company_of(candidate.address, letter.body)[:_LONGEST],
        email=candidate.address,
        phone=phone if len(phone) <= _LONGEST else "",
        source=source,
        language=reading.language,
        owner_id=owner_id,
        note=plain_line(letter.subject)[:_LONGEST_NOTE],
    )


def lead_key(address: str) -> str:
    """The same address is the same lead, however often and at the same moment it writes."""
    return f"mail-sender:{hashlib.sha256(email_key(address).encode()).hexdigest()}"


def split_name(name: str) -> tuple[str, str]:
    """First and last name. "森 遥" is last name first, "Mori, Haruka" too; "Haruka Mori" is not."""
    name = re.sub(r"\s*[（(\[【].*$", "", " ".join(plain_line(name).split())).strip(" \"'")
    if "@" in name or not name:
        return "", ""
    if "," in name:
        last, _, first = name.partition(",")
        return first.strip(), last.strip()
    words = name.split(" ")
    if _HAS_KANJI_OR_KANA.search(name):
        return " ".join(words[1:]), words[0]
    return " ".join(words[:-1]), words[-1]


def _name(candidate: Candidate, reading: Reading) -> str:
    if candidate.name and "@" not in candidate.name:
        return candidate.name
    return next((person.name for person in reading.people if person.role == "sender"), "")


def company_of(address: str, body: str) -> str:
    """From the signature, where a line holds a legal form; else the address's domain; "" for free mail."""
    return _signed_company(body) or _domain_name(address)


def _signed_company(body: str) -> str:
    told = read_email_text(body)
    for part in told.parts:
        if part.kind is not PartKind.SIGNATURE:
            continue
        for line in told.text_of(part).splitlines():
            words = " ".join(plain_line(line).split()).strip("-=*_|/ 　")
            if _LEGAL_FORM.search(words) and len(words) <= 80 and "@" not in words:
                return words
    return ""


def _domain_name(address: str) -> str:
    """becker-logistik.example of tom@mail.becker-logistik.example; "" where anybody can have an address."""
    domain = address.rpartition("@")[2].lower()
    if not domain or FREE_MAIL.fullmatch(domain):
        return ""
    labels = domain.split(".")
    kept = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2 else 2
    return ".".join(labels[-kept:])
