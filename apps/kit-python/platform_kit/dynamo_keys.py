"""Idempotency keys in a DynamoDB table, by the library of AWS, which also keeps those of services in TypeScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig
from aws_lambda_powertools.utilities.idempotency.base import IdempotencyHandler
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyInconsistentStateError,
    IdempotencyPersistenceLayerError,
    IdempotencyValidationError,
)

from platform_kit.dynamo import LIMITS
from platform_kit.errors import HttpError
from platform_kit.idempotency import Claim
from platform_kit.settings import KeySettings
from platform_kit.trace import traced_store

_KEPT_SECONDS = 24 * 3_600
"""Seconds that the answer to a key is kept."""


class DynamoKeys:
    """The keys of a service. It waits no longer for a request that never ends than its deadline."""

    def __init__(self, service: str, settings: KeySettings, region: str) -> None:
        self._service = service
        self._table = settings.table
        self._own = traced_store(boto3.client("dynamodb", region_name=region, config=LIMITS))
        self._home = (
            traced_store(
                boto3.client("dynamodb", region_name=settings.home, endpoint_url=settings.home_endpoint, config=LIMITS)
            )
            if settings.home is not None
            else self._own
        )
        # Each claim has a layer of its own: it is configured by what handles it, and requests run at the same time.

    def run(self, claim: Claim, work: Callable[[], str]) -> str:
        try:
            return self._handler(claim, work).handle()["body"]
        except (IdempotencyAlreadyInProgressError, IdempotencyInconsistentStateError):
            message = "A request with this key is not answered yet; try again"
            raise HttpError(409, "idempotency_in_progress", message) from None
        except IdempotencyValidationError:
            message = "The key was used with another body; use a new one"
            raise HttpError(422, "idempotency_key_reused", message) from None
        except IdempotencyPersistenceLayerError as error:
            if claim.exact:
                message = "The region that keeps the keys did not answer"
                raise HttpError(503, "home_region_unavailable", message) from error
            raise HttpError(503, "storage_unavailable", "The storage did not answer; try again") from error

    def _handler(self, claim: Claim, work: Callable[[], str]) -> IdempotencyHandler:
        def kept() -> dict[str, Any]:
            return {"body": work()}

        config = IdempotencyConfig(
            event_key_jmespath="[caller, key]",
            payload_validation_jmespath="body",
            raise_on_no_idempotency_key=True,
            expires_after_seconds=_KEPT_SECONDS,
            hash_function="sha256",
            # A key whose request crashed is free again after this time.
            lambda_context=_Deadline(claim.deadline_seconds),  # type: ignore[arg-type]
        )
        layer = DynamoDBPersistenceLayer(
            table_name=self._table,
            expiry_attr="expiresAt",
            boto3_client=self._home if claim.exact else self._own,
        )
        return IdempotencyHandler(
            function=kept,
            function_payload={"caller": claim.caller, "key": claim.key, "body": claim.body},
            config=config,
            persistence_store=layer,
            # Without a prefix, the name of the function would be part of the key, which servers do not have.
            key_prefix=f"{self._service}/{claim.route}",
            function_args=(),
            function_kwargs={},
        )


class _Deadline:
    """What the library reads of Lambda's context."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        return round(self._seconds * 1_000)
