"""A service for tests: it takes note of changes of foods."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from platform_kit.app import Handler
from platform_kit.contract import Contract
from platform_kit.inputs import Input
from platform_kit.items import Item, Items
from platform_kit.service import Service
from platform_kit.trace import trace_headers


def handlers(items: Items) -> Mapping[str, Handler]:
    """Returns a handler for each route of the contract."""

    def note_food(given: Input) -> Item:
        body = given.body
        note = {"message": given.message_id, "subject": given.subject, "kind": body["kind"], "item": body["item"]}
        return items.put({"id": body["id"], "note": json.dumps({**note, **trace_headers()})})

    return {"note-food": note_food}


notes = Service(Contract.read(Path(__file__).with_name("notes.json")), handlers)
