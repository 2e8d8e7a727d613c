"""Steps that ask or change something outside: `plug`, `http`, `answer_bot`, `book`, `forward_to_operator`, the CRM."""

from __future__ import annotations

from datetime import timedelta

import pytest

from motenashi.conversation.assurance import Assurance, Identity
from motenashi.conversation.input_cards import DateTimeSlots
from motenashi.conversation.reply import Action
from motenashi.flow_engine.services import FaqAnswer, HandOver, HttpAnswer, HttpCall, ServiceFailed, Slot, Taken
from motenashi.plug_contract import PlugCall
from tests.flow_engine.small_talk import HARUKA, MONDAY, SALESIQ, Talk, World, steps

VERIFIED = Identity(Assurance.VERIFIED, HARUKA, "token")


def test_a_plug_gets_the_values_of_the_talk_and_its_outputs_are_kept() -> None:
    world = World(plugs={"shop": {"count": 2}})
    flow = steps(
        "  a: {plug: shop, with: {who: $visitor.email, none: $nowhere, n: 5}, save: found}\n"
        "  b: {say: '{{ found.count }}'}\n"
    )
    assert Talk(flow, world=world, email=HARUKA, language="ja").opens() == ["2"]
    call = world.asked[0]
    assert isinstance(call, PlugCall)
    assert (call.inputs, call.language, call.identity.email) == ({"who": HARUKA, "n": 5}, "ja", HARUKA)
    assert call.key == "talk-1/delivery-1/plug:shop/1"


def test_products_are_shown_as_tiles_with_buttons_and_an_empty_list_in_words() -> None:
    flow = steps(
        "  a: {plug: shop, save: found}\n  b:\n    say: Ours\n    products: $found.products\n"
        "    buttons: [{label: View, url: '/p/{{ item.id }}'}]\n    when_empty: None today.\n"
    )
    products = [{"id": "p1", "title": "Notebook 14", "url": "javascript:alert(1)"}, {"title": "Dock"}, {"no": "title"}]
    talk = Talk(flow, world=World(plugs={"shop": {"products": products}}))
    assert talk.opens() == ["Ours [Notebook 14, Dock]"]
    tile = talk.last.reply.displays[0].products[0]  # type: ignore[union-attr]
    assert (tile.url, tile.buttons[0].url, tile.buttons[0].kind) == ("", "/p/p1", "url")
    assert Talk(flow, world=World(plugs={"shop": {"products": []}})).opens() == ["None today."]


HTTP = """  a:
    http:
      url: "https://api.example.com/orders/{{ visitor.name }}"
      method: POST
      query: {q: $visitor.email}
      body: {n: 1, who: "{{ visitor.email }}"}
    map: {title: items.0.title, missing: items.9.title}
    save: order
    on_error: c
  b: {say: "{{ order.title }}."}
  d: {end_chat: {}}
  c: {say: Not now.}
"""


def test_http_sends_what_the_designer_wrote_and_keeps_parts_of_the_answer() -> None:
    world = World(http=HttpAnswer(201, {"items": [{"title": "Dock"}]}))
    talk = Talk(steps(HTTP.replace("visitor.name", "visitor.email")), world=world, email="a/b?c@example.com")
    assert talk.opens() == ["Dock."]
    call = world.asked[0]
    assert isinstance(call, HttpCall)
    assert call.url == "https://api.example.com/orders/a%2Fb%3Fc%40example.com"
    assert (call.method, call.query, call.body) == (
        "POST",
        {"q": "a/b?c@example.com"},
        {"n": 1, "who": "a/b?c@example.com"},
    )
    assert call.key.startswith("talk-1/delivery-1/http")
    assert talk.variables["order"] == {"title": "Dock", "missing": None}


@pytest.mark.parametrize("answer", [HttpAnswer(404, None), HttpAnswer(500, "oops"), ServiceFailed("timeout")])
def test_http_that_fails_goes_the_way_for_it(answer: HttpAnswer | ServiceFailed) -> None:
    talk = Talk(steps(HTTP), world=World(http=answer))
    assert talk.opens() == ["Not now."]
    assert talk.path[0] == "a: on_error"


def test_an_expected_status_is_no_failure_and_a_get_has_no_key() -> None:
    flow = steps(
        "  a: {http: {url: 'https://api.example.com/x', expect: [404]}, save: found}\n  b: {say: '{{ found }}'}\n"
    )
    world = World(http=HttpAnswer(404, "nothing here"))
    assert Talk(flow, world=world).opens() == ["nothing here"]
    assert world.asked[0].key == ""


