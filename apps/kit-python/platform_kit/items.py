"""Storage of a service's items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from platform_kit.errors import HttpError

Item = dict[str, Any]
"""An item of a service; its `id` is unique within the service."""
DEFAULT_LIMIT = 50
"""Items in a page when the client names no limit."""


@dataclass(frozen=True)
class Query:
    """A query for one page of the items that have a value in a key attribute of an index."""

    index: str
    key: str
    value: str
    limit: int = DEFAULT_LIMIT
    after: str | None = None
    """Id of the last item of the page before."""


class Items(Protocol):
    """Storage of items. It fails with an `HttpError`: 503 `storage_unavailable` or 413 `item_too_large`."""

    def get(self, item_id: str) -> Item | None:
        """Reads an item, strongly consistent."""

    def put(self, item: Item) -> Item:
        """Stores an item, replaces the whole of an existing one with the same id, and returns it."""

    def list(self, query: Query) -> dict[str, Any]:
        """Reads one page, eventually consistent: `items`, and `next` unless it is the last one."""


def get_or_not_found(items: Items, item_id: str) -> Item:
    """Reads the item with this id. Raises `HttpError`, 404 `not_found`, when there is none."""
    item = items.get(item_id)
    if item is None:
        raise HttpError(404, "not_found", "There is no item with this id")
    return item
