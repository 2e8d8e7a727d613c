"""A reading laid over its text: nothing of the text is lost, doubled or moved, whatever the marks."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from motenashi.pages.mail.highlights import stretches
from nlp.dates import find_dates
from nlp.mentions.mention import Mention
from nlp.reading import Intent, Keyword, Person, Reading

TEXT = "Hello. Show us the AeroBook 14 on Tuesday. We like the keyboard."
SENT = datetime(2026, 11, 20, 10, tzinfo=UTC)


def place(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


def reading(**more: object) -> Reading:
    return Reading("en", text=TEXT, **more)  # type: ignore[arg-type]


def test_marks_stand_where_the_reading_says() -> None:
    read = reading(
        dates=find_dates(TEXT, "en", reference=SENT),
        mentions=(Mention("product", "nb-14", *place("AeroBook 14"), "AeroBook 14", 1.0, "exact"),),
        keywords=(Keyword("keyboard", "keyboard", *place("keyboard"), 0.9, "sender", "positive"),),
    )
    marked = [
        (piece.mark.kind, piece.text) for part in stretches(read, 0, len(TEXT)) for piece in part.pieces if piece.mark
    ]
    assert marked == [("product", "AeroBook 14"), ("date", "Tuesday"), ("keyword", "keyboard")]


def test_the_sentence_that_gave_a_label_is_one_stretch() -> None:
    sentence = "Show us the AeroBook 14 on Tuesday."
    read = reading(intents=(Intent("demo_request", 0.9, sentence, *place(sentence)),))
    parts = stretches(read, 0, len(TEXT))
    assert [part.labels for part in parts] == [(), ("demo_request",), ()]
    assert "".join(piece.text for piece in parts[1].pieces) == sentence


def test_of_two_marks_on_the_same_letters_the_surer_kind_wins() -> None:
    read = reading(
        keywords=(Keyword("AeroBook 14", "aerobook", *place("AeroBook 14"), 0.9),),
        mentions=(Mention("product", "nb-14", *place("AeroBook 14"), "AeroBook 14", 1.0, "exact"),),
    )
    kinds = [piece.mark.kind for part in stretches(read, 0, len(TEXT)) for piece in part.pieces if piece.mark]
    assert kinds == ["product"]


places = st.tuples(st.integers(-1, len(TEXT)), st.integers(-1, len(TEXT)))


@given(st.lists(places, max_size=8), st.lists(places, max_size=5), st.integers(0, len(TEXT)))
def test_the_text_comes_out_whole(marks: list[tuple[int, int]], sentences: list[tuple[int, int]], start: int) -> None:
    read = reading(
        people=tuple(Person("x", first, last) for first, last in marks),
        intents=tuple(Intent("other", 0.5, "", first, last) for first, last in sentences),
    )
    parts = stretches(read, start, len(TEXT))
    assert "".join(piece.text for part in parts for piece in part.pieces) == TEXT[start:]