BOT = """  a: {answer_bot: {}, save: faq, on_unsure: c}
  b: {say: More., then: d}
  c: {say: I do not know.}
  d: {end_chat: {}}
"""


def test_a_sure_answer_is_given_with_where_to_read_more() -> None:
    talk = Talk(steps(BOT), world=World(faq=FaqAnswer("Two days.", "How long?", 0.9, True, url="/delivery")))
    assert talk.opens() == ["What would you like to know?"]
    assert talk.says("how long does it take") == ["Two days.", "Links", "More."]
    assert talk.variables["faq"] == {"question": "how long does it take", "answer": "Two days.", "sure": True}


def test_an_unsure_answer_asks_back_once_and_then_gives_up() -> None:
    unsure = FaqAnswer("", "", 0.4, False, others=("Delivery time?", "Delivery price?"))
    talk = Talk(steps(BOT), world=World(faq=unsure))
    talk.opens()
    assert talk.says("delivery") == ["Did you mean one of these?"]
    assert talk.chips == ("Delivery time?", "Delivery price?", "None of these")
    assert talk.says("None of these")[0] == "I do not know."


def test_a_question_that_is_known_already_is_not_asked_for() -> None:
    flow = steps(BOT.replace("answer_bot: {}", "answer_bot: {question: $message.text}"))
    talk = Talk(flow, world=World(faq=ServiceFailed("pages_away")))
    assert talk.says("how long")[0] == "I do not know."
    assert talk.path[0] == "a: unsure"


SLOTS = [Slot(MONDAY + timedelta(hours=hours), MONDAY + timedelta(hours=hours, minutes=30)) for hours in (24, 25)]
BOOK = """  a: {book: {appointment: consultation, days: 3}, save: slot, on_none: c}
  b: {say: 'Until {{ slot.when }}.'}
  d: {end_chat: {}}
  c: {say: No time.}
"""


def picks(talk: Talk) -> list[str]:
    return talk.says("", card={"date": "2026-11-17", "time": "01:00"})


def test_a_free_slot_is_offered_booked_and_kept() -> None:
    talk = Talk(steps(BOOK), world=World(slots=SLOTS), email=HARUKA)
    talk.opens()
    assert talk.last.reply.input == DateTimeSlots({"2026-11-17": ("01:00", "02:00")}, "UTC", title="Free times")
    said = picks(talk)
    assert said[-1] == "Until Tuesday 17 November, 01:00 (UTC)."
    asked = talk.world.asked[-1]
    assert (asked["slot"], asked["email"], asked["key"]) == (SLOTS[0], HARUKA, "talk-1/delivery-2/book/1")
    assert talk.variables["slot"]["event_id"] == "event-1"


def test_no_slots_or_no_diary_lead_elsewhere() -> None:
    assert Talk(steps(BOOK)).opens() == ["No time."]
    talk = Talk(steps(BOOK), world=World(slots=SLOTS, booking=ServiceFailed("crm_away")))
    talk.opens()
    assert picks(talk)[-1] == "No time."


def test_a_slot_that_somebody_else_took_is_said_and_the_others_offered() -> None:
    talk = Talk(steps(BOOK), world=World(slots=SLOTS, booking=Taken("faster")))
    talk.opens()
    talk.world.slots = SLOTS[1:]
    assert picks(talk) == ["Somebody was a moment faster. These times are still free:"]
    assert talk.last.reply.input == DateTimeSlots({"2026-11-17": ("02:00",)}, "UTC", title="Free times")


FORWARD = """  s: {set: {person: {kind: contact, record_id: '7'}}}
  a:
    forward_to_operator: {department: sales, operators: [aki@example.com], summary: "Asks: {{ message.text }}"}
    say: Somebody comes.
    when_unavailable: c
  c: {say: Nobody is there.}
"""


def test_a_hand_over_tells_the_operator_who_and_why() -> None:
    talk = Talk(steps(FORWARD))
    assert talk.says("a quote, please") == ["Somebody comes."]
    reply, asked = talk.last.reply, talk.world.asked[0]
    assert (reply.action, reply.department, reply.operators) == (Action.FORWARD, "sales", ("aki@example.com",))
    assert isinstance(asked, HandOver)
    assert (asked.contact_id, asked.lead_id, asked.summary, asked.reason) == (
        "7",
        "",
        "Asks: a quote, please",
        "start.a",
    )


@pytest.mark.parametrize("somebody", [False, ServiceFailed("database")])
def test_without_anybody_there_the_flow_goes_on_unless_the_platform_hands_over(somebody: bool | ServiceFailed) -> None:
    assert Talk(steps(FORWARD), world=World(somebody=somebody)).opens() == ["Nobody is there."]
    assert Talk(steps(FORWARD), world=World(somebody=somebody), channel=SALESIQ).opens() == ["Somebody comes."]


