"""Many plain records, for measuring: nine of ten are contacts, the rest accounts. The same number, the same records."""

from __future__ import annotations

from collections.abc import Iterator

from tests.fake_zoho.clock import written
from tests.fake_zoho.fake import FakeZoho
from tests.fake_zoho.store import COLLEAGUE, Raw

FIRST_ACCOUNT, FIRST_CONTACT = 4_876_876_001_000_000_001, 4_876_876_002_000_000_001
_BEGINNING = 1_700_000_000


def fill_generated(zoho: FakeZoho, records: int) -> None:
    accounts = max(1, records // 10)
    zoho.store.pour("Accounts", _accounts(zoho, accounts))
    zoho.store.pour("Contacts", _contacts(zoho, records - accounts, accounts))


def _frame(zoho: FakeZoho, record_id: int, number: int) -> Raw:
    by = zoho.store.person(COLLEAGUE)
    at = written(_BEGINNING + number)
    return {
        "id": str(record_id),
        "Owner": by,
        "Created_By": by,
        "Modified_By": by,
        "Created_Time": at,
        "Modified_Time": at,
    }


def _accounts(zoho: FakeZoho, count: int) -> Iterator[Raw]:
    for number in range(count):
        fields = {"Account_Name": f"Company {number}", "Industry": "Retail", "Employees": number % 500 + 1}
        yield fields | {"Website": f"https://company{number}.example"} | _frame(zoho, FIRST_ACCOUNT + number, number)


def _contacts(zoho: FakeZoho, count: int, accounts: int) -> Iterator[Raw]:
    for number in range(count):
        account = number % accounts
        yield {
            "Last_Name": f"Person {number}",
            "First_Name": "Given",
            "Full_Name": f"Given Person {number}",
            "Email": f"person{number}@company{account}.example",
            "Phone": f"03-{number // 10_000 % 10_000:04d}-{number % 10_000:04d}",
            "Title": "Buyer",
            "Account_Name": {"name": f"Company {account}", "id": str(FIRST_ACCOUNT + account)},
        } | _frame(zoho, FIRST_CONTACT + number, number)
