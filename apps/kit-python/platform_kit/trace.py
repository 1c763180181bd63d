"""The trace that a request belongs to, W3C's `traceparent`, and the spans of what it calls."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

# Version 00 of https://www.w3.org/TR/trace-context/: neither id is zero.
_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})", re.ASCII)
# The trace of AWS's gateways and balancers, whose id is one of W3C with two dashes.
_AWS_ROOT = re.compile(r"\bRoot=1-([0-9a-f]{8})-([0-9a-f]{24})\b", re.ASCII)
_MAX_SPANS = 32
_TRACING = os.environ.get("TRACES") != "off"


@dataclass(frozen=True)
class Trace:
    """The trace of the request that is served, and the span of it that is at work."""

    trace_id: str
    span_id: str
    parent_span_id: str | None
    sampled: bool
    started: float = field(default_factory=time.perf_counter)
    spans: list[dict[str, Any]] = field(default_factory=list)
    """Spans that have ended."""


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def begin_trace(headers: Mapping[str, str]) -> None:
    """Takes on the trace of a request: that of `traceparent`, else that of AWS's gateways, else a new one."""
    sent = _TRACEPARENT.fullmatch(headers.get("traceparent", ""))
    root = _AWS_ROOT.search(headers.get("x-amzn-trace-id", ""))
    trace_id = sent[1] if sent else root[1] + root[2] if root else secrets.token_hex(16)
    sampled = _TRACING and (sent is None or int(sent[3], 16) & 1 == 1)
    _current.set(Trace(trace_id, secrets.token_hex(8), sent[2] if sent else None, sampled))


def trace_headers() -> dict[str, str]:
    """Returns the headers by which a request that a handler sends belongs to the trace of the one that it serves."""
    trace = _current.get()
    if trace is None:
        return {}
    return {"traceparent": f"00-{trace.trace_id}-{trace.span_id}-{'01' if trace.sampled else '00'}"}


def _end_span(parent: Trace, name: str, started: float, attributes: Mapping[str, Any]) -> None:
    """Notes a span that has ended. Times are milliseconds from the start of the request."""
    if len(parent.spans) == _MAX_SPANS:
        return
    times = {"startMs": _ms(started - parent.started), "ms": _ms(time.perf_counter() - started)}
    ids = {"name": name, "spanId": secrets.token_hex(8), "parentSpanId": parent.span_id}
    parent.spans.append({**ids, **times, **attributes})


def trace_fields() -> dict[str, str]:
    """Returns the fields of a log line that say which trace and span it belongs to; none outside of a request."""
    trace = _current.get()
    return {} if trace is None or not trace.sampled else {"traceId": trace.trace_id, "spanId": trace.span_id}


def span_fields() -> dict[str, Any]:
    """Returns the fields of the line of a request that has ended: the span that sent it, and its own spans."""
    trace = _current.get()
    if trace is None or not trace.sampled:
        return {}
    parent = {} if trace.parent_span_id is None else {"parentSpanId": trace.parent_span_id}
    return {**parent, **({"spans": trace.spans} if trace.spans else {})}


def traced_store(client: Any) -> Any:
    """Makes each call of a client of DynamoDB a span of the request that is served, with its attempts."""

    def begin(params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["span"] = (_current.get(), time.perf_counter(), params.get("TableName"))

    def end(model: Any, context: dict[str, Any], exception: Exception | None = None, **_: Any) -> None:
        parent, started, table = context.get("span", (None, 0.0, None))
        if parent is None or not parent.sampled:
            return
        place = {"db.collection.name": table} if isinstance(table, str) else {}
        failed = {} if exception is None else {"error.type": type(exception).__name__}
        attributes = {"db.system.name": "aws.dynamodb", "rpc.method": model.name, **place, **failed}
        _end_span(parent, model.name, started, attributes)

    client.meta.events.register("provide-client-params.dynamodb", begin)
    client.meta.events.register("after-call.dynamodb", end)
    client.meta.events.register("after-call-error.dynamodb", end)
    return client


def _ms(seconds: float) -> float:
    return round(seconds * 1_000, 1)
