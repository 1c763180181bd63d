"""The app of a service, independent of what runs it."""

from __future__ import annotations

import contextvars
import dataclasses
import json
import re
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from platform_kit.contract import Contract, Route
from platform_kit.errors import HttpError, error_response
from platform_kit.idempotency import KEY_HEADER, Keys, KeyStore
from platform_kit.inputs import Input, read_input, subject_of
from platform_kit.items import Items
from platform_kit.log import Logger, describe_error
from platform_kit.messages import Request, Response
from platform_kit.region_health import PROBED_ITEM, RegionProbe
from platform_kit.served_by import HEADER as SERVED_BY_HEADER
from platform_kit.served_by import ServedBy
from platform_kit.trace import begin_trace, span_fields

Handler = Callable[[Input], Mapping[str, Any]]
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:=+/@-]{1,128}")
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_MAX_THREADS = 64


class App:
    """The app of a service: serves the routes of its contract and the health routes.

    It validates every request before its handler sees it, answers errors as JSON and logs each request. A handler takes
    the validated input and returns what the client gets with status 200; an `HttpError` that it raises becomes the
    answer.
    """

    def __init__(
        self,
        contract: Contract,
        handlers: Mapping[str, Handler],
        items: Items,
        log: Logger,
        *,
        request_timeout_seconds: float = 10,
        region_probe_seconds: float = 5,
        cors_origins: tuple[str, ...] = (),
        key_store: KeyStore | None = None,
        former_key_header: str = KEY_HEADER,
        served_by: ServedBy | None = None,
    ) -> None:
        ids = {route.id for route in contract.routes}
        if ids != set(handlers):
            raise ValueError(f"{contract.name}: handlers must be those of {sorted(ids)}, got {sorted(handlers)}")
        keyed = [route.id for route in contract.routes if route.idempotency is not None]
        if keyed and key_store is None:
            raise ValueError(f"{contract.name}: the routes {keyed} take idempotency keys, which need a table")
        self._keys = Keys(contract.name, key_store, request_timeout_seconds) if key_store is not None else None
        self._former_key_header = former_key_header
        self.served_by = served_by
        self._contract = contract
        self._handlers = handlers
        self._log = log
        self._timeout_seconds = request_timeout_seconds
        self._cors_origins = cors_origins
        self._executor = ThreadPoolExecutor(_MAX_THREADS, "handler")
        # Of its own, so that requests that wait for the table do not keep a probe from starting.
        probes = ThreadPoolExecutor(2, "probe")
        self._probe = RegionProbe(lambda: items.get(PROBED_ITEM), probes, region_probe_seconds)
        name = contract.name
        self._health = ("/healthz", f"/{name}/healthz")
        self._region_health = f"/{name}/healthz/region"

    def is_health(self, request: Request) -> bool:
        """Tells whether a request asks for health that needs nothing, which is answered at once."""
        return request.path in self._health

    def handle(self, request: Request) -> Response:
        """Answers a request, and logs it."""
        started = time.perf_counter()
        begin_trace(request.headers)
        route, subject, failure = "unmatched", None, None
        try:
            _refuse_hostile_path(request.path)
            route, subject, answer = self._route(request)
            response = answer()
        except Exception as error:
            failure = error
            response = error_response(error)
        request_id = _request_id(request)
        response.headers.update(self._cors(request.headers.get("origin")))
        response.headers.update({"x-request-id": request_id, "x-content-type-options": "nosniff"})
        response.headers.update(self.served_by.header() if self.served_by is not None else {})
        caller = {} if subject is None else {"subject": subject}
        self._log_request(request, route, response.status, started, request_id, failure, caller)
        return response

    def _route(self, request: Request) -> tuple[str, str | None, Callable[[], Response]]:
        """Returns what the log calls the route of a request, whose token it has, and what answers it."""
        method = "GET" if request.method == "HEAD" else request.method
        if method == "GET" and request.path in self._health:
            return "health", None, self._healthy
        if method == "GET" and request.path == self._region_health:
            return "health", None, self._probe_region
        found = self._contract.find(method, request.path)
        if found is None:
            raise HttpError(404, "route_not_found", "There is no such route")
        route, params = found
        return route.path, subject_of(route, request), lambda: self._answer(route, params, request)

    def _answer(self, route: Route, params: dict[str, str], request: Request) -> Response:
        given = read_input(route, params, request)
        if route.by_platform:
            given = dataclasses.replace(given, message_id=_request_id(request))
        context = contextvars.copy_context()
        work = self._executor.submit(context.run, self._work, route, request, given)
        try:
            return _json(work.result(self._timeout_seconds))
        except TimeoutError:
            if work.done():  # the handler's own
                raise
            work.cancel()
            raise HttpError(503, "timeout", "The service did not answer in time") from None

    def _work(self, route: Route, request: Request, given: Input) -> str:
        """Returns the answer to a request as JSON; one with a key has the answer that the key has already."""

        def handler(each: Input) -> str:
            return json.dumps(self._handlers[route.id](each), ensure_ascii=False, separators=(",", ":"))

        if route.idempotency is None or self._keys is None:
            return handler(given)
        own = route.parameters([unquote(segment) for segment in request.path.split("/")], former=False) is not None
        header = request.headers.get(KEY_HEADER if own else self._former_key_header)
        return self._keys.answer(route, header, given, handler)

    def _healthy(self) -> Response:
        response = _json(json.dumps({"status": "ok", "service": self._contract.name}, separators=(",", ":")))
        response.headers["cache-control"] = "no-store"
        return response

    def _probe_region(self) -> Response:
        self._probe.check()
        return self._healthy()

    def _cors(self, origin: str | None) -> dict[str, str]:
        if not self._cors_origins:
            return {}
        # What keeps the answer must not give it to a page of another origin.
        if origin is None or origin not in self._cors_origins:
            return {"vary": "Origin"}
        exposed = {"access-control-expose-headers": SERVED_BY_HEADER}
        return {"access-control-allow-origin": origin, **exposed, "vary": "Origin"}

    def _log_request(
        self,
        request: Request,
        route: str,
        status: int,
        started: float,
        request_id: str,
        failure: Exception | None,
        caller: Mapping[str, str],
    ) -> None:
        level = "error" if status >= 500 else "debug" if route == "health" else "info"
        why = {"failure": describe_error(failure)} if status >= 500 and failure else {}
        ms = round((time.perf_counter() - started) * 1_000, 1)
        fields = {"requestId": request_id, "method": request.method, "route": route, "status": status, "ms": ms}
        self._log.log(level, "request", **fields, **caller, **why, **span_fields())


def _json(text: str) -> Response:
    return Response(200, {"content-type": "application/json"}, text.encode())


def _request_id(request: Request) -> str:
    """Returns the id of a request: the gateway's, else a new one. An unusual one is ignored."""
    headers = request.headers
    candidates = (request.gateway_id, headers.get("x-request-id"), headers.get("apigw-requestid"))
    return next((each for each in candidates if each and _REQUEST_ID.fullmatch(each)), str(uuid.uuid4()))


def _refuse_hostile_path(path: str) -> None:
    """Refuses paths with dot segments, and those that are no percent-encoded UTF-8."""
    for segment in path.split("/"):
        try:
            decoded = unquote_to_bytes(segment).decode("utf-8")
        except UnicodeDecodeError:
            decoded = ".."
        if _PERCENT.search(segment) or decoded in (".", "..") or "\\" in decoded:
            message = "The path must be percent-encoded UTF-8 without dot segments"
            raise HttpError(400, "invalid_path", message)
