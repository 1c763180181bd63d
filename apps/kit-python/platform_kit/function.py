"""A service as a Lambda function behind API Gateway, which its schedules and queues invoke too."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from platform_kit.app import App
from platform_kit.messages import Request
from platform_kit.queues import handle_queue_event, is_queue_event, queue_routes
from platform_kit.service import Service, app_from
from platform_kit.settings import Environment

Event = Mapping[str, Any]
LambdaHandler = Callable[[Event, object], Mapping[str, Any]]
# What JavaScript's encodeURIComponent leaves as it is.
_UNENCODED = "!'()*~"


def lambda_handler(service: Service, env: Environment = os.environ) -> LambdaHandler:
    """Makes the handler of a service behind an HTTP API (payload 2.0 or 1.0) or a REST API.

    Call it once, at module scope, so that all invocations share its DynamoDB client and connections.
    """
    app, _, _ = app_from(service, env)
    return event_handler(app, env)


def event_handler(app: App, env: Environment) -> LambdaHandler:
    """Makes the handler of an app that exists already."""
    queues = queue_routes(env.get("QUEUE_ROUTES", ""))

    def handler(event: Event, _context: object = None) -> Mapping[str, Any]:
        if app.served_by is not None:
            # An execution environment is frozen after its answer: what has been asked until then is answered first.
            app.served_by.wait()
        # A gateway always sends a requestContext, so no client can send such an event.
        if "schedule" in event and "requestContext" not in event:
            return _run_schedule(app, event["schedule"])
        if is_queue_event(event):
            return handle_queue_event(app, event, queues)
        response = app.handle(request_of(event))
        body = response.body.decode()
        return {"statusCode": response.status, "headers": response.headers, "body": body, "isBase64Encoded": False}

    return handler


def request_of(event: Event) -> Request:
    """Returns the request that a server would have got."""
    context = event["requestContext"]
    common = {"body": _body_of(event), "gateway_id": context.get("requestId"), "subject": _subject_of(context)}
    if "http" in context:
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        # API Gateway decodes the path of payload 2.0: it is encoded again.
        path = _encoded(_without_stage(event["rawPath"], context.get("stage")))
        query = event.get("rawQueryString", "")
        return Request(context["http"]["method"], path, query, headers, **common)
    lists = event.get("multiValueHeaders") or {name: [value] for name, value in (event.get("headers") or {}).items()}
    headers = {name.lower(): ", ".join(values) for name, values in lists.items()}
    query = urlencode(_query_of(event), doseq=True, errors="replace")
    path = _without_base_path(event["path"], event.get("resource"))
    return Request(event["httpMethod"], path, query, headers, **common)


def _subject_of(context: Event) -> Any:
    """Reads what authorizers add: Lambda's and JWT's of HTTP APIs, Lambda's and the user pool's of REST APIs."""
    authorizer = context.get("authorizer") or {}
    added = (authorizer.get("lambda") or {}).get("subject")
    claims = (authorizer.get("jwt") or {}).get("claims") or authorizer.get("claims") or {}
    return added or authorizer.get("subject") or claims.get("sub")


def _query_of(event: Event) -> Mapping[str, Any]:
    return event.get("multiValueQueryStringParameters") or event.get("queryStringParameters") or {}


def _body_of(event: Event) -> bytes:
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return body.encode("utf-8", "surrogatepass") if isinstance(body, str) else b""
    try:
        return base64.b64decode(body)
    except ValueError:
        return b"\xff"  # refused as it is no UTF-8


def _encoded(path: str) -> str:
    """Percent-encodes a path. A lone surrogate has no encoding; its replacement is in no valid id, so it is refused."""
    text = path.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "/".join(quote(segment, safe=_UNENCODED) for segment in text.split("/"))


def _without_stage(path: str, stage: str | None) -> str:
    """Returns the path without the stage, which API Gateway puts before it unless it is `$default`."""
    return path[len(stage) + 1 :] if stage and stage != "$default" and path.startswith(f"/{stage}/") else path


def _without_base_path(path: str, resource: str | None) -> str:
    """Returns the path without the base path of a REST API's custom domain, one segment that API Gateway leaves in."""
    service = (resource or "").split("/")[1:2]
    segments = path.split("/", 3)[1:3]
    if not service or segments[:1] == service or segments[1:] != service:
        return path
    return path[len(segments[0]) + 1 :]


def _run_schedule(app: App, schedule: Event) -> Mapping[str, Any]:
    """Sends the app the request of a schedule. Lambda runs one that is not answered with 2xx again."""
    request = Request(schedule["method"], schedule["path"], headers={"x-request-id": schedule["run"]})
    status = app.handle(request).status
    if not 200 <= status < 300:
        route = f"{schedule['method']} {schedule['path']}"
        raise RuntimeError(f"schedule {schedule['id']}: {route} must answer 2xx, got {status}")
    return {"status": status}
