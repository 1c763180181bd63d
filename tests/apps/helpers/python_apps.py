"""Apps of services in Python for tests in TypeScript: a line of JSON on stdin asks, and one on stdout answers.

The items of an app are those of the test, which each call of them asks for.
"""

from __future__ import annotations

import base64
import importlib
import json
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from platform_kit.app import App
from platform_kit.errors import HttpError
from platform_kit.function import event_handler
from platform_kit.idempotency import Claim
from platform_kit.items import Item, Query
from platform_kit.log import Logger
from platform_kit.messages import Request, UnreadBody

_write_lock = threading.Lock()
_calls: dict[int, Future[Any]] = {}
_apps: dict[int, App] = {}
_environments: dict[int, dict[str, str]] = {}


def tell(**message: Any) -> None:
    with _write_lock:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


class TestKeys:
    """Keys that are not kept."""

    def run(self, _claim: Claim, work: Callable[[], str]) -> str:
        return work()


class TestItems:
    """Items that the test has."""

    def __init__(self, app: int) -> None:
        self._app = app

    def get(self, item_id: str) -> Item | None:
        return self._call("get", item_id)

    def put(self, item: Item) -> Item:
        return self._call("put", item)

    def list(self, query: Query) -> dict[str, Any]:
        fields = {name: value for name, value in vars(query).items() if value is not None}
        return self._call("list", fields)

    def _call(self, operation: str, argument: Any) -> Any:
        answer: Future[Any] = Future()
        with _write_lock:
            call = len(_calls)
            _calls[call] = answer
        tell(app=self._app, call=call, operation=operation, argument=argument)
        return answer.result()


def failure(error: dict[str, Any]) -> Exception:
    cause = Exception(error["cause"]) if error.get("cause") else None
    raised = HttpError(error["status"], error["code"], error["message"]) if "status" in error else None
    result: Exception = raised or RuntimeError(error["message"])
    result.__cause__ = cause
    return result


def create(message: dict[str, Any]) -> None:
    app = message["app"]
    service = getattr(importlib.import_module(message["module"]), message["service"])
    items = TestItems(app)
    log = Logger(service.contract.name, message["level"], lambda line: tell(app=app, line=line))
    _apps[app] = App(
        service.contract,
        service.handlers(items),
        items,
        log,
        request_timeout_seconds=message["requestTimeoutSeconds"],
        key_store=TestKeys(),
    )
    _environments[app] = message["env"]


def answer(message: dict[str, Any]) -> None:
    app = _apps[message["app"]]
    if "event" in message:
        try:
            handler = event_handler(app, _environments[message["app"]])
            tell(id=message["id"], result=handler(message["event"], None))
        except Exception as error:
            tell(id=message["id"], error=str(error))
        return
    given = message["request"]
    body = UnreadBody.TOO_LARGE if given["body"] is None else base64.b64decode(given["body"])
    headers = given["headers"]
    subject = headers.get("x-subject")
    request = Request(given["method"], given["path"], given["query"], headers, body, subject=subject)
    response = app.handle(request)
    text = base64.b64encode(response.body).decode()
    tell(id=message["id"], status=response.status, headers=response.headers, body=text)


def main() -> None:
    requests = ThreadPoolExecutor(64)
    for line in sys.stdin:
        message = json.loads(line)
        if "module" in message:
            create(message)
        elif "call" in message:
            waiting = _calls[message["call"]]
            if "failure" in message:
                waiting.set_exception(failure(message["failure"]))
            else:
                waiting.set_result(message.get("value"))
        else:
            requests.submit(answer, message)
    # The test has ended; handlers that still wait for its items never get an answer.
    os._exit(0)


main()
