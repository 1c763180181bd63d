"""Has schemathesis read streams: answers of a JSON object per line, whose schema in the documents is that of a line."""

import json
from typing import Any

import schemathesis

LINES = "application/x-ndjson"


@schemathesis.deserializer(LINES)
def read_lines(_context: Any, response: Any) -> list[Any]:
    """Return the objects; raises ValueError where a line is not JSON or not ended, which schemathesis reports."""
    *lines, rest = response.content.decode("utf-8").split("\n")
    if rest:
        raise ValueError("the last line is not ended")
    return [json.loads(line) for line in lines]


@schemathesis.hook
def before_load_schema(_context: Any, raw_schema: dict[str, Any]) -> None:
    """Replace the schema of a line by one of all lines, as schemathesis applies it to what `read_lines` returns."""
    for path in raw_schema["paths"].values():
        for operation in path.values():
            for response in operation["responses"].values():
                content = response.get("content", {}).get(LINES)
                if content is not None:
                    content["schema"] = {"type": "array", "items": content["schema"]}
