"""Validation of values by the schemas of the contract, with the sentences that services in TypeScript say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

Schema = Mapping[str, Any]
Path = tuple[str | int, ...]
Issue = tuple[Path, str]

MISSING = object()
"""Value of a field that is not there."""
UNKNOWN_FIELD = "contains a field that is not allowed"
"""It does not name the field, because a message never contains what the client sent."""
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def validate(schema: Schema, value: Any, path: Path = ()) -> tuple[Any, list[Issue]]:
    """Returns a value as it is stored (texts in NFC), and what is wrong with it: where, and a sentence."""
    if "enum" in schema:
        choices = "|".join(f'"{each}"' for each in schema["enum"])
        rule = f"Invalid option: expected one of {choices}"
        return value, [] if value in schema["enum"] else [(path, rule)]
    check = _CHECKS.get(schema.get("type", ""))
    if check is None:
        raise ValueError(f"a schema must have a type of {', '.join(_CHECKS)}, got {schema.get('type')!r}")
    return check(schema, value, path)


def _string(schema: Schema, value: Any, path: Path) -> tuple[Any, list[Issue]]:
    rules: Mapping[str, str] = schema.get("x-platform-rules", {})
    if isinstance(value, list):
        # The validator of services in TypeScript measures whatever has a length.
        return value, [_mismatch("string", value, path), *_length_issues(schema, rules, value, "array", path)]
    if not isinstance(value, str):
        return value, [_mismatch("string", value, path)]
    text = unicodedata.normalize("NFC", value)
    issues = _length_issues(schema, rules, value, "string", path)
    if "pattern" in schema and not _expression(schema["pattern"]).search(text):
        rule = f"Invalid string: must match pattern /{schema['pattern']}/"
        issues.append((path, rules.get("pattern", rule)))
    if _LONE_SURROGATE.search(text):
        issues.append((path, "must be well-formed Unicode"))
    return text, issues


def _length_issues(
    schema: Schema, rules: Mapping[str, str], value: str | list[Any], kind: str, path: Path
) -> list[Issue]:
    """Measures a text in code points, as services in TypeScript and JSON schema do."""
    unit = "characters" if kind == "string" else "items"
    issues: list[Issue] = []
    if len(value) < schema.get("minLength", 0):
        issues.append((path, f"Too small: expected {kind} to have >={schema['minLength']} {unit}"))
    if "maxLength" in schema and len(value) > schema["maxLength"]:
        rule = f"Too big: expected {kind} to have <={schema['maxLength']} {unit}"
        issues.append((path, rules.get("maxLength", rule)))
    return issues


def _number(schema: Schema, value: Any, path: Path) -> tuple[Any, list[Issue]]:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value, [_mismatch("number", value, path)]
    if schema["type"] == "integer" and not isinstance(value, int):
        return value, [(path, "Invalid input: expected int, received number")]
    issues: list[Issue] = []
    if "minimum" in schema and value < schema["minimum"]:
        issues.append((path, f"Too small: expected number to be >={schema['minimum']}"))
    if "maximum" in schema and value > schema["maximum"]:
        issues.append((path, f"Too big: expected number to be <={schema['maximum']}"))
    return value, issues


def _boolean(_schema: Schema, value: Any, path: Path) -> tuple[Any, list[Issue]]:
    return value, [] if isinstance(value, bool) else [_mismatch("boolean", value, path)]


def _array(schema: Schema, value: Any, path: Path) -> tuple[Any, list[Issue]]:
    if not isinstance(value, list):
        return value, [_mismatch("array", value, path)]
    issues: list[Issue] = []
    if len(value) < schema.get("minItems", 0):
        issues.append((path, f"Too small: expected array to have >={schema['minItems']} items"))
    if len(value) > schema.get("maxItems", len(value)):
        issues.append((path, f"Too big: expected array to have <={schema['maxItems']} items"))
    items = []
    for i, each in enumerate(value):
        item, found = validate(schema["items"], each, (*path, i))
        items.append(item)
        issues.extend(found)
    return items, issues


def _object(schema: Schema, value: Any, path: Path) -> tuple[Any, list[Issue]]:
    if not isinstance(value, dict):
        return value, [_mismatch("object", value, path)]
    properties: Mapping[str, Schema] = schema.get("properties", {})
    required = schema.get("required", ())
    fields: dict[str, Any] = {}
    issues: list[Issue] = []
    for name, each in properties.items():
        field = value.get(name, MISSING)
        if field is MISSING and name not in required:
            continue
        fields[name], found = validate(each, field, (*path, name))
        issues.extend(found)
    # Only the messages of the platform are of open objects: what is not listed is left out.
    if schema.get("additionalProperties") is False and any(name not in properties for name in value):
        issues.append((path, UNKNOWN_FIELD))
    return fields, issues


_CHECKS = {
    "string": _string,
    "integer": _number,
    "number": _number,
    "boolean": _boolean,
    "array": _array,
    "object": _object,
}


def sentences(subject: str, issues: list[Issue], most: int = 5) -> str:
    """Describes problems in one line. `subject` is what the paths begin with, such as `body`."""
    return "; ".join(f"{subject}{''.join(_step(each) for each in path)}: {text}" for path, text in issues[:most])


def _step(key: str | int) -> str:
    return f"[{key}]" if isinstance(key, int) else f".{key}"


def _mismatch(expected: str, value: Any, path: Path) -> Issue:
    return path, f"Invalid input: expected {expected}, received {_name_of(value)}"


def _name_of(value: Any) -> str:
    if value is MISSING:
        return "undefined"
    names = {bool: "boolean", int: "number", float: "number", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "null")


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """Compiles a pattern of the contract, one of JavaScript: there `$` is the end of the text and nothing else."""
    return re.compile(f"{pattern[:-1]}\\Z" if pattern.endswith("$") else pattern, re.ASCII)
