"""A service as an HTTP server, by uvicorn."""

from __future__ import annotations

import asyncio
import contextvars
import os
import re
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from types import FrameType
from typing import Any

import uvicorn

from platform_kit.app import App
from platform_kit.errors import HttpError, error_response
from platform_kit.log import Logger
from platform_kit.messages import BODY_LIMIT_BYTES, GATEWAY_LIMIT_BYTES, Request, Response, UnreadBody
from platform_kit.service import Service, app_from
from platform_kit.settings import Environment, SettingsError, server_settings

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_SHORTENED_FINISH_SECONDS = 2
"""Time that requests in flight have to end after SIGINT or a second SIGTERM."""
_MAX_THREADS = 64
_HOST = re.compile(r"[A-Za-z0-9._:\[\]-]*")


def serve(service: Service, env: Environment = os.environ) -> None:
    """Runs a service until a signal ends the process, see `DrainingServer`.

    It logs `listening` with the port as soon as it serves. When an environment variable is invalid or the port is in
    use, it writes one sentence to stderr and ends the process with exit code 1.
    """
    name = service.contract.name
    try:
        listening = server_settings(name, env)
        app, log, settings = app_from(service, env)
    except SettingsError as error:
        sys.exit(str(error))
    bound = socket.socket(socket.AF_INET6 if ":" in listening.host else socket.AF_INET)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((listening.host, listening.port))
    except OSError as error:
        sys.exit(f"{name}: cannot listen on port {listening.port}: {error.strerror}")
    asgi = AsgiApp(app, listening.keep_alive_seconds)
    server = DrainingServer(
        asgi,
        log,
        drain_seconds=listening.drain_seconds,
        finish_seconds=settings.request_timeout_seconds,
        keep_alive_seconds=listening.keep_alive_seconds,
    )
    server.run([bound])


class AsgiApp:
    """The app as ASGI servers call it. Requests run in threads, as the SDK's calls block."""

    def __init__(self, app: App, keep_alive_seconds: float) -> None:
        self._app = app
        self._keep_alive_seconds = keep_alive_seconds
        self._executor = ThreadPoolExecutor(_MAX_THREADS, "request")
        self.draining = False
        self.in_flight = 0

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        self.in_flight += 1
        try:
            request = await self._request(scope, receive)
            if _is_malformed(request.headers):
                message = "The request line or Host is malformed"
                response = error_response(HttpError(400, "invalid_request", message))
            elif self._app.is_health(request):
                # Not in a thread: a balancer must not take a busy server for a dead one.
                response = self._app.handle(request)
            else:
                context = contextvars.copy_context()
                loop = asyncio.get_running_loop()
                response = await loop.run_in_executor(self._executor, context.run, self._app.handle, request)
            await self._respond(response, send, without_body=scope["method"] == "HEAD")
        finally:
            self.in_flight -= 1

    async def _request(self, scope: MutableMapping[str, Any], receive: Receive) -> Request:
        headers: dict[str, str] = {}
        for raw, value in scope["headers"]:
            name = raw.decode("latin-1")
            text = value.decode("latin-1")
            headers[name] = f"{headers[name]}, {text}" if name in headers else text
        return Request(
            method=scope["method"],
            path=scope["raw_path"].decode("latin-1"),
            query=scope["query_string"].decode("latin-1"),
            headers=headers,
            body=await _read_body(headers, receive),
            subject=headers.get("x-subject"),
        )

    async def _respond(self, response: Response, send: Send, *, without_body: bool) -> None:
        headers = {**response.headers, "content-length": str(len(response.body))}
        # A client that keeps connections knows when not to use one again.
        headers["connection"] = "close" if self.draining else "keep-alive"
        if not self.draining:
            headers["keep-alive"] = f"timeout={self._keep_alive_seconds:g}"
        encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": response.status, "headers": encoded})
        await send({"type": "http.response.body", "body": b"" if without_body else response.body})


def _is_malformed(headers: Mapping[str, str]) -> bool:
    """Tells whether a request has a Host that is none, or a length that a server before this one may read otherwise."""
    both = "content-length" in headers and "transfer-encoding" in headers
    return both or not _HOST.fullmatch(headers.get("host", ""))


async def _read_body(headers: dict[str, str], receive: Receive) -> bytes | UnreadBody:
    """Reads a body, and keeps no more than the limit in memory.

    The rest of a body that is too large is read and dropped, so that the client gets its answer and the connection
    stays usable. When it is larger than any gateway lets through, reading stops and the connection is closed.
    """
    declared = headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > GATEWAY_LIMIT_BYTES:
        return UnreadBody.TOO_LARGE
    kept = bytearray()
    total = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return UnreadBody.CUT_SHORT
        part = message.get("body", b"")
        total += len(part)
        if total <= BODY_LIMIT_BYTES:
            kept += part
        if total > GATEWAY_LIMIT_BYTES or not message.get("more_body", False):
            return bytes(kept) if total <= BODY_LIMIT_BYTES else UnreadBody.TOO_LARGE


class DrainingServer(uvicorn.Server):
    """A server that ends with exit code 0 on SIGTERM and SIGINT.

    After a first SIGTERM it keeps serving for `drain_seconds`, with `connection: close` in each response, so that
    requests of clients that still have its address succeed. After SIGINT or a second SIGTERM it takes no more
    connections, and waits at most 2 s for requests in flight.
    """

    def __init__(
        self,
        app: AsgiApp,
        log: Logger,
        *,
        drain_seconds: float,
        finish_seconds: float,
        keep_alive_seconds: float,
    ) -> None:
        config = uvicorn.Config(
            app,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=round(keep_alive_seconds),
        )
        super().__init__(config)
        self._app = app
        self._log = log
        self._drain_seconds = drain_seconds
        self._finish_seconds = finish_seconds
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        for listening in sockets or []:
            self._log.info("listening", port=listening.getsockname()[1])

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Called by uvicorn for each signal, within Python's signal handler."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._on_signal, sig)

    def _on_signal(self, sig: int) -> None:
        if sig == signal.SIGINT or self._app.draining:
            self._close(_SHORTENED_FINISH_SECONDS)
            return
        self._app.draining = True
        self._log.info("draining", seconds=self._drain_seconds)
        assert self._loop is not None
        self._loop.call_later(self._drain_seconds, self._close, self._finish_seconds)

    def _close(self, seconds: float) -> None:
        """Takes no more connections, and ends when nothing is in flight, at the latest after some seconds."""
        assert self._loop is not None
        self._loop.call_later(seconds, self._give_up)
        self.should_exit = True

    def _give_up(self) -> None:
        self.force_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        self._log.info("stopped", unfinished=self._app.in_flight)
        # Not by way of the interpreter's end, which waits for handlers that wait for something.
        os._exit(0)
