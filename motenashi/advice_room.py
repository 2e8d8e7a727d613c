"""The parts of advice, put together for the web processes (who read and act) and for the worker (who thinks)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from crm_client.client import CrmClient
from motenashi.advice_answers import AdviceAnswers
from motenashi.advice_desk.desk import AdviceDesk
from motenashi.advice_desk.due import Due
from motenashi.advice_desk.follow_up import FollowUp
from motenashi.advice_desk.learning_state import LearningStates
from motenashi.advice_desk.switches import Switches
from motenashi.advice_desk.triggers import Triggers
from motenashi.advice_notices import DueReminders
from motenashi.advice_views import AdviceViews
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.database import Database
from motenashi.identity.embed_links import EmbedLinks
from motenashi.outgoing_mail.mail import Mail
from motenashi.settings import Settings

if TYPE_CHECKING:  # these load numpy, which no web process should
    from motenashi.advice_desk.learning import Learning, LearningDone
    from motenashi.advice_desk.recompute import Recompute


@dataclass(frozen=True)
class AdviceRoom:
    """What a web process needs of it, and the jobs that any process may run."""

    desk: AdviceDesk
    views: AdviceViews
    answers: AdviceAnswers
    reminders: DueReminders
    links: EmbedLinks
    triggers: Triggers
    due: Due
    follow_up: FollowUp


def build_advice_room(
    settings: Settings,
    database: Database,
    crm: CrmClient,
    hours: BusinessHours,
    triggers: Triggers,
    secret_key: bytes,
    send: Callable[[Mail], object],
) -> AdviceRoom:
    switches = Switches(database, settings.advice_desk)
    desk = AdviceDesk(database, crm, switches, settings.advice_desk, send=send)
    views = AdviceViews(desk, crm, hours, database)
    links = EmbedLinks([secret_key.decode()], timedelta(minutes=settings.embed.minutes_valid))
    return AdviceRoom(
        desk=desk,
        views=views,
        answers=AdviceAnswers(desk, crm, views, links, address=settings.server.public_url),
        reminders=DueReminders(desk, crm),
        links=links,
        triggers=triggers,
        due=Due(database),
        follow_up=FollowUp(database, crm, settings.advice_desk),
    )


def learning_of(settings: Settings, database: Database) -> Learning:
    """For the worker and the command line; loads numpy."""
    from motenashi.advice_desk.learning import Learning

    return Learning(
        database,
        settings.business_hours,
        settings=settings.advice_desk,
        learning=settings.next_best_action,
        times=settings.best_time,
    )


def learn_here(
    settings: Settings, database: Database, progress: Callable[[str, float], None] = lambda step, share: None
) -> LearningDone:
    """Learn in this process; others see how far it is. AlreadyLearning; CrmError and DBAPIError."""
    from motenashi.advice_desk.learning import AlreadyLearning

    states = LearningStates(database)
    told = _Telling(states, progress)
    try:
        done = learning_of(settings, database).run(told, began=lambda: states.began(now=datetime.now(UTC)))
    except AlreadyLearning:
        raise
    except (Exception, KeyboardInterrupt) as error:
        states.failed(f"{type(error).__name__}: {error}", now=datetime.now(UTC))
        raise
    states.succeeded(asdict(done), now=datetime.now(UTC))
    return done


class _Telling:
    """Tells a terminal each step, and other processes each whole percent."""

    def __init__(self, states: LearningStates, progress: Callable[[str, float], None]) -> None:
        self._states = states
        self._progress = progress
        self._told = -1

    def __call__(self, step: str, share: float) -> None:
        self._progress(step, share)
        if (percent := int(share * 100)) != self._told:
            self._told = percent
            self._states.doing(step, share)


def recompute_of(settings: Settings, database: Database, crm: CrmClient, hours: BusinessHours) -> Recompute:
    """For the worker; loads numpy."""
    from motenashi.advice_desk.making import AdviceMaker
    from motenashi.advice_desk.recompute import Recompute
    from motenashi.advice_desk.thinking import LearnedHere

    switches = Switches(database, settings.advice_desk)
    learned = LearnedHere(
        database,
        settings.business_hours,
        switches=switches,
        learning=settings.next_best_action,
        times=settings.best_time,
    )
    make = AdviceMaker(hours, settings.advice_desk, settings.advice)
    return Recompute(database, crm, learned, make, switches=switches, settings=settings.advice_desk)
