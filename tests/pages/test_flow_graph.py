"""The picture of a flow: layers, places, lines and signs."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motenashi.pages.flow_graph import NODE_WIDTH, Box, Line, Picture, Step, draw, shorten


def steps(*names: str) -> list[Step]:
    return [Step(name) for name in names]


def lines(*pairs: str) -> list[Line]:
    """'a>b' or 'a>b: words'."""
    made = []
    for pair in pairs:
        ends, _, words = pair.partition(": ")
        source, _, target = ends.partition(">")
        made.append(Line(source, target, words))
    return made


def box(picture: Picture, name: str) -> Box:
    return next(box for box in picture.boxes if box.id == name)


def test_each_step_stands_below_the_one_it_follows() -> None:
    picture = draw(steps("a", "b", "c"), lines("a>b", "b>c"))

    assert box(picture, "a").y < box(picture, "b").y < box(picture, "c").y
    assert box(picture, "a").x == box(picture, "b").x == box(picture, "c").x


def test_a_choice_spreads_below_its_question() -> None:
    picture = draw(steps("menu", "left", "middle", "right"), lines("menu>left", "menu>middle", "menu>right"))

    assert box(picture, "left").x < box(picture, "middle").x < box(picture, "right").x
    assert box(picture, "menu").middle == box(picture, "middle").middle


def test_the_shortest_way_counts() -> None:
    picture = draw(steps("a", "b", "c"), lines("a>b", "b>c", "a>c"))

    assert box(picture, "b").y == box(picture, "c").y
    assert [sign.arrow for sign in box(picture, "b").signs] == ["→"]


def test_ways_back_and_out_are_signs_and_not_lines() -> None:
    picture = draw(steps("menu", "orders"), lines("menu>orders: Orders", "orders>menu", "orders>other_flow"))

    assert [(curve.source, curve.target, curve.words) for curve in picture.curves] == [("menu", "orders", "Orders")]
    assert [(sign.arrow, sign.target) for sign in box(picture, "orders").signs] == [("↩", "menu"), ("↗", "other_flow")]


def test_two_ways_to_one_step_are_one_line_with_both_words() -> None:
    picture = draw(steps("a", "b"), lines("a>b: yes", "a>b: of course", "a>b: yes"))

    assert [curve.words for curve in picture.curves] == ["yes / of course"]


def test_a_step_that_cannot_be_reached_stands_last_and_says_so() -> None:
    picture = draw(steps("a", "lost", "b"), lines("a>b", "lost>a"))

    assert not box(picture, "lost").reachable
    assert box(picture, "lost").y > box(picture, "b").y


def test_a_loop_of_one_step_is_a_sign() -> None:
    assert [sign.target for sign in box(draw(steps("a"), lines("a>a")), "a").signs] == ["a"]


def test_a_flow_without_steps_is_an_empty_picture() -> None:
    assert draw([], []).boxes == ()


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("short", "short"),
        ("exactly ten", "exactly t…"),
        ("ご購入履歴", "ご購入履歴"),
        ("ご購入いただいた商品", "ご購入い…"),
    ],
)
def test_words_are_cut_to_fit_and_full_width_letters_count_two(text: str, short: str) -> None:
    assert shorten(text, 10) == short


NAMES = st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=10, unique=True)
PAIRS = st.lists(st.tuples(st.sampled_from("abcdefghijz"), st.sampled_from("abcdefghijz")), max_size=30)


@given(names=NAMES, pairs=PAIRS)
@settings(max_examples=150, deadline=None)
def test_whatever_the_flow_every_step_has_its_own_place_and_no_way_is_lost(
    names: list[str], pairs: list[tuple[str, str]]
) -> None:
    picture = draw(steps(*names), [Line(source, target) for source, target in pairs])
    shown = {(curve.source, curve.target) for curve in picture.curves}
    shown |= {(box.id, sign.target) for box in picture.boxes for sign in box.signs}

    assert sorted(box.id for box in picture.boxes) == sorted(names)
    assert shown == {(source, target) for source, target in pairs if source in names}
    for left, right in pairwise(sorted(picture.boxes, key=lambda box: (box.y, box.x))):
        assert left.y < right.y or left.x + NODE_WIDTH < right.x
    assert all(box.x > 0 and box.x + box.width < picture.width for box in picture.boxes)
    assert all(box.y > 0 and box.y + box.height < picture.height for box in picture.boxes)
