"""Reads many texts on several processes, each with its own model: for what has to be read once and at length."""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.mentions import Catalogue
from nlp.reading import Reading, TextToRead

if TYPE_CHECKING:
    from nlp.pipeline import MailReader

_CHUNK = 16  # texts handed to a process at a time

log = logging.getLogger(__name__)


class ReaderPool:
    """What `reader_pool` gives. A text that can't be read is None, and stops no other."""

    def __init__(self, pool: multiprocessing.pool.Pool) -> None:
        self._pool = pool

    def read_all(self, texts: Sequence[TextToRead]) -> Sequence[Reading | None]:
        """The reading of each text, in order."""
        return self._pool.map(_read, texts, _CHUNK)


@contextmanager
def reader_pool(folder: Path, catalogue: Catalogue | None = None, *, processes: int = 1) -> Iterator[ReaderPool]:
    """Processes with the model in `folder` in memory, for the length of the block. ModelMissing where none lies."""
    from nlp.model_folder import described

    described(folder)
    context = multiprocessing.get_context("spawn")
    with context.Pool(max(1, processes), _load, (folder, catalogue)) as pool:
        yield ReaderPool(pool)


_readers: list[MailReader] = []  # one a process, loaded when the process begins


def _load(folder: Path, catalogue: Catalogue | None) -> None:
    import signal

    from nlp.pipeline import MailReader

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever waits for us ends us
    _readers.append(MailReader.load(folder, catalogue))


def _read(text: TextToRead) -> Reading | None:
    try:
        return _readers[0].read(text)
    except Exception as error:  # somebody else's words and other people's code: nothing may stop the texts behind
        log.warning("a text could not be read: %s", type(error).__name__)
        return None
