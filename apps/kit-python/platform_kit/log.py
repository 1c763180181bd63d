"""A log of one JSON object per line: `time`, `level`, `service`, `msg` and further fields."""

from __future__ import annotations

import json
import re
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from platform_kit.trace import trace_fields

LEVELS = ("debug", "info", "warn", "error")
"""Log levels, the least severe first."""
_MAX_LENGTH = 1_024
_MAX_DEPTH = 4
_MAX_ENTRIES = 32
_SECRET_NAME = re.compile(r"authorization|cookie|password|secret|token|api-?key|credential", re.IGNORECASE)
_BEARER = re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]+", re.IGNORECASE | re.ASCII)
# json.dumps leaves C1 controls, bidirectional and zero-width characters, which would reach a reader's terminal.
_UNSAFE = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


class Logger:
    """Writes lines. Secrets are replaced by `[redacted]`, long and deep values are cut."""

    def __init__(self, service: str, level: str = "info", write: Callable[[str], None] | None = None) -> None:
        self._service = service
        self._threshold = LEVELS.index(level)
        self._write = write or _to_stdout

    def debug(self, message: str, **fields: Any) -> None:
        self._line("debug", message, fields)

    def info(self, message: str, **fields: Any) -> None:
        self._line("info", message, fields)

    def warn(self, message: str, **fields: Any) -> None:
        self._line("warn", message, fields)

    def error(self, message: str, **fields: Any) -> None:
        self._line("error", message, fields)

    def log(self, level: str, message: str, **fields: Any) -> None:
        """Writes a line of a level that is known at run time only."""
        self._line(level, message, fields)

    def _line(self, level: str, message: str, fields: dict[str, Any]) -> None:
        if LEVELS.index(level) < self._threshold:
            return
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        head = {"time": now, "level": level, "service": self._service, "msg": _clean(message, 0)}
        line = {**head, **_clean(fields, 0), **trace_fields()}
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
        self._write(_UNSAFE.sub(lambda unit: f"\\u{ord(unit[0]):04x}", text) + "\n")


def describe_error(error: BaseException, depth: int = 0) -> dict[str, Any]:
    """Returns the fields of an error for the log, and the same of its causes, two levels deep."""
    cause = error.__cause__ if error.__cause__ is not None else error.__context__
    return {
        "error": type(error).__name__,
        "message": str(error),
        "stack": "".join(traceback.format_exception(type(error), error, error.__traceback__, chain=False)),
        **({"cause": describe_error(cause, depth + 1)} if cause is not None and depth < 2 else {}),
    }


def _clean(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        more = len(value) - _MAX_LENGTH
        shown = f"{value[:_MAX_LENGTH]}...[{more} more]" if more > 0 else value
        return _BEARER.sub(r"\1 [redacted]", shown)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if depth >= _MAX_DEPTH:
        return "[deeper]"
    if isinstance(value, (list, tuple)):
        return [_clean(each, depth + 1) for each in value[:_MAX_ENTRIES]]
    if isinstance(value, dict):
        entries = list(value.items())[:_MAX_ENTRIES]
        return {
            str(key)[:64]: "[redacted]" if _SECRET_NAME.search(str(key)) else _clean(each, depth + 1)
            for key, each in entries
        }
    return str(value)[:_MAX_LENGTH]


def _to_stdout(line: str) -> None:
    sys.stdout.write(line)
    sys.stdout.flush()
