"""Errors that clients are told about."""

from __future__ import annotations

import json

from platform_kit.messages import Response

RETRY_AFTER_SECONDS = "1"
"""Seconds that a client should wait after a 409 or 503."""


class HttpError(Exception):
    """An error whose response has this status and the body `{"code", "message"}`.

    Clients match on `code`. The message is for people and must never contain what the client sent. What it was raised
    from only goes to the log.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def error_response(error: BaseException) -> Response:
    """Makes the response to any error: that of an `HttpError`, or a 500 `internal_error` without details."""
    if not isinstance(error, HttpError):
        error = HttpError(500, "internal_error", "The service failed to answer")
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    if error.status in (409, 503):
        headers["retry-after"] = RETRY_AFTER_SECONDS
    body = json.dumps({"code": error.code, "message": error.message}, separators=(",", ":"))
    return Response(error.status, headers, body.encode())
