"""What the page /touchpoints asks of the tables, on each kind of database."""

from __future__ import annotations

from datetime import timedelta

from crm_client.records import Account, Contact
from motenashi.database import Database
from motenashi.touchpoint_intake.refusals import forget_refused
from motenashi.touchpoint_intake.settings import TouchpointSettings
from motenashi.touchpoint_views import TouchpointViews
from tests.touchpoint_intake.intake_room import NOW, Room, row


def test_what_the_page_asks(database: Database) -> None:
    room = Room(database)
    views = TouchpointViews(database, room.intake.waiting, clock=lambda: NOW)
    room.crm.save_account(Account("a1", "Contoso Ltd"))
    room.crm.save_contact(Contact("may", "Mori", "May", account_id="a1"))
    nobody = {"email": "nobody@example.net", "phone": "090-1111-2222"}
    room.send(row(1), row(2, who=nobody, title="Backups"), row(3, who=nobody), row(4, channel="webinr"))

    overview = views.overview(30)
    assert (overview.waiting, overview.refused, overview.aside) == (2, 1, 0)
    assert [(one.channel, one.stored, one.waiting, one.refused) for one in overview.sources] == [
        ("", 0, 0, 1),
        ("webinar", 1, 2, 0),
    ]
    newest, oldest = views.waiting()
    assert views.waiting("BACKUPS") == [oldest] and views.waiting("090 1111 2222") == [newest, oldest]
    found = views.waiting_row(oldest.number)
    assert found is not None and found.others == 1
    assert [(one.id, one.detail) for one in views.people("contoso may")] == [("may", "Contoso Ltd")]
    assert views.set_aside(newest.number) and views.waiting(aside=True)[0].number == newest.number
    assert views.assign(newest.number, "contact", "may") == 2
    assert views.assign(newest.number, "contact", "gone") is None
    assert [one.problems[0][0] for one in views.refused("ja")] == ["channel"]
    assert forget_refused(database, TouchpointSettings(), NOW + timedelta(days=40)) == 1