def test_after_a_hand_over_words_begin_a_new_talk() -> None:
    talk = Talk(steps("  hello: {say: Hello.}\n" + FORWARD))
    talk.opens()
    assert talk.session.ended == "forward"
    assert talk.says("still there?")[0] == "Hello."


LEAD = """  a: {create_lead: {last_name: Mori, company: '', note: $message.text}, save: lead, on_error: c}
  b: {say: 'Lead {{ lead.lead_id }}.'}
  d: {end_chat: {}}
  c: {say: Not now.}
"""


def test_a_lead_is_written_with_what_the_visitor_told_and_a_key() -> None:
    talk = Talk(steps(LEAD), email=HARUKA)
    assert talk.says("please call me") == ["Lead lead-1."]
    assert talk.world.asked == [
        (
            "lead",
            {"email": HARUKA, "language": "en", "last_name": "Mori", "note": "please call me", "company": "?"},
            "talk-1/delivery-1/lead/1",
        )
    ]


def test_a_crm_that_is_away_takes_no_lead_and_says_so() -> None:
    assert Talk(steps(LEAD), world=World(crm=ServiceFailed("crm_away"))).opens() == ["Not now."]


UPDATE = """  a: {update_record: {module: MODULE, id: '7', fields: {mobile: '1'}}, on_error: c}
  b: {say: Changed.}
  d: {end_chat: {}}
  c: {say: Refused.}
"""


@pytest.mark.parametrize(
    ("module", "identity", "said"),
    [
        ("contacts", VERIFIED, "Changed."),
        ("contacts", Identity(Assurance.CLAIMED, HARUKA), "Refused."),
        ("contacts", Identity(Assurance.VERIFIED, "other@example.com"), "Refused."),
        ("leads", Identity(), "Refused."),
        ("deals", VERIFIED, "Changed."),
        ("deals", Identity(Assurance.CLAIMED, HARUKA), "Refused."),
        ("deals", Identity(Assurance.VERIFIED, "other@example.com"), "Refused."),
        ("accounts", Identity(Assurance.CLAIMED, HARUKA), "Refused."),
    ],
)
def test_nobody_changes_somebody_elses_record(module: str, identity: Identity, said: str) -> None:
    world = World(emails={"7": [HARUKA]})
    talk = Talk(steps(UPDATE.replace("MODULE", module)), world=world, identity=identity)
    assert talk.opens() == [said]
    assert bool(world.asked) == (said == "Changed.")


def test_a_records_change_that_the_crm_refuses_goes_its_way() -> None:
    world = World(emails={"7": [HARUKA]}, crm=ServiceFailed("crm_away"))
    assert Talk(steps(UPDATE.replace("MODULE", "contacts")), world=world, identity=VERIFIED).opens() == ["Refused."]


def test_pictures_links_files_and_articles_are_shown_and_dangerous_addresses_left_out() -> None:
    flow = steps(
        "  a: {say: Look, image: /a.png}\n  b: {video: 'https://example.com/v.mp4'}\n"
        "  c: {file: {url: /a.pdf, name: A}}\n"
        "  d: {say: More, links: [{url: /x, text: X}, {url: 'javascript:alert(1)', text: Y},"
        " {url: '//evil', text: Z}]}\n"
        "  e: {articles: [{id: '9', title: How}]}\n"
    )
    talk = Talk(flow)
    assert talk.opens() == ["Look", "Video", "File", "Links", "Articles"]
    assert [link.url for link in talk.last.reply.displays[3].links] == ["/x"]  # type: ignore[union-attr]


def test_personal_http_is_not_even_asked_for_somebody_unverified() -> None:
    world = World(http=HttpAnswer(200, {"items": [{"title": "Dock"}]}))
    talk = Talk(
        steps(HTTP.replace("    save: order", "    reveals: personal\n    save: order")),
        world=world,
        email="a@b.example",
    )

    assert talk.opens() == ["Not now."]
    assert world.asked == []


def test_an_answer_too_long_to_keep_is_not_kept_and_nothing_old_stands_in_for_it() -> None:
    flow = steps(
        "  a: {set: {found: old}}\n"
        "  b: {http: {url: 'https://api.example.com/x'}, save: found}\n"
        "  c: {say: 'Found: {{ found or \"nothing\" }}.'}\n"
    )

    assert Talk(flow, world=World(http=HttpAnswer(200, "x" * 60_000))).opens() != ["Found: nothing."]
    assert Talk(flow, world=World(http=HttpAnswer(200, ["x" * 1000] * 70))).opens() == ["Found: nothing."]
