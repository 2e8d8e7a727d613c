"""`http`: a plug without code: a templated request, the answer's parts kept under names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from motenashi.conversation.assurance import Assurance
from motenashi.flow_engine import texts
from motenashi.flow_engine.flow import Flow, Step, Target
from motenashi.flow_engine.outcome import Exit, Next, Outcome
from motenashi.flow_engine.services import HttpCall, ServiceFailed
from motenashi.flow_engine.steps.plug import failed
from motenashi.flow_engine.steps.step_kind import StepKind, StepSpec, from_personal
from motenashi.flow_engine.texts import LocalText, Value
from motenashi.flow_engine.turn import Turn
from motenashi.yaml_fields import FieldReader

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True)
class Request:
    url: Annotated[LocalText, "The address; its host must be on the allow-list. Values in it are escaped."]
    method: Annotated[Method, "The verb."] = "GET"
    query: Annotated[Mapping[str, Value], "What stands behind the ?."] = field(default_factory=dict)
    headers: Annotated[Mapping[str, str], "Headers; ${NAME} is a secret that config.yaml names."] = field(
        default_factory=dict
    )
    body: Annotated[Value | None, "The JSON body."] = None
    expect: Annotated[tuple[int, ...], "Statuses that count as success; any 2xx without it."] = ()


@dataclass(frozen=True, kw_only=True)
class HttpSpec(StepSpec):
    http: Annotated[Request, "The request."]
    map: Annotated[
        Mapping[str, str], "Name -> dotted path in the answer (`data.0.title`); all of it without a map."
    ] = field(default_factory=dict)
    save: Annotated[str, "Keep the answer under this name."] = ""
    reveals: Annotated[
        Literal["nothing", "personal"], "personal: only for verified visitors, and what it gives is theirs alone."
    ] = "nothing"
    on_error: Annotated[Target | None, "Where to go when it fails; without it, a sorry and on."] = None
    timeout: Annotated[float, "Wait at most this many seconds."] = 3.0
    defaults: Annotated[Mapping[str, Value], "What to go on with when it fails."] = field(default_factory=dict)


class CallHttp(StepKind[HttpSpec]):
    name: ClassVar[str] = "http"
    spec = HttpSpec
    meaning: ClassVar[str] = "Asks another system over HTTP, without code, and keeps parts of its answer."

    def run(self, spec: HttpSpec, turn: Turn) -> Outcome:
        request = spec.http
        personal = spec.reveals == "personal"
        if personal and turn.identity.level < Assurance.VERIFIED:
            return failed(spec, turn, ServiceFailed("refused", "the visitor is not verified"))
        call = HttpCall(
            method=request.method,
            url=texts.render_url(request.url.source(turn.language), turn.scope),
            query={name: _word(turn.value(value)) for name, value in request.query.items()},
            headers=dict(request.headers),
            body=turn.value(request.body) if request.body else None,
            timeout=spec.timeout,
            key=turn.key("http") if request.method != "GET" else "",
        )
        try:
            answer = turn.services.call_http(call)
            if not _expected(answer.status, request.expect):
                raise ServiceFailed("status", f"{request.method} was answered {answer.status}")
        except ServiceFailed as error:
            return failed(spec, turn, error)
        if spec.save:
            turn.save(spec.save, _mapped(answer.data, spec.map), personal=personal or from_personal(request, turn))
        return Next()

    def exits(self, spec: HttpSpec) -> Iterable[Exit]:
        yield Exit("then", spec.then)
        if spec.on_error:
            yield Exit("on_error", spec.on_error, by="error")

    def problems(self, step: Step, flow: Flow, reader: FieldReader) -> None:
        for source in step.spec.http.url.all_sources():
            host = source.split("://", 1)[-1].split("/", 1)[0]
            if not source.startswith(("http://", "https://")) or texts.is_template(host):
                hint = "https://shop.example.com/orders/{{ order_number }}"
                reader.problem(
                    step.line, f"step '{step.id}': the url must begin with http(s):// and a fixed host.", hint
                )
                return


def _expected(status: int, expect: tuple[int, ...]) -> bool:
    return status in expect if expect else 200 <= status < 300


def _mapped(data: Any, paths: Mapping[str, str]) -> Any:
    if not paths:
        return data
    # A list or a bare value is reached as `0.title` or '': put it below an empty name and begin there.
    return {
        name: texts.look_up(f"answer.{path}" if path else "answer", {"answer": data}) for name, path in paths.items()
    }


def _word(value: Any) -> str:
    return "" if value is None else str(value)
