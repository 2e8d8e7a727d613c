"""Plays SalesIQ towards our webhook: signs, keeps conversations, shows cards, asks a context's questions, retries.

    simulator = Simulator(app.test_client())             # or Simulator("http://127.0.0.1:8000")
    chat = simulator.visitor(email="haruka.mori@example.com", language="ja")
    chat.open()                                          # handler trigger
    chat.say("Hello")                                    # handler message; operation chat first, then message
    chat.click("Show past orders")                       # a suggestion, an option, or a carousel's button
    chat.answer("03/11/2026")                            # the input card now shown, in the form of its kind
    chat.skip()  chat.upload("a.pdf")                    # where the card may be skipped; a file

    chat.texts     everything the bot's last turn shows, as texts (cards' titles, links and pictures included)
    chat.chips     the buttons: suggestions, or the options of a select, drop-down or multiple select
    chat.input     the input card now shown, or None        chat.last   the bot's last response, as JSON
    chat.status    bot, pending, operator, missed, ended or blocked
    chat.log       ("visitor" | "bot", text) in order        chat.requests   every request body sent
    chat.retry()   the last request again, with a new request id as SalesIQ does; gives the response

Let the server know the key: SalesIQSettings(public_keys=(public_key_pem(),)). `Simulator(..., sign=False)` sends
unsigned calls. Every response is checked against SalesIQ's rules (tests/salesiq_rules.py); one that breaks them raises
ProtocolViolation, or with `strict=False` becomes a call of the failure handler, as on the real platform.

What the platform does with a forward is `simulator.operators`: "available", "offline_hours",
"operators_not_available" or "invalid_operators". `simulator.lose_answers(n)` loses the next n answers, as if they had
come too late, and asks again with a new request id. For `pending`, hand over a running CallbackServer
(tests/salesiq_callbacks.py) as `callbacks`; `chat.wait_for_callback()` then carries out what comes.

    simulator.ping()                                     # what saving the bot in SalesIQ does
    simulator.plug("identify_visitor", email="a@b.c")    # a webhook plug, with the types of its values; gives outputs
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import requests
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.salesiq_callbacks import CallbackServer
from tests.salesiq_rules import LARGEST_BODY, ProtocolViolation, answer_fits, check_response

HAPPINESS = (":rating-angry:", ":rating-sad:", ":rating-neutral:", ":rating-happy:", ":rating-excited:")
FAILURES = {
    "offline_hours": 1001,
    "operators_not_available": 1002,
    "invalid_operators": 1003,
    "more_than_max_length": 1005,
    "execution_failure": 1007,
}
_FORMATS = {"email": "email", "tel": "phoneno", "url": "website"}
_MOST_FAILURES = 5  # in a row; after that the bot has made a loop


@cache
def signing_key() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


def public_key_pem(key: RSAPrivateKey | None = None) -> str:
    """For SalesIQSettings.public_keys."""
    public = (key or signing_key()).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def signature(body: bytes, key: RSAPrivateKey | None = None) -> str:
    return base64.b64encode((key or signing_key()).sign(body, PKCS1v15(), SHA256())).decode()


@dataclass(frozen=True)
class Answered:
    status: int
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Simulator:
    """One portal with one bot. `server` is a Flask test client or a base URL."""

    def __init__(
        self,
        server: Any,
        *,
        bot: str = "storefront",
        key: RSAPrivateKey | None = None,
        sign: bool = True,
        strict: bool = True,
        operators: str = "available",
        timeout: float = 10.0,
        retries: int = 1,
        callbacks: CallbackServer | None = None,
    ) -> None:
        self.server, self.bot, self.key = server, bot, key
        self.sign, self.strict, self.operators = sign, strict, operators
        self.timeout, self.retries, self.callbacks = timeout, retries, callbacks
        self._to_lose = 0

    @property
    def path(self) -> str:
        return f"/channels/salesiq/{self.bot}"

    def visitor(self, **profile: Any) -> Chat:
        """Somebody new in a conversation of their own. Keywords are keys of SalesIQ's visitor object."""
        return Chat(self, profile)

    def lose_answers(self, count: int = 1) -> None:
        self._to_lose = count

    def ping(self) -> None:
        """Saving the bot: a POST that carries nothing, then HEAD; both must be 200."""
        for method, body in (("POST", b"{}"), ("POST", b""), ("HEAD", b""), ("GET", b"")):
            status = self.send(self.path, body, sign=False, method=method).status
            assert status == 200, f"{method} of the validation ping was answered {status}"

    def plug(self, name: str, **inputs: Any) -> Any:
        """Call a webhook plug with a session of these values; the outputs it gives."""
        session = {key: session_value(value) for key, value in inputs.items()}
        answer = self.send(f"/plugs/{name}", json.dumps({"session": session}).encode())
        assert answer.status == 200, f"plug {name} was answered {answer.status}: {answer.body!r}"
        outputs = answer.json
        assert isinstance(outputs, dict), f"plug {name} must give an object"
        return outputs

    def send(
        self, path: str, body: bytes, *, sign: bool | None = None, method: str = "POST", headers: Mapping[str, str] = {}
    ) -> Answered:
        """One HTTP call, signed over exactly these bytes."""
        all_headers = {"Content-Type": "application/json", **headers}
        if self.sign if sign is None else sign:
            all_headers["x-siqsignature"] = signature(body, self.key)
        if isinstance(self.server, str):
            answer = requests.request(
                method, self.server.rstrip("/") + path, data=body, headers=all_headers, timeout=self.timeout
            )
            return Answered(answer.status_code, answer.content)
        answer = self.server.open(path, method=method, data=body, headers=all_headers)
        return Answered(answer.status_code, answer.data)

    def call(self, payload: dict[str, Any]) -> Answered:
        """One execution: a lost or late answer is asked for again, with a new request id."""
        for attempt in range(self.retries + 1):
            if attempt:
                payload["request"] = {"id": new_request_id()}
            body = as_bytes(payload)
            try:
                answer = self.send(self.path, body)
            except requests.Timeout:
                continue
            if not self._to_lose:
                return answer
            self._to_lose -= 1
        return Answered(504, b"")


