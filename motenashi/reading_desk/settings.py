"""config.yaml, section `reading`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True)
class Named:
    """Somebody or something to be recognised in texts."""

    id: Annotated[str, "What it is called in readings and reports."]
    name: Annotated[str, "Its name, in English."]
    name_ja: Annotated[str, "Its name, in Japanese."] = ""
    aliases: Annotated[tuple[str, ...], "What else people call it, in either language."] = ()


@dataclass(frozen=True)
class ProductAliases:
    """More names for a product of the CRM."""

    code: Annotated[str, "The product's code in the CRM."]
    aliases: Annotated[tuple[str, ...], "What people call it, in either language."]


@dataclass(frozen=True)
class ReadingSettings:
    """What is recognised in mails and chats besides the products of the CRM."""

    competitors: Annotated[tuple[Named, ...], "Competitors whose names matter."] = ()
    product_aliases: Annotated[tuple[ProductAliases, ...], "What else people call our products."] = ()
    patience: Annotated[float, "Seconds that a chat waits for its text to be read before it goes on without."] = 1.5
