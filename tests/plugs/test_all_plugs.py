"""The picture of what designers rely on: every plug with its inputs and outputs."""

from __future__ import annotations

from motenashi.plug_contract import Plug, PlugValue
from motenashi.plug_types.schema import inputs_schema, outputs_schema, salesiq_type
from plugs.all_plugs import ALL_PLUGS


def signature(plug: Plug) -> str:
    taken = ", ".join(value.name + ("" if value.required else "?") for value in plug.inputs)
    return f"{plug.name}({taken}) -> {', '.join(value.name for value in plug.outputs)}; {plug.reveals}"


def test_what_flows_rely_on_is_unchanged() -> None:
    """If this differs on purpose: tell designers in the changelog."""
    assert [signature(plug) for plug in ALL_PLUGS] == [
        "identify_visitor(email?, phone?, name?) -> kind, record_id, first_name, addressed_as, matched_by; nothing",
        "past_orders(contact_id, limit?) -> products, count, text; personal",
        "exploring_products(contact_id, limit?) -> products, count, text; personal",
        "popular_products(by?, category?, limit?) -> products, count, text; nothing",
    ]


def test_every_input_and_output_says_what_it_means() -> None:
    values: list[PlugValue] = [value for plug in ALL_PLUGS for value in (*plug.inputs, *plug.outputs)]

    assert [value.name for value in values if not value.meaning] == []
    assert [plug.name for plug in ALL_PLUGS if not plug.description] == []


def test_every_plug_can_be_described_to_others() -> None:
    for plug in ALL_PLUGS:
        assert set(inputs_schema(plug)["properties"]) == {value.name for value in plug.inputs}
        assert set(outputs_schema(plug)["properties"]) == {value.name for value in plug.outputs}
    products = next(value for value in ALL_PLUGS[1].outputs if value.name == "products")
    assert salesiq_type(products.type) == "optionlist"
