"""`/flows` and a flow's own page, as people and screen readers find them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from motenashi.pages.flows_page import FlowEdge, FlowNode, FlowView, own_lines
from motenashi.problems import Problem

MENU = FlowNode(
    "menu", "choices", {"en": "How may we help?", "ja": "ご用件をお選びください。"}, 4, "menu:\n  say: <b>hi</b>", True
)
ORDERS = FlowNode("orders", "plug", {"": "past_orders"}, 9, "orders:\n  plug: past_orders", False)
CONTACT = FlowView(
    id="contact",
    title={"en": "Existing customer", "ja": "既存のお客様"},
    file="flows/contact.yaml",
    version="9f3ac01b77d2aa",
    went_live_at=datetime(2026, 5, 10, 20, 0, tzinfo=UTC),
    conversations_on_it=1284,
    steps=2,
    steps_covered=92.3,
    branches_covered=None,
    nodes=(MENU, ORDERS),
    edges=(
        FlowEdge("menu", "orders", {"en": "Orders", "ja": "ご注文"}),
        FlowEdge("orders", "lead"),
        FlowEdge("orders", "away"),
    ),
)
LEAD = FlowView("lead", {"": "Lead"}, "flows/lead.yaml")
BROKEN = replace(
    LEAD,
    problems=(
        Problem(
            "flows/lead.yaml", 14, "step 'x' calls plug '<y>'.", "Did you mean 'z'?", ("visitor: hello", "bot: hi")
        ),
    ),
)


def test_without_flows_the_page_says_how_to_begin(house: Any) -> None:
    assert "No flows yet" in house.staff().get("/flows").text


def test_each_flow_shows_version_time_conversations_and_coverage(house: Any) -> None:
    house.flows[:] = [CONTACT, LEAD]
    text = house.staff().get("/flows").text

    for shown in ("Existing customer", "9f3ac01b77", "1,284", "May 11, 2026", "92%", "not tested yet", "Not live"):
        assert shown in text
    assert "Everything is in order" in text


def test_problems_stand_with_file_line_cure_and_evidence(house: Any) -> None:
    house.flows[:] = [CONTACT, BROKEN]
    client = house.staff()

    assert "There is 1 problem in the files." in client.get("/flows").text
    text = client.get("/flows/lead").text
    for shown in (
        "flows/lead.yaml:14",
        "plug &#39;&lt;y&gt;&#39;",
        "Did you mean &#39;z&#39;?",
        "visitor: hello\nbot: hi",
    ):
        assert shown in text


def test_a_warning_is_told_but_alarms_nobody(house: Any) -> None:
    hint = Problem("flows/contact.yaml", 9, "step 'orders' has no way back.", severity="warning")
    house.flows[:] = [replace(CONTACT, problems=(hint,)), replace(LEAD, problems=(hint,))]
    client = house.staff()
    listed, shown = client.get("/flows").text, client.get("/flows/contact").text

    assert "Everything is live. There is 1 hint worth a look." in listed
    assert "chip-warn" in listed
    assert "has-problems" not in listed
    assert "has no way back" in shown
    assert "sheet-bad" not in shown


def test_a_file_in_which_no_flow_could_be_read_has_a_page_too(house: Any) -> None:
    file = "flows/broken.yaml"
    house.flows[:] = [FlowView(file, {"": file}, file, problems=(Problem(file, 3, "this is not readable YAML."),))]
    client = house.staff()

    assert "not readable YAML" in client.get("/flows/flows/broken.yaml").text
    assert 'href="/flows/flows/broken.yaml"' in client.get("/flows").text


def test_the_graph_names_itself_and_every_step_and_links_to_its_lines(house: Any) -> None:
    house.flows[:] = [CONTACT, LEAD]
    text = house.staff().get("/flows/contact").text
    svg = re.search(r'<svg class="graph".*?</svg>', text, re.DOTALL)
    assert svg
    graph = ET.fromstring(svg[0])

    assert graph.findtext("title") == "Existing customer"
    assert graph.findtext("desc")
    labels = [link.get("aria-label") for link in graph.iter("a") if link.get("aria-label")]
    assert labels == ["menu: Offers choices", "orders: Looks up"]
    links = {link.get("href") for link in graph.iter("a")}
    assert links == {"#step-menu", "#step-orders", "/flows/lead"}
    assert 'id="step-menu"' in text
    assert "say: &lt;b&gt;hi&lt;/b&gt;" in text
    assert "flows/contact.yaml:4" in text


def test_the_same_steps_stand_in_a_table(house: Any) -> None:
    house.flows[:] = [CONTACT]
    table = house.staff().get("/flows/contact").text.split("<tbody>")[1]

    assert table.count("<tr>") == 2
    assert "How may we help?" in table


def test_the_page_speaks_japanese(house: Any) -> None:
    house.flows[:] = [CONTACT]
    text = house.staff().get("/flows/contact?lang=ja").text

    for shown in (
        '<html lang="ja">',
        "既存のお客様",
        "ご用件をお選びください。",
        "選択肢の提示",
        "ご注文",
        "2026/05/11 5:00",
    ):
        assert shown in text


def test_no_style_or_script_stands_in_the_page(house: Any) -> None:
    """The content security policy would stop it, and the page would look broken."""
    house.flows[:] = [CONTACT, BROKEN]
    client = house.staff()
    for path in ("/flows", "/flows/contact", "/flows/lead", "/staff", "/staff/password", "/dev/outbox", "/login", "/x"):
        text = client.get(path).text
        assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=", text), path


def test_a_steps_lines_begin_at_the_margin_and_end_before_the_next_steps_comment() -> None:
    written = "  menu:\n    # why\n    say: hello\n\n  # Orders are personal.\n"

    assert own_lines(written) == "menu:\n  # why\n  say: hello"


def test_an_unknown_flow_is_a_404(house: Any) -> None:
    assert house.staff().get("/flows/nobody").status_code == 404
