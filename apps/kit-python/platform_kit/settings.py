"""Settings from environment variables, the same as those of services in TypeScript."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from platform_kit.log import LEVELS

Environment = Mapping[str, str]


class SettingsError(Exception):
    """One sentence that names the environment variable that is missing or invalid."""


@dataclass(frozen=True)
class AppSettings:
    """Settings of every adapter."""

    service_name: str
    region: str
    table_name: str
    log_level: str
    request_timeout_seconds: float
    region_probe_seconds: float
    cors_origins: tuple[str, ...]
    former_paths: Mapping[str, str]
    """One more path of a route, by its id: FORMER_PATH_<ROUTE>, which clients of an existing gateway know."""
    former_key_header: str
    """Header that requests to such a path have their idempotency key in."""


@dataclass(frozen=True)
class ServerSettings:
    """Settings of an HTTP server."""

    host: str
    port: int
    drain_seconds: float
    """Longer by default than the 10 s that Cloud Map's answers are cached."""
    keep_alive_seconds: float
    """Longer by default than the balancer's idle timeout of 60 s, so that it never reuses a closed connection."""


@dataclass(frozen=True)
class KeySettings:
    """Where the idempotency keys of a service are."""

    table: str
    home: str | None
    """Region where they are claimed for all; None for a service whose keys have none."""
    home_endpoint: str | None
    """Where that region's tables are on one machine; the SDK has no variable for it."""


class _Reader:
    def __init__(self, service: str, env: Environment) -> None:
        self._service = service
        self._env = env

    def invalid(self, name: str, rule: str) -> SettingsError:
        got = json.dumps(self._env.get(name))
        return SettingsError(f"{self._service}: {name} must be {rule}, got {got}; set the environment variable {name}")

    def text(self, name: str, default: str | None = None) -> str:
        value = self._env.get(name) or default
        if value is None:
            raise SettingsError(f"{self._service}: {name} is missing; set the environment variable {name}")
        return value

    def one_of(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise self.invalid(name, f"one of {', '.join(allowed)}")
        return value

    def number(self, name: str, minimum: float, maximum: float, default: float | None = None) -> float:
        value = self.text(name, None if default is None else f"{default:g}")
        valid = re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", value)
        if not valid or not minimum <= float(value) <= maximum:
            raise self.invalid(name, f"a number from {minimum:g} to {maximum:g}")
        return float(value)


def app_settings(service: str, env: Environment) -> AppSettings:
    """Reads the settings of every adapter. Raises `SettingsError`."""
    variable = _Reader(service, env)
    return AppSettings(
        service_name=variable.text("SERVICE_NAME", service),
        region=variable.text("AWS_REGION"),
        table_name=variable.text("TABLE_NAME"),
        log_level=variable.one_of("LOG_LEVEL", LEVELS, "info"),
        request_timeout_seconds=variable.number("REQUEST_TIMEOUT_SECONDS", 0.05, 900, 10),
        region_probe_seconds=variable.number("REGION_PROBE_SECONDS", 0.05, 60, 5),
        cors_origins=tuple(origin for origin in env.get("CORS_ORIGINS", "").split(",") if origin),
        former_paths={
            name.removeprefix("FORMER_PATH_").lower().replace("_", "-"): path
            for name, path in env.items()
            if name.startswith("FORMER_PATH_")
        },
        former_key_header=variable.text("FORMER_KEY_HEADER", "idempotency-key"),
    )


def key_settings(service: str, env: Environment) -> KeySettings:
    """Reads where the keys are. Raises `SettingsError`."""
    table = _Reader(service, env).text("TABLE_IDEMPOTENCY_KEYS")
    home = env.get("TABLE_IDEMPOTENCY_KEYS_HOME")
    endpoint = env.get(f"AWS_ENDPOINT_URL_DYNAMODB_IN_{home.replace('-', '_').upper()}") if home else None
    return KeySettings(table, home, endpoint)


def server_settings(service: str, env: Environment) -> ServerSettings:
    """Reads the settings of an HTTP server. Raises `SettingsError`."""
    variable = _Reader(service, env)
    port = variable.number("PORT", 0, 65_535)
    if not port.is_integer():
        raise variable.invalid("PORT", "a whole number")
    return ServerSettings(
        host=variable.text("HOST", "0.0.0.0"),
        port=int(port),
        drain_seconds=variable.number("DRAIN_SECONDS", 0, 600, 15),
        keep_alive_seconds=variable.number("KEEP_ALIVE_SECONDS", 1, 3_600, 75),
    )
