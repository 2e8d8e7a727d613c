"""The small CRM that a sample talk is given, as a designer writes it. Filling a real one with it is the roof's work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal


@dataclass(frozen=True)
class GivenPerson:
    """A contact or a lead."""

    email: Annotated[str, "Their address; deals name their contact by it."]
    last_name: Annotated[str, "Family name."]
    first_name: Annotated[str, "Given name."] = ""
    phone: Annotated[str, "Phone number."] = ""
    company: Annotated[str, "Where they work."] = ""
    language: Annotated[str, "en or ja."] = ""


@dataclass(frozen=True)
class GivenProduct:
    """A product of the shop."""

    id: Annotated[str, "Its id; deals name it by this."]
    en: Annotated[str, "Its English name."]
    ja: Annotated[str, "Its Japanese name."]
    price: Annotated[int, "In yen."] = 0
    category: Annotated[str, "As the CRM names it."] = ""


@dataclass(frozen=True)
class GivenDeal:
    """A deal with its products."""

    contact: Annotated[str, "The contact's e-mail address."]
    stage: Annotated[str, "A stage of the CRM, such as Closed Won; open, won and lost will do."]
    products: Annotated[Mapping[str, int], "Product id -> how many."]
    on: Annotated[str, "The day it began or was closed: YYYY-MM-DD."] = ""


@dataclass(frozen=True)
class GivenCrm:
    """Everything the CRM knows in this talk; nothing without it."""

    contacts: Annotated[tuple[GivenPerson, ...], "Customers."] = ()
    leads: Annotated[tuple[GivenPerson, ...], "Prospects."] = ()
    products: Annotated[tuple[GivenProduct, ...], "Products."] = ()
    deals: Annotated[tuple[GivenDeal, ...], "Deals."] = ()


Hours = Literal["as configured", "open", "closed"]