class Chat:
    """One visitor's chat window. See the top of this file."""

    def __init__(self, simulator: Simulator, profile: Mapping[str, Any]) -> None:
        self.simulator = simulator
        self.conversation_id = str(3015500000000000000 + uuid.uuid4().int % 10**15)
        self.visitor: dict[str, Any] = {
            "name": f"Visitor {uuid.uuid4().int % 100000}",
            "email": "",
            "phone": "",
            "active_conversation_id": self.conversation_id,
            "visitor_id": uuid.uuid4().hex,
            "channel": "Website",
            "language": "en",
            "time_zone": "Asia/Tokyo",
            "current_page_url": "https://shop.example.com/",
        } | dict(profile)
        self.status = "bot"
        self.texts: list[str] = []
        self.chips: list[str] = []
        self.input: dict[str, Any] | None = None
        self.last: dict[str, Any] = {}
        self.log: list[tuple[str, str]] = []
        self.requests: list[dict[str, Any]] = []
        self.opened_pages: list[str] = []
        self.client_actions: list[str] = []
        self._spoken = False
        self._check: dict[str, Any] = {}
        self._buttons: dict[str, tuple[str, dict[str, Any]]] = {}
        self._context: _Context | None = None
        self._failures = 0

    @property
    def channel(self) -> str:
        return str(self.visitor["channel"])

    def open(self) -> Chat:
        """The visitor comes and the bot's trigger matches."""
        return self._run({"handler": "trigger"})

    def say(self, text: str) -> Chat:
        """Typed text. A text that the current question's check refuses never reaches the bot, as on the platform."""
        return self._answered(text, {}) if self._passes(text) else self

    def click(self, label: str) -> Chat:
        """A button by its label; AssertionError naming the buttons there are."""
        if label in self._buttons:
            return self._press(label)
        assert label in self.chips, f"there is no button {label!r}; there is: {[*self.chips, *self._buttons]}"
        if self.input is not None:
            return self.answer(label)
        return self._answered(label, {"type": "select", "value": label})

    def answer(self, value: Any) -> Chat:
        """The input card now shown, answered. What a value looks like for each card: see `card_answer`."""
        assert self.input is not None, f"no input card is shown; the bot said {self.texts}"
        text, data = card_answer(self.input, value, str(self.visitor["time_zone"]))
        format = _FORMATS.get(self.input["type"], "")
        if format and not answer_fits(text, format):
            return self._refused(self.input.get("error", []))
        return self._answered(text, data)

    def skip(self) -> Chat:
        assert self.input is not None and self.input.get("skippable"), "this card can't be skipped"
        return self._answered("", {"skipped": True})

    def upload(self, name: str, *, url: str = "", type: str = "application/octet-stream", size: int = 1) -> Chat:
        file = {
            "id": uuid.uuid4().hex,
            "name": name,
            "type": type,
            "size": size,
            "url": url or f"https://f.test/{name}",
        }
        self.log.append(("visitor", f"[{name}]"))
        return self._run(self._message({"type": "files"}) | {"attachments": [file]})

    def retry(self) -> dict[str, Any]:
        """SalesIQ asks once more because our answer came too late: same words, new request id. Shows nothing."""
        payload = self.requests[-1] | {"request": {"id": new_request_id()}}
        answer = self.simulator.call(payload)
        assert answer.status == 200, answer.body
        data: dict[str, Any] = answer.json
        return data

    def wait_for_callback(self, seconds: float = 20) -> Chat:
        """Wait for what was announced with `pending`, and carry it out."""
        assert self.status == "pending", f"nothing is pending; the chat is with {self.status}"
        assert self.simulator.callbacks, "hand over a CallbackServer as `callbacks`"
        data = self.simulator.callbacks.wait_for(self.requests[-1]["request"]["id"], seconds)
        self._carry_out(data)
        return self

    def fail(self, reason: str = "execution_failure", failed: Mapping[str, Any] | None = None) -> Chat:
        """The platform could not carry out the last response (or `failed`)."""
        self._failures += 1
        if self._failures > _MOST_FAILURES:
            raise ProtocolViolation("failure after failure: the bot has made a loop")
        cause = {"code": FAILURES[reason], "desc": reason}
        return self._run({"handler": "failure", "cause": cause, "failed_response": dict(failed or self.last)})

    def _message(self, message: dict[str, Any]) -> dict[str, Any]:
        operation = "message" if self._spoken else "chat"
        self._spoken = True
        return {"handler": "message", "operation": operation, "message": message, "attachments": []}

    def _passes(self, text: str) -> bool:
        if self._check and not answer_fits(text, self._check["format"]):
            self._refused(self._check.get("error", []))
            return False
        return True

    def _refused(self, errors: Sequence[str]) -> Chat:
        """The platform itself says what is wrong and asks again; the bot hears nothing of it."""
        self.texts = list(errors[:1]) or self.texts
        return self

    def _answered(self, text: str, data: dict[str, Any]) -> Chat:
        self.log.append(("visitor", text))
        self._failures = 0
        if self._context is not None:
            return self._next_question(text)
        message: dict[str, Any] = {"type": "text", "text": text}
        if data:
            message["meta"] = {"card_data": data}
        return self._run(self._message(message))

    def _press(self, label: str) -> Chat:
        """A carousel's button: a page or a function of the page; neither is a message."""
        _, action = self._buttons[label]
        if action["type"] == "url":
            self.opened_pages.append(action["link"])
        else:
            self.client_actions.append(action["clientaction_name"])
        return self

    def _run(self, payload: dict[str, Any]) -> Chat:
        assert self.status in ("bot", "pending"), f"the bot is out of this chat: {self.status}"
        payload = {"org_id": "60011223344", "request": {"id": new_request_id()}, "visitor": self.visitor} | payload
        self.requests.append(payload)
        answer = self.simulator.call(payload)
        trouble = self._trouble_with(answer)
        if not trouble:
            self._carry_out(answer.json)
            return self
        if self.simulator.strict:
            raise ProtocolViolation(f"{trouble} (status {answer.status}): {answer.body[:2000].decode()}")
        if payload["handler"] == "failure":  # the platform's own last resort
            return self._show({"replies": ["Please leave a message."]}, "missed")
        return self.fail("execution_failure", failed={"body": answer.body[:500].decode("utf-8", "replace")})

    def _trouble_with(self, answer: Answered) -> str:
        if answer.status != 200:
            return "the bot did not answer 200"
        if len(answer.body) > LARGEST_BODY:
            return "the answer is too large"
        try:
            check_response(answer.json, self.channel)
        except (ProtocolViolation, ValueError) as error:
            return str(error)
        return ""

    def _carry_out(self, data: dict[str, Any]) -> None:
        check_response(data, self.channel)
        self.last = data
        if data["action"] != "context":
            self._context = None if data["action"] != "pending" else self._context
        match data["action"]:
            case "reply":
                self._show(data, "bot")
            case "context":
                self._begin_context(data)
            case "forward":
                self._forward(data)
            case other:
                kinds = {"pending": "pending", "operator_busy": "missed", "block": "blocked", "end": "ended"}
                self._show(data, kinds[other])

    def _forward(self, data: dict[str, Any]) -> None:
        if self.requests[-1]["handler"] == "failure":
            raise ProtocolViolation("a failure was answered with forward: SalesIQ would ask for ever")
        self._show(data, "bot")
        if self.simulator.operators == "available":
            self.status = "operator"
        else:
            self.fail(self.simulator.operators, failed=data)

    def _begin_context(self, data: dict[str, Any]) -> None:
        """The same context again keeps its answers, another one loses them."""
        kept = self._context.answers if self._context and self._context.id == data["context_id"] else {}
        self._context = _Context(data["context_id"], list(data["questions"]), kept)
        self._show(self._context.questions[0], "bot")

    def _next_question(self, text: str) -> Chat:
        context = self._context
        assert context is not None
        context.answers[context.questions.pop(0)["name"]] = {"text": text}
        if context.questions:
            return self._show(context.questions[0], "bot")
        return self._run({"handler": "context", "context_id": context.id, "answers": context.answers})

    def _show(self, data: Mapping[str, Any], status: str) -> Chat:
        self.status = status
        self.texts = [text for item in data["replies"] for text in texts_of(item)]
        self.log += [("bot", text) for text in self.texts]
        self.input = data.get("input")
        self.chips = list(data.get("suggestions", [])) or labels_of(self.input)
        last = data["replies"][-1] if data["replies"] else ""
        self._check = last.get("validate", {}) if isinstance(last, dict) else {}
        self._buttons = buttons_of(data["replies"])
        return self


