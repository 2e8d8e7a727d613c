"""Products and competitors named in a text: the catalogue's names in either script, however they were typed."""

from nlp.mentions.catalogue import Catalogue, CatalogueEntry
from nlp.mentions.finding import MentionFinder
from nlp.mentions.mention import Mention

__all__ = ["Catalogue", "CatalogueEntry", "Mention", "MentionFinder"]
