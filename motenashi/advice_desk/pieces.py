"""Activities, e-mails and touchpoints of many records, sorted to the records they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from crm_client.records import Activity, Deal, Email, Touchpoint

Piece = TypeVar("Piece", Activity, Email, Touchpoint)


@dataclass(frozen=True)
class PiecesOf:
    """What belongs to one record."""

    activities: Sequence[Activity]
    emails: Sequence[Email]
    touchpoints: Sequence[Touchpoint]


class Pieces:
    """What belongs to all records of a batch, found by record."""

    def __init__(
        self, activities: Iterable[Activity], emails: Iterable[Email], touchpoints: Iterable[Touchpoint]
    ) -> None:
        self._activities, self._emails, self._touchpoints = _by(activities), _by(emails), _by(touchpoints)

    def of_deal(self, deal: Deal) -> PiecesOf:
        """The deal's own, and what its contact did that is about no deal."""
        wanted = (("deal", deal.id), ("alone", deal.contact_id))
        return PiecesOf(
            [one for key in wanted for one in self._activities.get(key, ())],
            [one for key in wanted for one in self._emails.get(key, ())],
            [one for key in wanted for one in self._touchpoints.get(key, ())],
        )

    def of_contact(self, contact_id: str) -> PiecesOf:
        return self._one(("contact", contact_id))

    def of_lead(self, lead_id: str) -> PiecesOf:
        return self._one(("lead", lead_id))

    def _one(self, key: tuple[str, str]) -> PiecesOf:
        return PiecesOf(self._activities.get(key, ()), self._emails.get(key, ()), self._touchpoints.get(key, ()))


def _by(pieces: Iterable[Piece]) -> dict[tuple[str, str], list[Piece]]:
    """By deal, by contact, by lead, and ("alone") by contact where it is about no deal."""
    found: dict[tuple[str, str], list[Piece]] = {}
    for piece in pieces:
        keys = [("deal", piece.deal_id), ("contact", piece.contact_id), ("lead", piece.lead_id)]
        if not piece.deal_id:
            keys.append(("alone", piece.contact_id))
        for key in keys:
            if key[1]:
                found.setdefault(key, []).append(piece)
    return found
