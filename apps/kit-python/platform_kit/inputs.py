"""Reading and validating everything that a route takes from a request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from platform_kit.body import read_json
from platform_kit.contract import Route
from platform_kit.errors import HttpError
from platform_kit.messages import Request
from platform_kit.schema import Schema, sentences, validate

_SUBJECT = re.compile(r"[A-Za-z0-9._:@|+/=-]{1,300}")

ITEM_ID: Schema = {
    "type": "string",
    "maxLength": 128,
    # Matches in one way only; an ambiguous expression would take quadratic time on a long id made to be slow.
    "pattern": r"^\.*[A-Za-z0-9_-][A-Za-z0-9._-]*$",
    "x-platform-rules": {
        "maxLength": "must be at most 128 characters",
        "pattern": "must be letters, digits, dots, underscores or hyphens",
    },
}
"""An item's id, and every other parameter of a path: 1-128 of A-Z a-z 0-9 . _ - and not only dots."""


@dataclass(frozen=True)
class Input:
    """Validated input of one route."""

    params: dict[str, str]
    query: dict[str, str]
    body: dict[str, Any]
    subject: str | None = None
    """Whose token the gateway has verified; None on routes that need no token."""
    new_id: str = ""
    """Id for what a route with idempotency keys makes: the same when a request is sent again by its key."""
    message_id: str = ""
    """Id of the message that the platform hands over, the same each time that it does; of a route for messages."""


def read_input(route: Route, params: dict[str, str], request: Request) -> Input:
    """Reads what a route takes.

    Raises `HttpError`: 400 `invalid_id`, `invalid_query`, `invalid_body` or `id_mismatch`, and those of `read_json`.
    """
    ids = {name: _check(ITEM_ID, value, "invalid_id", name) for name, value in params.items()}
    query = _check(route.query, _query_of(request), "invalid_query", "query") if route.query else {}
    body = _check(route.body, read_json(request), "invalid_body", "body") if route.body else {}
    if "id" in ids and "id" in body and body["id"] != ids["id"]:
        raise HttpError(400, "id_mismatch", "The id in the body must be the id in the path")
    return Input(ids, query, body, subject_of(route, request))


def subject_of(route: Route, request: Request) -> str | None:
    """Returns whose token the gateway has verified. No gateway has verified one for a route that needs none."""
    subject = request.subject if route.signed_in or route.by_platform else None
    return subject if isinstance(subject, str) and _SUBJECT.fullmatch(subject) else None


def _query_of(request: Request) -> dict[str, str | list[str]]:
    """Returns the query parameters; a repeated one as a list, which no schema takes."""
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(request.query, keep_blank_values=True):
        values.setdefault(name, []).append(value)
    return {name: each[0] if len(each) == 1 else each for name, each in values.items()}


def _check(schema: Schema, value: Any, code: str, subject: str) -> Any:
    read, issues = validate(schema, value)
    if issues:
        raise HttpError(400, code, sentences(subject, issues))
    return read
