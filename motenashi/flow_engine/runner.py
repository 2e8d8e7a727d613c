"""Run one chat turn through the flows.

run_turn() is the only door: checked flows, the session and the new message go in; the reply and the next session
come out. Reading YAML is flow_reader's work, talking to a channel the channels'.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from motenashi.conversation.display_cards import Text
from motenashi.conversation.folding import bare
from motenashi.conversation.message import Message, MessageKind
from motenashi.conversation.reply import Action, Reply
from motenashi.conversation.session import Frame, Session
from motenashi.flow_engine import phrases
from motenashi.flow_engine.flow import Flow, FlowSet, Interrupt, Step, Target
from motenashi.flow_engine.flow_reader import kind_of
from motenashi.flow_engine.matching import match_words
from motenashi.flow_engine.outcome import Call, Finish, Go, Next, NotMine, Outcome, Wait
from motenashi.flow_engine.services import ServiceFailed, Services
from motenashi.flow_engine.stack import gone_to
from motenashi.flow_engine.turn import Turn, Visited

# A turn that has gone through so many steps goes in a circle; the checker finds such flows, this is the last guard.
MOST_STEPS = 200
DEEPEST_STACK = 20
LOST_AFTER = 3
LONGEST_COMMAND = 200  # characters; longer texts are never "stop"


@dataclass(frozen=True)
class TurnResult:
    reply: Reply
    session: Session
    trace: tuple[Visited, ...]


def run_turn(
    flows: FlowSet,
    session: Session,
    message: Message,
    services: Services,
    *,
    deadline: float | None = None,
    default_zone: str = "UTC",
    restarted: bool = False,
    key: str = "",
) -> TurnResult:
    """One turn. `flows` is the set this conversation runs on; its bot is one of them. `restarted`: the talk begins
    anew because its flow has changed, and the visitor is told so. `deadline` is a time.monotonic() moment. `key`
    begins the keys of all that the turn changes; without it conversation and delivery do.

    Services' failures end in the flow's own words for them, never in an exception; any other exception is a bug.
    """
    turn = Turn(flows, session, message, services, deadline=deadline, default_zone=default_zone, key=key)
    if restarted:
        turn.say(turn.text(phrases.FLOW_CHANGED))
    waiting, finish = _Run(turn).go()
    return _result(turn, waiting, finish)


def _result(turn: Turn, waiting: dict[str, Any], finish: Finish | None) -> TurnResult:
    reply = Reply(
        displays=tuple(turn.displays),
        input=turn.input,
        chips=() if turn.input else turn.chips,
        form=turn.form,
        action=finish.action if finish else Action.REPLY,
        language=turn.language,
        department=finish.department if finish else "",
        operators=finish.operators if finish else (),
    )
    ended = finish.action.value if finish else ""
    session = turn.next_session(waiting=waiting, ended=ended)
    return TurnResult(reply, session, tuple(turn.trace))


class _Run:
    """The way through one turn."""

    def __init__(self, turn: Turn) -> None:
        self.turn = turn
        self.steps_left = MOST_STEPS
        self.greeting = False  # the visitor spoke first, and what they said has not been looked at yet

    def go(self) -> tuple[dict[str, Any], Finish | None]:
        outcome = self._begin()
        while True:
            if isinstance(outcome, Wait):
                outcome = self._said_before_asked(outcome)
            if isinstance(outcome, Wait):
                self.turn.wake_at = outcome.wake_at
                return dict(outcome.memory), None
            if isinstance(outcome, Finish):
                return self._finished(outcome), outcome
            if not self._move(outcome):
                return self._ran_out()
            self.steps_left -= 1
            if self.steps_left < 0:
                return self._in_a_circle()
            outcome = self._enter()

    # Beginning: where does this message belong?

    def _begin(self) -> Outcome:
        turn, message = self.turn, self.turn.message
        if message.kind is MessageKind.FAILURE:
            return self._after_failure()
        if turn.ended or turn.place is None:
            return Wait() if message.kind is MessageKind.WAKE else self._from_the_start()
        if message.kind is MessageKind.OPEN:
            return self._repeat()
        return self._answer()

    def _from_the_start(self) -> Outcome:
        turn = self.turn
        turn.variables.clear()
        turn.personal.clear()
        turn.memory = {}
        turn.stack = [Frame(turn.message.bot, turn.flows.flows[turn.message.bot].steps[0].id)]
        self.greeting = turn.message.kind is MessageKind.TEXT and bool(turn.message.text.strip())
        return self._enter()

    def _said_before_asked(self, waiting: Wait) -> Outcome:
        """Somebody who wrote "show my past orders" before we said a word should not have to say it again."""
        turn = self.turn
        if not self.greeting or not turn.chips:
            return waiting
        self.greeting = False
        turn.memory = waiting.memory
        answered = self._ask_step()
        if isinstance(answered, NotMine):
            answered = self._own_interrupt(exactly=False) or self._by_intent() or waiting
        return answered

    def _repeat(self) -> Outcome:
        """The box was opened again in the middle of a talk: the question that waits is asked again."""
        turn = self.turn
        flow, step = turn.place  # type: ignore[misc]  # checked in _begin
        turn.trace.append(Visited(flow.id, step.id))
        kind = kind_of(step)
        return kind.repeat(step.spec, turn) if kind.waits else kind.run(step.spec, turn)

    def _after_failure(self) -> Outcome:
        """The platform could not carry out our last reply. A hand-over that failed is never tried again at once."""
        turn = self.turn
        turn.may_forward = False
        place = turn.place
        if place is None:
            turn.say(turn.text(phrases.SORRY))
            return Finish(Action.OPERATOR_BUSY)
        flow, step = place
        if step.kind == "forward_to_operator":
            turn.trace.append(Visited(flow.id, step.id))
            return Go(step.spec.when_unavailable, "when_unavailable")
        turn.say(turn.sorry() or turn.text(phrases.SORRY))
        return self._repeat()

    # The visitor's words

    def _answer(self) -> Outcome:
        turn = self.turn
        flow, step = turn.place  # type: ignore[misc]  # checked in _begin
        if not kind_of(step).waits or self._asked_somebody_else():
            return self._enter()  # migrated onto a step that asks nothing, or its question is no longer for these eyes
        if kind_of(step).takes_any_text and (interrupted := self._interrupted(exactly=True)):
            return interrupted
        outcome = self._ask_step()
        if not isinstance(outcome, NotMine):
            return outcome
        return self._interrupted(exactly=False) or self._by_intent() or self._not_understood(flow, step, outcome)

    def _asked_somebody_else(self) -> bool:
        """Does the waiting question show data of a person who is no longer the one verified here?"""
        whose = self.turn.memory.get("about")
        return bool(whose) and not self.turn.identity.covers(str(whose))

    def _ask_step(self) -> Outcome:
        turn = self.turn
        flow, step = turn.place  # type: ignore[misc]
        turn.trace.append(Visited(flow.id, step.id))
        outcome = kind_of(step).answer(step.spec, turn, turn.message)
        if isinstance(outcome, NotMine):
            turn.trace[-1].exit = "not understood"
        return outcome

    def _interrupted(self, *, exactly: bool) -> Outcome | None:
        return self._own_interrupt(exactly=exactly) or self._built_in(self.turn.message.text, exactly)

    def _own_interrupt(self, *, exactly: bool) -> Outcome | None:
        """Human, start over, stop …: of the flow we are in, then of its callers, then of the bot's first flow."""
        text = self.turn.message.text
        for flow in self._flows_around():
            for name, way in flow.head.interrupts.items():
                target, words = _way(name, way)
                if _says(text, words, exactly):
                    return self._leave_for(flow, target, f"interrupt {name}")
        return None

    def _built_in(self, text: str, exactly: bool) -> Outcome | None:
        """Every talk can be begun again or ended, also where no flow says how."""
        turn = self.turn
        bot = turn.flows.flows[turn.message.bot]
        if _says(text, phrases.INTERRUPT_WORDS["start_over"], exactly):
            return self._leave_for(bot, Target(bot.id), "interrupt start_over")
        if _says(text, phrases.INTERRUPT_WORDS["stop"], exactly):
            turn.say(turn.text(phrases.GOODBYE))
            return Finish(Action.END)
        return None

    def _flows_around(self) -> list[Flow]:
        turn = self.turn
        ids = dict.fromkeys([*(frame.flow for frame in reversed(turn.stack)), turn.message.bot])
        return [turn.flows.flows[flow_id] for flow_id in ids if flow_id in turn.flows.flows]

    def _leave_for(self, flow: Flow, target: Target, why: str) -> Outcome:
        """Leave everything that waits, and go on in `flow`'s frame."""
        turn = self.turn
        while turn.stack and turn.stack[-1].flow != flow.id:
            turn.stack.pop()
        if not turn.stack:
            turn.stack = [Frame(flow.id, flow.steps[0].id)]
        turn.trace.append(Visited(turn.stack[-1].flow, turn.stack[-1].step))
        return Go(target, why)

    def _by_intent(self) -> Outcome | None:
        turn = self.turn
        around = [flow for flow in self._flows_around() if flow.head.intents]
        text = turn.message.text
        if not around or not text.strip() or turn.memory.get("card") or turn.memory.get("stage"):
            return None  # a form field's wrong answer is no wish
        try:
            reading = turn.services.read(text, turn.language)
        except ServiceFailed as error:
            turn.failed(error)
            return None
        for flow in around:
            for rule in flow.head.intents:
                if reading.score_of(rule.intent) >= rule.at_least:
                    return self._leave_for(flow, rule.go, f"intent {rule.intent}")
        return None

    def _not_understood(self, flow: Flow, step: Step, outcome: NotMine) -> Outcome:
        turn = self.turn
        misses = int(turn.memory.get("misses", 0)) + 1
        if misses >= LOST_AFTER and flow.head.lost:
            return Go(flow.head.lost, "lost")
        turn.memory = {**turn.memory, "misses": misses}
        again = kind_of(step).again(step.spec, turn)
        turn.say(outcome.hint or turn.text(phrases.NOT_UNDERSTOOD if turn.chips else phrases.NOT_UNDERSTOOD_TYPED))
        return again

    # Moving

    def _enter(self) -> Outcome:
        turn = self.turn
        place = turn.place
        if place is None:
            return Finish(Action.END)
        flow, step = place
        turn.trace.append(Visited(flow.id, step.id))
        turn.input, turn.chips, turn.form = None, (), None
        return kind_of(step).run(step.spec, turn)

    def _move(self, outcome: Outcome) -> bool:
        """Set the stack to the next step; False when the flow at the bottom has come to its end."""
        turn = self.turn
        flow, step = turn.place  # type: ignore[misc]
        if turn.trace:
            turn.trace[-1].exit = outcome.why if isinstance(outcome, Go) and outcome.why else _plain_exit(outcome)
        if isinstance(outcome, Call):
            return self._call(flow, outcome.target)
        target = outcome.target if isinstance(outcome, Go) else None
        target = target or step.spec.then
        if target is not None:
            return self._jump(flow, target)
        below = flow.after(step.id)
        if below is not None:
            turn.stack[-1] = Frame(flow.id, below.id)
            return True
        return self._return()

    def _jump(self, flow: Flow, target: Target) -> bool:
        there = self.turn.flows.resolve(flow, target)
        if there is None:  # the checker refuses such flows
            return False
        self.turn.stack = list(gone_to(self.turn.stack, *there))
        return True

    def _call(self, flow: Flow, target: Target) -> bool:
        there = self.turn.flows.resolve(flow, target)
        if there is None or len(self.turn.stack) >= DEEPEST_STACK:
            return False
        self.turn.stack.append(Frame(there[0].id, there[1].id))
        return True

    def _return(self) -> bool:
        """The flow has ended: go on behind the `call` that brought us here."""
        turn = self.turn
        turn.stack.pop()
        while turn.stack:
            flow = turn.flows.flows.get(turn.stack[-1].flow)
            step = flow.step(turn.stack[-1].step) if flow else None
            if flow and step:
                turn.trace.append(Visited(flow.id, step.id))  # back in the `call`, which is left by its other way out
                return self._move(Next())
            turn.stack.pop()
        return False

    # Ends

    def _finished(self, finish: Finish) -> dict[str, Any]:
        """A hand-over may still fail on the platform, so its place is kept; anything else is over."""
        turn = self.turn
        if turn.trace and not turn.trace[-1].exit:
            turn.trace[-1].exit = {"operator_busy": "busy"}.get(finish.action.value, finish.action.value)
        turn.input, turn.chips, turn.form = None, (), None
        if finish.action is not Action.FORWARD:
            turn.stack = []
        return {}

    def _ran_out(self) -> tuple[dict[str, Any], Finish | None]:
        """The last step is done and nothing waits: the next message begins anew."""
        turn = self.turn
        turn.stack = []
        if not turn.displays:
            turn.displays.append(Text(turn.text(phrases.STILL_HERE)))
        return {}, None

    def _in_a_circle(self) -> tuple[dict[str, Any], Finish | None]:
        turn = self.turn
        turn.failed(RuntimeError(f"more than {MOST_STEPS} steps in one turn: the flow goes in a circle"))
        turn.say(turn.sorry() or turn.text(phrases.SORRY))
        turn.stack = []
        return {}, None


def _plain_exit(outcome: Outcome) -> str:
    return "call" if isinstance(outcome, Call) else "then"


def _way(name: str, way: Target | Interrupt) -> tuple[Target, tuple[str, ...]]:
    own = phrases.INTERRUPT_WORDS.get(name, ())
    if isinstance(way, Target):
        return way, own
    return way.go, (*own, *(way.words.words if way.words else ()))


def _says(text: str, words: tuple[str, ...], exactly: bool) -> bool:
    if not text.strip() or len(text) > LONGEST_COMMAND:
        return False
    if exactly:
        plain = bare(text)
        return any(plain == bare(word) for word in words)
    return match_words(text, words) is not None
