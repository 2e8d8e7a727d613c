"""Every kind of step, in the order designers meet them. The first whose key stands in a step gives it its kind."""

from __future__ import annotations

from typing import Any

from motenashi.flow_engine.steps.answer_bot import AnswerBot
from motenashi.flow_engine.steps.ask import Ask
from motenashi.flow_engine.steps.choices import Choices
from motenashi.flow_engine.steps.endings import BlockVisitor, BusyResponse, EndChat
from motenashi.flow_engine.steps.http import CallHttp
from motenashi.flow_engine.steps.moving import CallFlow, Experiment, GoTo, SetVariables, WaitStep
from motenashi.flow_engine.steps.people import Book, Forward
from motenashi.flow_engine.steps.plug import CallPlug
from motenashi.flow_engine.steps.records import CreateLead, UpdateRecord
from motenashi.flow_engine.steps.routers import CriteriaRouter, HoursRouter, IntentRouter, LanguageRouter
from motenashi.flow_engine.steps.say import Say
from motenashi.flow_engine.steps.step_kind import StepKind
from motenashi.flow_engine.steps.verify import Verify

ALL_STEPS: tuple[StepKind[Any], ...] = (
    Ask(),
    Choices(),
    CriteriaRouter(),
    HoursRouter(),
    LanguageRouter(),
    IntentRouter(),
    CallPlug(),
    CallHttp(),
    Verify(),
    AnswerBot(),
    Book(),
    Forward(),
    CreateLead(),
    UpdateRecord(),
    SetVariables(),
    GoTo(),
    CallFlow(),
    WaitStep(),
    Experiment(),
    EndChat(),
    BusyResponse(),
    BlockVisitor(),
    Say(),  # last: `say` stands beside other keys, too
)
