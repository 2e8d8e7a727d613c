"""The views of a sentence in its language."""

from __future__ import annotations

from nlp.intents.views import Views


def views_of(sentence: str, language: str) -> Views:
    """The views of `sentence`; KeyError for a language other than "en" and "ja"."""
    if language == "ja":
        from nlp.intents.japanese_features import japanese_views

        return japanese_views(sentence)
    if language == "en":
        from nlp.intents.english_features import english_views

        return english_views(sentence)
    raise KeyError(language)
