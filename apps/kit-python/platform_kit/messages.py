"""Requests and responses, independent of what carries them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

BODY_LIMIT_BYTES = 256 * 1024
"""Largest body that a service accepts, below DynamoDB's 400 KB per item and the gateways' 10 MB per request."""
GATEWAY_LIMIT_BYTES = 10 * 1024 * 1024


class UnreadBody(Enum):
    """Why an adapter has no body for the app."""

    TOO_LARGE = "too large"
    CUT_SHORT = "cut short"


@dataclass(frozen=True)
class Request:
    """One request, as a server or a function got it."""

    method: str
    path: str
    """Percent-encoded as the client sent it, without query."""
    query: str = ""
    """Percent-encoded, without `?`."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By name in lower case."""
    body: bytes | UnreadBody = b""
    gateway_id: str | None = None
    """Id that the gateway which invoked the function gave to the request."""
    subject: str | None = None
    """Whose token the gateway says that it has verified. A server has it from a header, a function from its event."""


@dataclass(frozen=True)
class Response:
    """One answer."""

    status: int
    headers: dict[str, str]
    """By name in lower case."""
    body: bytes