@dataclass
class _Context:
    id: str
    questions: list[dict[str, Any]]
    answers: dict[str, Any]


def as_bytes(payload: Any) -> bytes:
    """JSON as SalesIQ writes it: UTF-8, with half characters as escapes since UTF-8 has none."""
    try:
        return json.dumps(payload, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(payload).encode()


def new_request_id() -> str:
    text = uuid.uuid4().hex
    return "-".join((text[:6], text[6:11], text[11:16], text[16:21]))


def texts_of(item: Any) -> list[str]:
    """All the words and addresses that a reply item shows."""
    if isinstance(item, str):
        return [item]
    shown = [item[key] for key in ("text", "image", "title", "subtitle", "url", "label") if item.get(key)]
    for row in (*item.get("links", ()), *item.get("elements", ())):
        shown += [row[key] for key in ("title", "subtitle", "text", "url", "image") if row.get(key)]
        shown += [action["label"] for action in row.get("actions", ())]
    return [*shown, *(action["label"] for action in item.get("actions", ()))]


def labels_of(card: Mapping[str, Any] | None) -> list[str]:
    if card is None:
        return []
    if card["type"] == "drop-down":
        return [option["label"] for option in card["options"]]
    return list(card.get("options", card.get("values", [])))


def buttons_of(replies: Sequence[Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    """Label -> (element's id, action) of all carousels; of equal labels the first."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for item in replies:
        if not isinstance(item, dict):
            continue
        for action in item.get("actions", ()):
            found.setdefault(action["label"], ("", action))
        for element in item.get("elements", ()):
            for action in element.get("actions", ()):
                found.setdefault(action["label"], (element["id"], action))
    return found


def card_answer(card: Mapping[str, Any], value: Any, zone: str) -> tuple[str, dict[str, Any]]:
    """The text and card data of an answered card; AssertionError for an answer that the card would not let through.

    select, slider: a label. multiple-select, multiple drop-down: a list of labels. range-slider: two labels.
    calendar: a date or datetime (or ISO text, or dd/mm/yyyy). range-calendar: two of them. timeslots: "10:30".
    date-timeslots: "03/11/2026 10:30". star-rating, happiness-rating: a number from 1. like: True or False.
    location: (latitude, longitude). name, email, tel, url: text.
    """
    kind = card["type"]
    if kind in ("select", "slider"):
        labels = labels_of(card)
        assert value in labels, f"{value!r} is none of {labels}"
        return value, {"type": kind, "value": value}
    if kind == "multiple-select" or (kind == "drop-down" and card.get("multiple")):
        return _several(card, [value] if isinstance(value, str) else list(value))
    if kind == "drop-down":
        option = next((option for option in card["options"] if option["label"] == value), None)
        assert option, f"{value!r} is none of {labels_of(card)}"
        return value, {"type": kind, "value": option["value"], "label": value}
    if kind == "range-slider":
        low, high = value
        assert card["values"].index(low) <= card["values"].index(high), "the range is upside down"
        return f"{low} - {high}", {"from": low, "to": high}
    if kind in ("calendar", "range-calendar"):
        return _dates(card, value, zone)
    if kind in ("timeslots", "date-timeslots"):
        return _slot(card, value)
    return _rating_or_text(card, value)


def _several(card: Mapping[str, Any], labels: list[str]) -> tuple[str, dict[str, Any]]:
    known = labels_of(card)
    assert set(labels) <= set(known), f"{labels} are not all of {known}"
    assert card.get("min_selection", 1) <= len(labels) <= card.get("max_selection", len(known)), "too few or too many"
    values = labels
    if card["type"] == "drop-down":
        by_label = {option["label"]: option["value"] for option in card["options"]}
        values = [by_label[label] for label in labels]
    return ", ".join(labels), {"type": card["type"], "values": values}


def _dates(card: Mapping[str, Any], value: Any, zone: str) -> tuple[str, dict[str, Any]]:
    if card["type"] == "range-calendar":
        (text_a, data_a), (text_b, data_b) = (_date(card, part, zone) for part in value)
        assert data_a["epoch_ms"] <= data_b["epoch_ms"], "the range is upside down"
        return f"{text_a} - {text_b}", {"from": data_a, "to": data_b}
    return _date(card, value, zone)


def _date(card: Mapping[str, Any], value: Any, zone: str) -> tuple[str, dict[str, Any]]:
    moment = _moment(value).replace(tzinfo=ZoneInfo(zone))
    epoch = int(moment.timestamp() * 1000)
    for bound, beyond in (("from", epoch.__lt__), ("to", epoch.__gt__)):
        limit = str(card.get(bound, ""))
        if limit and limit[0] not in "+-":
            assert not beyond(int(limit)), f"{value} lies beyond {bound}"
    text = moment.strftime("%d/%m/%Y %H:%M" if card.get("time") else "%d/%m/%Y")
    return text, {"value": moment.isoformat(), "epoch_ms": epoch, "time_zone_id": zone}


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    for format in ("%d/%m/%Y %H:%M", "%d/%m/%Y"):
        try:
            return datetime.strptime(value, format)
        except ValueError:
            continue
    return datetime.fromisoformat(value)


def _slot(card: Mapping[str, Any], value: str) -> tuple[str, dict[str, Any]]:
    zone = card.get("time_zone_id", "")
    if card["type"] == "timeslots":
        assert value in card["slots"], f"{value} is none of {card['slots']}"
        return value, {"date": card.get("date", ""), "time": value, "time_zone_id": zone}
    day, _, time = value.partition(" ")
    assert time in card["slots"].get(day, []), f"{value} is none of {card['slots']}"
    return value, {"date": day, "time": time, "time_zone_id": zone}


def _rating_or_text(card: Mapping[str, Any], value: Any) -> tuple[str, dict[str, Any]]:
    match card["type"]:
        case "star-rating":
            assert 1 <= value <= card.get("level", 5), "no such star"
            return str(value), {"value": value, "level": card.get("level", 5)}
        case "happiness-rating":
            level = card.get("level", 5)
            faces = HAPPINESS if level == 5 else HAPPINESS[1:4]
            return faces[value - 1], {"value": value, "level": level}
        case "like":
            word = "like" if value else "dislike"
            return f":thumbs{'up' if value else 'down'}:", {"value": word}
        case "location":
            latitude, longitude = (str(part) for part in value)
            return f"{latitude},{longitude}", {"latitude": latitude, "longitude": longitude}
        case _:
            return str(value), {}


def session_value(value: Any) -> dict[str, Any]:
    """A plug parameter as SalesIQ sends it: {"value", "meta": {"type", "value"}}."""
    if isinstance(value, bool):
        return {"value": value, "meta": {"type": "boolean", "value": str(value).lower()}}
    if isinstance(value, int | float):
        return {"value": value, "meta": {"type": "number", "value": str(value)}}
    if isinstance(value, dict):
        kind = "daterange" if "from" in value else "location"
        kept = {key: value[key] for key in ("from", "to", "latitude", "longitude") if key in value}
        return {"value": value, "meta": {"type": kind, "value": kept}}
    text = str(value)
    kind = "date" if isinstance(value, date) else "string"
    return {"value": text, "meta": {"type": kind, "value": text}}
