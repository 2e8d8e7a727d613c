"""Hypothesis strategies for every Reply a flow could make: all cards, wild texts, too many options, odd addresses."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from motenashi.conversation.display_cards import (
    Article,
    Articles,
    Button,
    Display,
    File,
    Image,
    Link,
    Links,
    Place,
    Products,
    ProductTile,
    SingleProduct,
    Text,
    Video,
)
from motenashi.conversation.input_cards import (
    Calendar,
    DateTimeSlots,
    DropDown,
    Form,
    HappinessRating,
    InputCard,
    Like,
    LocationInput,
    MultipleSelect,
    Option,
    Question,
    RangeCalendar,
    RangeSlider,
    Select,
    Slider,
    StarRating,
    TextInput,
    TimeSlots,
    Upload,
)
from motenashi.conversation.reply import Action, Reply

WORDS = st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.sampled_from(["\0", " ", "\n"]))
NAMES = st.one_of(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=30), st.just("A\0\ud800"))
TEXTS = st.one_of(
    WORDS, st.sampled_from(["Hello 👋🏽", "مرحبا", "こんにちは。\n二行目", "x" * 6000, "{{ 7*7 }}", "a\0b\ud800c"])
)
ADDRESSES = st.sampled_from(
    [
        "/p/1",
        "https://shop.example.com/a b",
        "http://x.example.com",
        "img/a.svg",
        "",
        "javascript:alert(1)",
        "//c.example",
    ]
)
FLAGS = st.booleans()
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1)).map(date.isoformat)
TIMES = st.times().map(lambda time: time.strftime("%H:%M"))
ZONES = st.sampled_from(["", "Asia/Tokyo", "Europe/Berlin", "No/Where"])
LABELS = st.lists(
    st.one_of(NAMES, st.text(st.characters(categories=["L", "Zs"]), min_size=1, max_size=150)),
    max_size=30,
    unique=True,
).map(tuple)
MANY = st.integers(150, 260).map(lambda count: tuple(f"Option number {n}" for n in range(count)))
OPTIONS = st.one_of(LABELS, MANY).filter(lambda labels: any(label.strip() for label in labels))

BUTTONS = st.lists(
    st.builds(
        Button,
        label=NAMES,
        name=st.one_of(st.just(""), NAMES),
        kind=st.sampled_from(["url", "client_action", "say"]),
        url=ADDRESSES,
        client_action=st.one_of(st.just(""), NAMES),
    ),
    max_size=4,
).map(tuple)
TILES = st.builds(ProductTile, id=WORDS, title=NAMES, subtitle=WORDS, image=ADDRESSES, url=ADDRESSES, buttons=BUTTONS)
LINKS = st.lists(st.builds(Link, url=ADDRESSES, text=WORDS, icon=ADDRESSES), max_size=4).map(tuple)
ARTICLES = st.lists(
    st.builds(Article, id=st.sampled_from(["301", "b-7", ""]), title=WORDS, url=ADDRESSES), max_size=4
).map(tuple)

DISPLAYS: st.SearchStrategy[Display] = st.one_of(
    st.builds(Text, text=TEXTS, image=ADDRESSES),
    st.builds(Image, url=ADDRESSES, text=TEXTS),
    st.builds(Video, url=ADDRESSES, text=TEXTS),
    st.builds(File, url=ADDRESSES, text=TEXTS, name=WORDS),
    st.builds(Links, links=LINKS, text=TEXTS, image=ADDRESSES),
    st.builds(Articles, articles=ARTICLES, text=TEXTS, image=ADDRESSES),
    st.builds(Products, products=st.lists(TILES, max_size=12).map(tuple), text=TEXTS),
    st.builds(
        SingleProduct,
        title=NAMES,
        images=st.lists(st.tuples(WORDS, ADDRESSES), max_size=3).map(tuple),
        text=TEXTS,
        subtitle=WORDS,
        buttons=BUTTONS,
    ),
    st.builds(Place, latitude=st.floats(-90, 90), longitude=st.floats(-180, 180), label=WORDS),
)

BOUNDS = st.one_of(st.none(), st.integers(1, 300))
NUMBERS = st.one_of(st.none(), st.integers(-10, 1000).map(float), st.floats(0, 10))
ERRORS = st.lists(NAMES, max_size=2).map(tuple)
DAY_OR_NONE = st.one_of(st.just(""), DAYS)
SLOTS = st.lists(TIMES, max_size=5, unique=True).map(tuple)

INPUTS: st.SearchStrategy[InputCard] = st.one_of(
    st.builds(
        TextInput,
        format=st.sampled_from(["text", "name", "email", "tel", "url", "number"]),
        placeholder=WORDS,
        value=WORDS,
        errors=ERRORS,
        shortest=BOUNDS,
        longest=BOUNDS,
        low=NUMBERS,
        high=NUMBERS,
        decimals=st.sampled_from([None, 0, 2]),
        letters_only=FLAGS,
        profile_field=st.sampled_from(["", "name", "email", "phone", "company"]),
        skippable=FLAGS,
    ),
    st.builds(Select, options=OPTIONS, skippable=FLAGS),
    st.builds(MultipleSelect, options=OPTIONS, at_least=st.integers(0, 3), at_most=BOUNDS, skippable=FLAGS),
    st.builds(
        DropDown,
        options=OPTIONS.map(lambda labels: tuple(Option(f"v{n}", label) for n, label in enumerate(labels))),
        placeholder=WORDS,
        label=WORDS,
        multiple=FLAGS,
        at_least=st.integers(0, 3),
        at_most=BOUNDS,
        skippable=FLAGS,
    ),
    st.builds(Slider, values=OPTIONS, skippable=FLAGS),
    st.builds(RangeSlider, values=OPTIONS, skippable=FLAGS),
    st.builds(
        Calendar, time=FLAGS, choose_zone=FLAGS, first=DAY_OR_NONE, last=DAY_OR_NONE, button=WORDS, time_zone=ZONES
    ),
    st.builds(RangeCalendar, time=FLAGS, first=DAY_OR_NONE, last=DAY_OR_NONE, title=WORDS, time_zone=ZONES),
    st.builds(TimeSlots, slots=SLOTS, date=DAY_OR_NONE, time_zone=ZONES, choose_zone=FLAGS, button=WORDS),
    st.builds(DateTimeSlots, slots=st.dictionaries(DAYS, SLOTS, max_size=4), time_zone=ZONES, title=WORDS),
    st.builds(StarRating, level=st.integers(1, 12), skippable=FLAGS),
    st.builds(HappinessRating, level=st.sampled_from([3, 5]), rates_conversation=FLAGS),
    st.builds(Like, rates_conversation=FLAGS),
    st.builds(LocationInput, button=WORDS, latitude=st.just("35.6"), longitude=st.sampled_from(["", "139.7"])),
    st.builds(Upload, button=WORDS, most_files=st.integers(1, 3)),
)

QUESTIONS = st.lists(
    st.builds(
        Question,
        name=NAMES,
        say=st.lists(TEXTS, max_size=3).map(tuple),
        input=st.one_of(st.none(), INPUTS),
        chips=st.just(()),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda question: question.name,
).map(tuple)
FORMS = st.builds(Form, id=NAMES, questions=QUESTIONS)
LANGUAGES = st.sampled_from(["en", "ja", "ja-JP", "de", ""])


@st.composite
def replies(draw: st.DrawFn) -> Reply:
    """A reply that asks in at most one way: with an input card, with chips, or with a form."""
    displays = tuple(draw(st.lists(DISPLAYS, max_size=14)))
    asks = draw(st.sampled_from(["nothing", "input", "chips", "form"]))
    return Reply(
        displays=displays,
        input=draw(INPUTS) if asks == "input" else None,
        chips=draw(OPTIONS) if asks == "chips" else (),
        form=draw(FORMS) if asks == "form" else None,
        action=draw(st.sampled_from(Action)) if asks == "nothing" else Action.REPLY,
        language=draw(LANGUAGES),
        department=draw(st.sampled_from(["", "sales", "301550000000002017"])),
        operators=draw(st.sampled_from([(), ("ken@example.org",)])),
    )
