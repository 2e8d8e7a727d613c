"""Products and competitors named in a text: the catalogue's names in either script, however they were typed.

The finder is loaded when somebody asks for it: a web process only hands readings on, and needs the words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nlp.mentions.mention import Mention

if TYPE_CHECKING:
    from nlp.mentions.catalogue import Catalogue, CatalogueEntry
    from nlp.mentions.finding import MentionFinder

__all__ = ["Catalogue", "CatalogueEntry", "Mention", "MentionFinder"]


def __getattr__(name: str) -> Any:
    if name == "MentionFinder":
        from nlp.mentions.finding import MentionFinder

        return MentionFinder
    if name in ("Catalogue", "CatalogueEntry"):
        from nlp.mentions import catalogue

        return getattr(catalogue, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
