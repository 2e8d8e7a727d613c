"""What can go wrong when somebody acts on a suggestion.

AdviceError
|-- NoSuchSuggestion  there is no suggestion with this id
|-- SuggestionGone    somebody was faster, or it was replaced: `state`, `by` and `at` say what became of it
`-- NotPossible       it can't be done like this: `words` say why, in both languages
"""

from __future__ import annotations

from datetime import datetime

from motenashi.suggestions.suggestion import State, Words


class AdviceError(Exception):
    pass


class NoSuchSuggestion(AdviceError):
    def __init__(self, suggestion_id: int) -> None:
        super().__init__(f"there is no suggestion {suggestion_id}")
        self.suggestion_id = suggestion_id


class SuggestionGone(AdviceError):
    def __init__(self, suggestion_id: int, state: State, by: str, at: datetime | None) -> None:
        super().__init__(f"suggestion {suggestion_id} is {state}")
        self.suggestion_id = suggestion_id
        self.state = state
        self.by = by
        self.at = at


class NotPossible(AdviceError):
    """`field` names what has to be changed ('start', 'to', ...); '' when it is none of the caller's values."""

    def __init__(self, words: Words, field: str = "") -> None:
        super().__init__(words["en"])
        self.words = words
        self.field = field
