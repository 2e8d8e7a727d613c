"""Many texts on several processes read as one reader reads them; one that can't be read stops no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from nlp import reader_pool as room
from nlp.model_folder import MODEL, ModelMissing
from nlp.reader_pool import reader_pool
from nlp.reading import TextToRead

if TYPE_CHECKING:
    from pathlib import Path

    from nlp.pipeline import MailReader

TEXTS = [TextToRead("The printer is terrible."), TextToRead("価格を教えてください。")] * 20


@pytest.mark.slow
def test_a_pool_reads_as_one_reader_does(mail_reader: MailReader) -> None:
    with reader_pool(MODEL, processes=2) as pool:
        assert list(pool.read_all(TEXTS)) == [mail_reader.read(text) for text in TEXTS]


def test_a_text_that_cannot_be_read_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stumbling:
        def read(self, text: TextToRead) -> Any:
            raise ValueError(text)

    monkeypatch.setattr(room, "_readers", [cast("MailReader", Stumbling())])
    assert room._read(TEXTS[0]) is None


def test_without_a_model_no_process_begins(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing), reader_pool(tmp_path):
        pass
