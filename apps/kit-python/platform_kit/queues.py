"""Messages that Lambda takes from queues and hands to the service's function."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from platform_kit.app import App
from platform_kit.messages import Request
from platform_kit.settings import SettingsError

Event = Mapping[str, Any]
_ENTRY = re.compile(r"([A-Za-z0-9_-]{1,80})=(/[A-Za-z0-9_./-]+)")
_MAX_THREADS = 10
"""The most messages that Lambda hands over at once."""


def is_queue_event(event: Event) -> bool:
    """Tells whether an event comes from a queue.

    A gateway composes its events itself, always with a `requestContext`, so that no client can send such an event.
    """
    return "Records" in event and "requestContext" not in event


def queue_routes(text: str) -> dict[str, str]:
    """Reads QUEUE_ROUTES: what the messages of each queue are handed to, by the queue's name.

    Raises `SettingsError`. Uploads are for services in TypeScript alone, as a contract in a file cannot have them.
    """
    routes: dict[str, str] = {}
    for entry in filter(None, text.split(",")):
        found = _ENTRY.fullmatch(entry)
        if found is None:
            got = json.dumps(entry)
            message = f"QUEUE_ROUTES must be a list of <queue>=<path>, got {got}; set the environment variable QUEUE_ROUTES"
            raise SettingsError(message)
        routes[found[1]] = found[2]
    return routes


def handle_queue_event(app: App, event: Event, routes: Mapping[str, str]) -> dict[str, Any]:
    """Hands each message to its route as the body of a POST, all at the same time.

    Returns those that stay: one whose request is not answered with 2xx is handed over again, and the others do not wait
    for it.
    """
    with ThreadPoolExecutor(_MAX_THREADS, "message") as threads:
        failed = [each for each in threads.map(lambda record: _failure(app, record, routes), event["Records"]) if each]
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def _failure(app: App, record: Event, routes: Mapping[str, str]) -> str | None:
    """Hands one message over. Returns its id when it stays."""
    message_id: str = record["messageId"]
    try:
        _hand_over(app, record, routes)
    except Exception as error:  # whatever it is, the other messages of the batch are not lost by it
        print(f"message {message_id}: {error}", file=sys.stderr)
        return message_id
    return None


def _hand_over(app: App, record: Event, routes: Mapping[str, str]) -> None:
    queue = record["eventSourceARN"].rsplit(":", 1)[-1]
    path = routes.get(queue)
    if path is None:
        raise RuntimeError(f"queue {queue} has no route; name it in QUEUE_ROUTES")
    headers = {"content-type": "application/json", "x-request-id": record["messageId"]}
    # Whose token the gateway has verified that put the message into the queue.
    subject = (record.get("attributes") or {}).get("MessageGroupId")
    body = record["body"].encode("utf-8", "surrogatepass")
    status = app.handle(Request("POST", path, headers=headers, body=body, subject=subject)).status
    if not 200 <= status < 300:
        raise RuntimeError(f"POST {path} must answer 2xx, got {status}")
