"""The contract of a service: its OpenAPI file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from platform_kit.schema import Schema

METHODS = ("get", "put", "post", "patch", "delete")


@dataclass(frozen=True)
class Idempotency:
    """How a POST is done once, however often it is sent with one key; see docs/idempotency.md."""

    required: bool
    """Whether a request without the header `Idempotency-Key` is refused, or done each time that it comes."""
    exact: bool = False
    """Whether keys are claimed in one region for all."""


@dataclass(frozen=True)
class Route:
    """One route of the contract."""

    id: str
    method: str
    path: str
    query: Schema | None
    """Schema of the query parameters; without one, none is read."""
    body: Schema | None
    """Schema of the JSON body; without one, none is read."""
    signed_in: bool
    """Whether it needs a token, which the gateway verifies."""
    by_platform: bool = False
    """Whether the platform itself hands messages to it, and no gateway has it."""
    idempotency: Idempotency | None = None
    """How it takes idempotency keys; without it, it takes none."""
    former_path: str | None = None
    """One more path, which clients of an existing gateway know; without one, there is none."""

    def parameters(self, segments: list[str], *, former: bool = True) -> dict[str, str] | None:
        """Returns the parameters of a request's path; None when it is a path of another route."""
        paths = (self.path, self.former_path) if self.former_path and former else (self.path,)
        return next((found for path in paths if (found := _parameters(path, segments)) is not None), None)


def _parameters(path: str, segments: list[str]) -> dict[str, str] | None:
    own = path.split("/")
    if len(own) != len(segments):
        return None
    found: dict[str, str] = {}
    for mine, given in zip(own, segments, strict=True):
        if mine.startswith("{") and given != "":
            found[mine[1:-1]] = given
        elif mine != given:
            return None
    return found


@dataclass(frozen=True)
class Contract:
    """The contract of a service, as far as its own code needs it. The platform has checked the rest when it planned."""

    name: str
    routes: tuple[Route, ...]

    @staticmethod
    def read(file: Path) -> Contract:
        """Reads a contract from its file."""
        document = json.loads(file.read_text("utf-8"))
        routes = [
            _route(document, path, method, operations[method])
            for path, operations in document["paths"].items()
            for method in METHODS
            if method in operations
        ]
        return Contract(document["x-platform-service"]["name"], tuple(routes))

    def with_former_paths(self, paths: Mapping[str, str]) -> Contract:
        """Returns the contract with further paths of its routes, by route id."""
        routes = (replace(route, former_path=paths.get(route.id)) for route in self.routes)
        return replace(self, routes=tuple(routes))

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """Returns the route of a request and the parameters of its path."""
        segments = [unquote(segment) for segment in path.split("/")]
        for route in self.routes:
            if route.method == method and (parameters := route.parameters(segments)) is not None:
                return route, parameters
        return None


def _route(document: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any]) -> Route:
    query = [each for each in operation.get("parameters", ()) if each["in"] == "query"]
    body = operation.get("requestBody")
    return Route(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        query={
            "type": "object",
            "properties": {each["name"]: _resolved(document, each["schema"]) for each in query},
            "required": [each["name"] for each in query if each.get("required")],
            "additionalProperties": False,
        }
        if query
        else None,
        body=_resolved(document, body["content"]["application/json"]["schema"]) if body else None,
        signed_in=bool(operation.get("security", document.get("security", ()))),
        by_platform=operation.get("x-platform-access") == "platform",
        idempotency=Idempotency(**keys) if (keys := operation.get("x-platform-idempotency")) else None,
    )


def _resolved(document: Mapping[str, Any], schema: Any) -> Any:
    """Returns a schema with what its references name in their place."""
    if isinstance(schema, list):
        return [_resolved(document, each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" not in schema:
        return {key: _resolved(document, each) for key, each in schema.items()}
    target: Any = document
    for key in re.sub("^#/", "", schema["$ref"]).split("/"):
        target = target[key.replace("~1", "/").replace("~0", "~")]
    return _resolved(document, target)
