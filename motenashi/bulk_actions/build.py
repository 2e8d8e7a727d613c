"""The parts of bulk actions put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from crm_client.client import CrmClient
from motenashi.bulk_actions.best_hours import BestHours
from motenashi.bulk_actions.bounces import Bounces
from motenashi.bulk_actions.changes import Changes
from motenashi.bulk_actions.deciding import Deciding
from motenashi.bulk_actions.deeds import Deeds
from motenashi.bulk_actions.desk import BulkDesk
from motenashi.bulk_actions.gather import Gather
from motenashi.bulk_actions.mails import Mails
from motenashi.bulk_actions.pace import Pace
from motenashi.bulk_actions.planning import Planning
from motenashi.bulk_actions.plans import Plans
from motenashi.bulk_actions.refusals import Refusals
from motenashi.bulk_actions.results import Results
from motenashi.bulk_actions.runner import BulkRunner
from motenashi.bulk_actions.selection import Filters
from motenashi.bulk_actions.settings import BulkSettings
from motenashi.bulk_actions.sorting import Sorting
from motenashi.bulk_actions.stop_links import StopDesk, StopLinks
from motenashi.bulk_actions.tasks import Tasks
from motenashi.bulk_actions.timing import Timing
from motenashi.bulk_actions.words import Language
from motenashi.bulk_actions.working import Working
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.database import Database
from motenashi.outgoing_mail.followed_mail import FollowedMail
from motenashi.outgoing_mail.mail import Mail


@dataclass(frozen=True)
class BulkRoom:
    desk: BulkDesk
    runner: BulkRunner
    stopping: StopDesk
    refusals: Refusals


def build_bulk_actions(
    settings: BulkSettings,
    database: Database,
    crm: CrmClient,
    filters: Filters,
    hours: BusinessHours,
    send: Callable[[Mail], object],
    followed: FollowedMail,
    *,
    signing_keys: Sequence[str],
    address: str,
    zone: tzinfo,
    custom_fields: Sequence[str] = (),
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> BulkRoom:
    """`address`: this server's own from outside (server.public_url), for the links that stop mail; `zone` the house's;
    `custom_fields` those of crm.embedded.custom_fields; `signing_keys`: the last one signs those links."""
    plans, refusals, links = Plans(database), Refusals(database), StopLinks(signing_keys, address)
    gather, best_hours = Gather(crm, custom_fields), BestHours(database, hours)
    footers: dict[Language, str] = {"en": settings.footer_en, "ja": settings.footer_ja}
    deciding = Deciding(gather, refusals, Bounces(database), links, footers)
    results = Results(plans, followed, refusals, crm)
    sorting = Sorting(plans, deciding)
    working = Working(
        plans,
        deciding,
        Mails(plans, send, followed, links),
        Changes(plans, crm, gather),
        Tasks(plans, crm, zone),
        Timing(plans, filters, gather, best_hours),
        Pace(database, settings.mails_per_minute),
    )
    planning = Planning(plans, filters, crm, gather, links, settings, custom_fields, zone)
    deeds = Deeds(plans, results, settings)
    return BulkRoom(
        BulkDesk(plans, filters, planning, sorting, deciding, deeds, gather, best_hours, settings),
        BulkRunner(plans, sorting, working, results),
        StopDesk(links, refusals, clock=clock),
        refusals,
    )
