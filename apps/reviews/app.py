"""The reviews: stores reviews of products and lists those of one product."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from platform_kit.app import Handler
from platform_kit.contract import Contract
from platform_kit.inputs import Input
from platform_kit.items import DEFAULT_LIMIT, Item, Items, Query, get_or_not_found
from platform_kit.service import Service


def handlers(items: Items) -> Mapping[str, Handler]:
    """Returns a handler for each route of the contract."""

    def put_review(given: Input) -> Item:
        return items.put({**given.body, "id": given.params["id"]})

    def post_review(given: Input) -> Item:
        return items.put({**given.body, "id": given.new_id})

    def get_review(given: Input) -> Item:
        return get_or_not_found(items, given.params["id"])

    def list_reviews(given: Input) -> dict[str, object]:
        query = given.query
        limit = int(query.get("limit", DEFAULT_LIMIT))
        return items.list(Query("by-product", "product", query["product"], limit, query.get("after")))

    return {
        "put-review": put_review,
        "post-review": post_review,
        "get-review": get_review,
        "list-reviews": list_reviews,
    }


reviews = Service(Contract.read(Path(__file__).with_name("openapi.json")), handlers)
