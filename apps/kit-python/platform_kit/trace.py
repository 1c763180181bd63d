"""The trace that a request belongs to, W3C's `traceparent`."""

from __future__ import annotations

import re
from contextvars import ContextVar

# Version 00 of https://www.w3.org/TR/trace-context/: neither id is zero.
_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII)

current_trace: ContextVar[str | None] = ContextVar("current_trace", default=None)
"""The `traceparent` of the request that is being served, which calls of other services pass on."""


def trace_headers() -> dict[str, str]:
    """Returns the headers by which a request that a handler sends belongs to the trace of the one that it serves."""
    trace = current_trace.get()
    return {} if trace is None else {"traceparent": trace}


def valid_trace(header: str | None) -> str | None:
    """Returns a header that is a valid `traceparent`, else None."""
    return header if header is not None and _TRACEPARENT.fullmatch(header) else None
