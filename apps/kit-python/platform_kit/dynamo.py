"""Items in a DynamoDB table, by signed calls of the AWS SDK."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from platform_kit.errors import HttpError
from platform_kit.items import Item, Query
from platform_kit.trace import traced_store

T = TypeVar("T")

REGION = "writtenIn"
"""Attribute with the region where the item was last written. Its changes are published there, see docs/events.md."""
VERSION = "writtenVersion"
"""Attribute with the version of the item's last change: microseconds since 1970, and more than the version before."""
_MAX_WRITES = 5
"""Times that a write is repeated with a higher version; each time another writer was faster."""

# Two attempts, each 1 s to connect and 3 s to answer, end within a request's 10 s.
LIMITS = Config(
    connect_timeout=1,
    read_timeout=3,
    retries={"mode": "standard", "total_max_attempts": 2},
    max_pool_connections=64,
)


class DynamoItems:
    """The items in a table whose hash key is `id`, each stored with the region and the version of its last change.

    Credentials and endpoint come from the SDK's own environment variables; with AWS_ENDPOINT_URL_DYNAMODB the same code
    uses a table on this machine. The region does not: this SDK, unlike others, does not read AWS_REGION.
    """

    def __init__(self, table: str, region: str) -> None:
        self._table = table
        self._region = region
        self._client = traced_store(boto3.client("dynamodb", region_name=region, config=LIMITS))
        self._read = TypeDeserializer().deserialize
        self._write = TypeSerializer().serialize

    def get(self, item_id: str) -> Item | None:
        stored = self._stored(item_id)
        return _item_of(stored) if stored is not None else None

    def put(self, item: Item) -> Item:
        version = _version_after(None)
        for writes in range(1, _MAX_WRITES + 1):
            written = {**item, REGION: self._region, VERSION: version}
            try:
                self._put_newer(written, version)
                break
            except HttpError as error:
                faster = isinstance(error.__cause__, self._client.exceptions.ConditionalCheckFailedException)
                if not faster or writes == _MAX_WRITES:
                    raise
            found = self._stored(item["id"])
            # An attempt of this very write came through, and its answer was lost. Another writer may have the same version.
            if found == written:
                break
            version = _version_after(found.get(VERSION) if found is not None else None)
        return item

    def _put_newer(self, item: Item, version: int) -> None:
        """Stores an item unless the one that is there has a version that is as high."""
        stored = {name: self._write(_decimals(value)) for name, value in item.items()}
        _call(
            lambda: self._client.put_item(
                TableName=self._table,
                Item=stored,
                ConditionExpression="attribute_not_exists(#version) OR #version < :version",
                ExpressionAttributeNames={"#version": VERSION},
                ExpressionAttributeValues={":version": self._write(version)},
            )
        )

    def _stored(self, item_id: str) -> dict[str, Any] | None:
        key = {"id": self._write(item_id)}
        answer = _call(lambda: self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True))
        return self._attributes(answer["Item"]) if "Item" in answer else None

    def list(self, query: Query) -> dict[str, Any]:
        value = self._write(query.value)
        start = {"id": self._write(query.after), query.key: value} if query.after is not None else None
        answer = _call(
            lambda: self._client.query(
                TableName=self._table,
                IndexName=query.index,
                # Placeholders, as key names may be reserved words, and a value must never be read as an expression.
                KeyConditionExpression="#key = :value",
                ExpressionAttributeNames={"#key": query.key},
                ExpressionAttributeValues={":value": value},
                Limit=query.limit,
                **({"ExclusiveStartKey": start} if start else {}),
            )
        )
        last = answer.get("LastEvaluatedKey")
        items = [_item_of(self._attributes(each)) for each in answer["Items"]]
        return {"items": items, **({"next": self._read(last["id"])} if last else {})}

    def _attributes(self, stored: dict[str, Any]) -> dict[str, Any]:
        return {name: _plain(self._read(value)) for name, value in stored.items()}


def _version_after(other: int | None) -> int:
    """Returns a version that is higher than another, and the time of now unless that is higher."""
    now = time.time_ns() // 1_000
    return other + 1 if other is not None and other >= now else now


def _item_of(stored: dict[str, Any]) -> Item:
    """Returns an item without the attributes of its last change."""
    return {name: value for name, value in stored.items() if name not in (REGION, VERSION)}


def _call(work: Callable[[], T]) -> T:
    """Runs a call of DynamoDB and turns its errors into those that clients are told about."""
    try:
        return work()
    except (BotoCoreError, ClientError) as error:
        details = error.response["Error"] if isinstance(error, ClientError) else {}
        # DynamoDB has no error type of its own for an item over 400 KB.
        if details.get("Code") == "ValidationException" and "size" in details.get("Message", "").lower():
            raise HttpError(413, "item_too_large", "The item must be at most 400 KB") from error
        raise HttpError(503, "storage_unavailable", "The storage did not answer; try again") from error


def _decimals(value: Any) -> Any:
    """Returns a value with its fractions as the SDK takes them."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, list):
        return [_decimals(each) for each in value]
    if isinstance(value, dict):
        return {key: _decimals(each) for key, each in value.items()}
    return value


def _plain(value: Any) -> Any:
    """Returns a value with numbers as JSON has them."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value
