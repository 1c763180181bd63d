"""Who answers: the region, the zone and the server, for the header `x-served-by`."""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Mapping
from urllib.parse import urlsplit

from platform_kit.settings import Environment

HEADER = "x-served-by"

_ASK_SECONDS = 2
"""AWS answers within milliseconds. A machine that just starts may take longer, and another machine does not answer."""
_ATTEMPTS = 3
_WAIT_SECONDS = 0.5
"""Longest time that an answer waits for it."""
_MOST_BYTES = 65_536
_INSTANCE_SERVICE = "http://169.254.169.254"
_VALUE = re.compile(r"[a-z0-9-]{1,40}")
_STREAM = re.compile(r"\]([0-9a-f]{8})")


class ServedBy:
    """Finds out where the process runs, as the kit in TypeScript does.

    Of a task it is told by ECS, of an instance by its metadata service (version 2), of a function by Lambda. Nothing
    waits for it, so that a service starts and answers without them; what is not known is left out.
    """

    def __init__(self, env: Environment) -> None:
        self._found: dict[str, str | None] = {"region": env.get("AWS_REGION")}
        self._thread = threading.Thread(target=self._ask, args=(env,), daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Returns when AWS has answered or will not, after half a second at most."""
        self._thread.join(_WAIT_SECONDS)

    def header(self) -> Mapping[str, str]:
        """Returns the header; nothing where not even the region is known."""
        known = [f"{name}={value}" for name, value in self._found.items() if value and _VALUE.fullmatch(value)]
        return {HEADER: ", ".join(known)} if known else {}

    def _ask(self, env: Environment) -> None:
        for _ in range(_ATTEMPTS):
            try:
                self._found = {**self._found, **_place(env)}
                return
            except (OSError, ValueError, AttributeError, http.client.HTTPException):
                # Who answers is told for people who look. No answer may fail for it.
                pass


def _place(env: Environment) -> Mapping[str, str | None]:
    task = env.get("ECS_CONTAINER_METADATA_URI_V4")
    if task is not None:
        told = json.loads(_get(f"{task}/task"))
        arn = told.get("TaskARN")
        return {"zone": told.get("AvailabilityZone"), "server": arn.split("/")[-1][:8] if arn else None}
    stream = env.get("AWS_LAMBDA_LOG_STREAM_NAME")
    if stream is not None:
        return _function_place(env, stream)
    # Who has keys as variables is no instance, which has a role.
    if env.get("AWS_EC2_METADATA_DISABLED") == "true" or "AWS_ACCESS_KEY_ID" in env:
        return {}
    return _instance_place(env.get("AWS_EC2_METADATA_SERVICE_ENDPOINT", _INSTANCE_SERVICE))


def _function_place(env: Environment, stream: str) -> Mapping[str, str | None]:
    """A log stream is one of an execution environment: `2026/11/28/[7]4f21ab98...`."""
    digits = _STREAM.search(stream)
    server = digits[1] if digits else None
    address = env.get("AWS_LAMBDA_METADATA_API")
    if address is None:
        return {"server": server}
    token = {"authorization": f"Bearer {env.get('AWS_LAMBDA_METADATA_TOKEN', '')}"}
    try:
        told = json.loads(_get(f"http://{address}/2026-01-15/metadata/execution-environment", token))
    except (OSError, ValueError, http.client.HTTPException):
        return {"server": server}
    return {"zone": told.get("AvailabilityZoneID"), "server": server}


def _instance_place(url: str) -> Mapping[str, str | None]:
    lifetime = {"x-aws-ec2-metadata-token-ttl-seconds": "60"}
    token = {"x-aws-ec2-metadata-token": _ask(f"{url}/latest/api/token", lifetime, "PUT")}
    zone = _get(f"{url}/latest/meta-data/placement/availability-zone", token)
    return {"zone": zone, "server": _get(f"{url}/latest/meta-data/instance-id", token)[-8:]}


def _get(url: str, headers: Mapping[str, str] | None = None) -> str:
    return _ask(url, headers or {}, "GET")


def _ask(url: str, headers: Mapping[str, str], method: str) -> str:
    """Raises `OSError` without an answer of 200 in time."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=_ASK_SECONDS)
    try:
        connection.request(method, parts.path, headers=dict(headers))
        answer = connection.getresponse()
        text = answer.read(_MOST_BYTES).decode()
    finally:
        connection.close()
    if answer.status != 200:
        raise OSError(f"answered {answer.status}")
    return text
