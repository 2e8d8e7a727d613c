"""What the pages under /voice ask for. `motenashi.voice_reports.voice_reports.VoiceReports` answers."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any, Protocol

from sqlalchemy import Connection, Select

from motenashi.filters.filter import Filter
from motenashi.voice_reports.causes import Loss
from motenashi.voice_reports.keywords import KeywordReport, Kind
from motenashi.voice_reports.nps import NpsReport
from motenashi.voice_reports.promoters import Measure, PromoterReport
from motenashi.voice_reports.question import Question
from motenashi.voice_reports.quotes import PAGE, Quotes, Wanted
from motenashi.voice_reports.rivals import RivalReport
from motenashi.voice_reports.tones import ToneReport
from motenashi.voice_reports.voice_reports import Causes, Member, Overview, State


class VoiceDesk(Protocol):
    """All may raise DBAPIError and FilterTooSlow."""

    zone: tzinfo

    def state(self) -> State: ...
    def overview(self, question: Question) -> Overview: ...
    def tones(self, question: Question) -> ToneReport: ...
    def keywords(self, question: Question, *, kind: Kind = "", said_by: str = "customer") -> KeywordReport: ...
    def rivals(self, question: Question) -> RivalReport: ...
    def promoters(self, question: Question) -> PromoterReport: ...
    def members(
        self, question: Question, measure: Measure, group: str, *, most: int = PAGE, skip: int = 0
    ) -> tuple[Member, ...]: ...
    def nps(self, question: Question) -> NpsReport: ...
    def causes(self, question: Question, loss: Loss = "deal") -> Causes: ...
    def quotes(self, question: Question, wanted: Wanted, *, after: tuple[int, int] | None = None) -> Quotes: ...
    def text_of(self, kind: str, normal: str) -> str: ...


class PeopleDesk(Protocol):
    """Reads the filter that the numbers are narrowed by. A FilterDesk."""

    def read(self, module: str, raw: Any) -> Filter: ...
    def query(self, chosen: Filter, connection: Connection) -> Select[tuple[str]]: ...
    def explain(self, chosen: Filter, language: str) -> str: ...
