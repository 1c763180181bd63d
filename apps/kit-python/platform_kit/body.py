"""Reading JSON bodies strictly, so that no other parser reads the same bytes differently."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from platform_kit.errors import HttpError
from platform_kit.messages import BODY_LIMIT_BYTES, Request, UnreadBody

MAX_DEPTH = 32
MAX_EXACT = 2**53 - 1
"""Above it, neighbouring integers are the same double to other readers."""
_JSON_TYPE = re.compile(r'application/json[ \t]*(;[ \t]*charset=("utf-8"|utf-8)[ \t]*)?', re.IGNORECASE)
_FORBIDDEN_KEYS = frozenset({"__proto__", "constructor", "prototype"})
"""Harmless here; a reader in JavaScript of what is stored would reach a prototype by them."""
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_MAX_DIGITS = 400
"""Longer integers are not converted: Python refuses some thousands of digits, and none of them is exact."""


def read_json(request: Request) -> Any:
    """Reads the JSON body of a request.

    Raises `HttpError`: 415 `unsupported_media_type`, 413 `payload_too_large`, 400 `invalid_json`.
    """
    if not _JSON_TYPE.fullmatch(request.headers.get("content-type", "")):
        raise HttpError(415, "unsupported_media_type", "Content-Type must be application/json in UTF-8")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise HttpError(415, "unsupported_media_type", "Content-Encoding must be absent")
    declared = request.headers.get("content-length", "")
    if (declared.isdecimal() and int(declared) > BODY_LIMIT_BYTES) or request.body is UnreadBody.TOO_LARGE:
        raise _too_large()
    if isinstance(request.body, UnreadBody):
        raise _invalid("The body was cut short")
    if len(request.body) > BODY_LIMIT_BYTES:
        raise _too_large()
    return parse_json(request.body)


def parse_json(source: bytes) -> Any:
    """Parses JSON in UTF-8 without a byte order mark, at most 32 levels deep, whose numbers a double has exactly.

    Raises `HttpError`, 400 `invalid_json`.
    """
    try:
        text = source.decode("utf-8")
    except UnicodeDecodeError:
        raise _invalid("The body must be UTF-8") from None
    if text.startswith("\ufeff"):
        raise _invalid("The body must not begin with a byte order mark")
    if nests_deeper_than(text, MAX_DEPTH):
        raise _invalid(f"The body must not nest deeper than {MAX_DEPTH} levels")
    try:
        value = json.loads(text, parse_int=_integer, parse_float=_number, parse_constant=_refuse_constant)
    except ValueError:
        raise _invalid("The body must be JSON") from None
    _refuse_unsafe(value)
    return value


def nests_deeper_than(text: str, limit: int) -> bool:
    """Tells whether arrays and objects in JSON nest deeper than `limit` levels, without parsing it."""
    depth = 0
    for bracket in re.findall(r"[\[{\]}]", _STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > limit:
            return True
    return False


def _integer(digits: str) -> int | float:
    return math.inf if len(digits) > _MAX_DIGITS else int(digits)


def _number(digits: str) -> int | float:
    """Reads `1.0` and `1e2` as the integers that they are in JSON."""
    number = float(digits)
    return int(number) if number.is_integer() and abs(number) <= MAX_EXACT else number


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _refuse_unsafe(root: Any) -> None:
    unchecked = [root]
    while unchecked:
        value = unchecked.pop()
        if isinstance(value, dict):
            if not _FORBIDDEN_KEYS.isdisjoint(value):
                raise _invalid("The body contains a field name that is not allowed")
            unchecked.extend(value.values())
        elif isinstance(value, list):
            unchecked.extend(value)
        elif isinstance(value, (int, float)) and not _is_exact(value):
            raise _invalid("The body contains a number that is too large to be exact")


def _is_exact(value: int | float) -> bool:
    return abs(value) <= MAX_EXACT if value == math.inf or float(value).is_integer() else math.isfinite(value)


def _invalid(message: str) -> HttpError:
    return HttpError(400, "invalid_json", message)


def _too_large() -> HttpError:
    return HttpError(413, "payload_too_large", f"The body must be at most {BODY_LIMIT_BYTES} bytes")
