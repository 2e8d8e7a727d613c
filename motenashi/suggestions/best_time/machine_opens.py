"""Opens of mail by machines: how likely a person opened it, from how soon the open came.

Mail scanners and previews open within moments of the sending, people in their own time. Opens that a click followed
at once were a person's; how many of those come as soon as this, against later ones, tells how many of the opens
without click or reply can be a person's (a mixture of two delay distributions of which one is seen alone).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motenashi.sales_history.history import NEVER, Emails, Flags, Moments, Numbers

Bins = NDArray[np.int64]

# Bins of delay in seconds. What comes after an hour is taken for a person's.
EDGES = np.asarray([0, 30, 60, 120, 240, 480, 900, 3600], np.int64)
_CLICK_FOLLOWS = 600

# As if so many opens had been seen of which these shares were a person's; this is also what holds without any clicks.
_PRIOR_COUNT = 10.0
_PRIOR_SHARES = np.asarray([0.05, 0.05, 0.1, 0.3, 0.6, 0.9, 1.0, 1.0])


def human_chance(emails: Emails) -> Numbers:
    """For each mail: the probability that its first open was a person's (0 where none was seen)."""
    opened = emails.opened_at != NEVER
    delay = np.where(opened, emails.opened_at - emails.at, 0)
    place = np.clip(np.searchsorted(EDGES, delay, side="right") - 1, 0, len(EDGES) - 1).astype(np.int64)
    chance = _shares(emails, opened, place)[place]
    chance[_followed_at_once(emails)] = 1.0
    return np.where(opened, chance, 0.0)


def answered_otherwise(emails: Emails) -> Flags:
    """A person certainly saw it: clicked, opened it again or replied."""
    seen = (emails.clicked_at != NEVER) | (emails.opened_again_at != NEVER) | (emails.replied_at != NEVER)
    return np.asarray(seen, np.bool_)


def first_certain(emails: Emails) -> Moments:
    """When a person first clicked, opened again or replied; NEVER if not."""
    late = np.iinfo(np.int64).max
    several = [emails.clicked_at, emails.opened_again_at, emails.replied_at]
    first = np.min([np.where(one == NEVER, late, one) for one in several], axis=0)
    return np.where(first == late, NEVER, first).astype(np.int64)


def _followed_at_once(emails: Emails) -> Flags:
    """The open that a click followed within minutes was the clicker's, unless it came with the sending itself."""
    clicked = (emails.clicked_at != NEVER) & (emails.opened_at != NEVER)
    soon = emails.clicked_at - np.where(clicked, emails.opened_at, 0) <= _CLICK_FOLLOWS
    with_sending = emails.opened_at - emails.at < EDGES[2]
    return np.asarray(clicked & soon & ~with_sending, np.bool_)


def _shares(emails: Emails, opened: Flags, place: Bins) -> Numbers:
    """The share of persons among unconfirmed opens, for each bin of delay."""
    alone = np.bincount(place[opened & ~answered_otherwise(emails)], minlength=len(EDGES)).astype(np.float64)
    certain = np.bincount(place[_followed_at_once(emails)], minlength=len(EDGES)).astype(np.float64)
    if certain[-1] < _PRIOR_COUNT:  # too few clicks to learn from
        return _PRIOR_SHARES.copy()
    expected = certain * alone[-1] / certain[-1]
    seen = np.minimum(expected, alone) + _PRIOR_COUNT * _PRIOR_SHARES
    return np.asarray(seen / (alone + _PRIOR_COUNT), np.float64)
