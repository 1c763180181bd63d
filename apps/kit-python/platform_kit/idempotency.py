"""Keys by which a POST is done once, however often it is sent; see docs/idempotency.md."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from platform_kit.contract import Idempotency, Route
from platform_kit.errors import HttpError
from platform_kit.inputs import Input

KEY_HEADER = "idempotency-key"
"""Header in which a client sends the key; the text may be in quotation marks."""
_VALID_KEY = re.compile(r'"?[A-Za-z0-9._~:+/=-]{1,128}"?')


@dataclass(frozen=True)
class Claim:
    """A request that claims a key: only one of those with the same route, caller and key does the work."""

    route: str
    caller: str
    key: str
    body: str
    """What is asked for; the same key with another one is refused."""
    exact: bool
    """Whether the claim is made in the keys' home region instead of the region where the request arrives."""
    deadline_seconds: float
    """Seconds after which the key of a request that has not ended is free again."""


class KeyStore(Protocol):
    """Keeps keys, and the answers to them."""

    def run(self, claim: Claim, work: Callable[[], str]) -> str:
        """Does the work, or returns the answer that the key has already. Work that fails leaves the key free.

        Raises `HttpError`: 409 `idempotency_in_progress`, 422 `idempotency_key_reused`, 503 `storage_unavailable` or
        `home_region_unavailable`.
        """


@dataclass(frozen=True)
class Keys:
    """What the routes of a service need to take keys."""

    service: str
    store: KeyStore
    deadline_seconds: float

    def answer(self, route: Route, header: str | None, given: Input, handler: Callable[[Input], str]) -> str:
        """Answers a request by its key: by the handler, or with the answer that the key has already.

        Raises `HttpError`: 400 `idempotency_key_missing`, `idempotency_key_invalid` or `subject_missing`, and those of the
        store and the handler.
        """
        assert route.idempotency is not None
        key = key_of(header, route.idempotency)
        if key is None:
            return handler(replace(given, new_id=str(uuid.uuid4())))
        if given.subject is None:
            message = "The request must come through a gateway that has verified a token"
            raise HttpError(400, "subject_missing", message)
        asked = json.dumps([given.params, given.query, given.body], separators=(",", ":"))
        exact = route.idempotency.exact
        claim = Claim(route.id, given.subject, key, asked, exact, self.deadline_seconds)
        return self.store.run(claim, lambda: handler(replace(given, new_id=id_of(self.service, claim))))


def key_of(header: str | None, idempotency: Idempotency) -> str | None:
    """Returns the key of a request; None where it has none and needs none.

    Raises `HttpError`, 400 `idempotency_key_missing` or `idempotency_key_invalid`.
    """
    if header is None:
        if not idempotency.required:
            return None
        message = "Idempotency-Key must be in the request: one key per effect"
        raise HttpError(400, "idempotency_key_missing", message)
    if not _VALID_KEY.fullmatch(header):
        message = "Idempotency-Key must be 1 to 128 letters, digits or . _ ~ : + / = -"
        raise HttpError(400, "idempotency_key_invalid", message)
    return header.replace('"', "")


def id_of(service: str, claim: Claim) -> str:
    """Returns the id of what a request makes: the same whenever the same request is sent again by its key.

    Work that is done twice, after a crash or in two regions, so makes one thing. It has 32 letters and digits.
    """
    parts = [service, claim.route, claim.caller, claim.key, claim.body]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
