"""Evidence as counts for learning and for asking: people x places in time, on the person's clock and on ours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from motenashi.sales_history.history import Codes, Flags, Moments, Numbers
from motenashi.suggestions.best_time.answer_model import Cells
from motenashi.suggestions.best_time.evidence import Attempts, Evidence, Sightings
from motenashi.suggestions.best_time.local_clock import HALF_HOURS, half_hours_by_zone, weekdays_and_hours
from motenashi.suggestions.best_time.profiles import Counted, Tried
from motenashi.suggestions.best_time.signals import SIGHTINGS

# Somebody seen so often tells half as much with each further sighting: visits come in bursts.
_MANY = 40.0
_A_WEEK = 7 * 24


def counted(evidence: Evidence, organisation_zone: str, persons: Codes, zone_of: Codes, *, aging: bool) -> Counted:
    """The evidence of `persons` (rows of the result in that order), each on the clock of `zone_of` (by person, codes
    of the people's zones); what belongs to others or has no zone is left out.

    `aging`: everything counts less the longer ago it was, and further sightings of somebody seen often tell less.
    Learning counts everything in full: profiles are told apart by what belongs to one person together, and evidence
    watered down one by one makes them all alike.
    """
    place = np.full(len(evidence.people) + 1, -1, np.int32)
    place[persons] = np.arange(len(persons))
    where = _Where(place, len(persons), evidence.people.zones, zone_of, organisation_zone)
    tried = {channel: _tried(one, where, aging=aging) for channel, one in evidence.attempts.items()}
    return Counted(_seen(evidence.sightings, where, aging=aging), tried)


@dataclass(frozen=True)
class _Where:
    """Whose row is where (-1: not asked for), and whose clock is which."""

    place: Codes
    people: int
    zones: tuple[str, ...]
    zone_of: Codes
    organisation_zone: str

    def wanted(self, person: Codes) -> Flags:
        return np.asarray((self.place[person] >= 0) & (self.zone_of[person] >= 0), np.bool_)

    def half_hours(self, person: Codes, at: Moments) -> Codes:
        return half_hours_by_zone(self.zones, self.zone_of[person], at)


def _seen(sightings: Sightings, where: _Where, *, aging: bool) -> sparse.csr_array:
    here = sightings.only(where.wanted(sightings.person))
    row, weight = where.place[here.person], here.sure
    if aging:
        total = np.bincount(row, weight, minlength=where.people)
        weight = weight * here.weight / (1 + total[row] / _MANY)
    column = here.kind * HALF_HOURS + where.half_hours(here.person, here.at)
    return _counts(row, column, weight, (where.people, SIGHTINGS * HALF_HOURS))


def _tried(attempts: Attempts, where: _Where, *, aging: bool) -> Tried:
    here = attempts.only(where.wanted(attempts.person))
    weekday, hour = weekdays_and_hours(where.organisation_zone, here.at)
    code = where.half_hours(here.person, here.at) * _A_WEEK + weekday * 24 + hour
    codes, column = np.unique(code, return_inverse=True)
    cells = Cells(codes // _A_WEEK, codes % _A_WEEK // 24, codes % 24)
    shape, row = (where.people, len(cells)), where.place[here.person]
    weight = here.weight if aging else np.ones(len(row))
    answered = _counts(row, column, weight * here.answered, shape)
    return Tried(cells, answered, _counts(row, column, weight * (1 - here.answered), shape))


def _counts(row: Codes, column: Codes, weight: Numbers, shape: tuple[int, int]) -> sparse.csr_array:
    return sparse.csr_array(sparse.coo_array((weight, (row, column)), shape=shape))
