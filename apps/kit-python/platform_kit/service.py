"""What a service in Python is made of, for every adapter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from platform_kit.app import App, Handler
from platform_kit.contract import Contract
from platform_kit.items import Items
from platform_kit.log import Logger
from platform_kit.served_by import ServedBy
from platform_kit.settings import AppSettings, Environment, app_settings, key_settings


@dataclass(frozen=True)
class Service:
    """A service: its contract, and what makes its handlers, by route id, from the storage of its items."""

    contract: Contract
    handlers: Callable[[Items], Mapping[str, Handler]]


def app_from(service: Service, env: Environment) -> tuple[App, Logger, AppSettings]:
    """Makes the app of a service over its DynamoDB table.

    Raises `SettingsError`, one sentence that names the environment variable that is missing or invalid.
    """
    # Loaded only here: loading the SDK takes half a second, which a wrong setting should not wait for.
    settings = app_settings(service.contract.name, env)
    from platform_kit.dynamo import DynamoItems

    log = Logger(settings.service_name, settings.log_level)
    items = DynamoItems(settings.table_name, settings.region)
    key_store = None
    if any(route.idempotency is not None for route in service.contract.routes):
        keys = key_settings(service.contract.name, env)
        # Only services that take keys load the library.
        from platform_kit.dynamo_keys import DynamoKeys

        key_store = DynamoKeys(service.contract.name, keys, settings.region)
    app = App(
        service.contract.with_former_paths(settings.former_paths),
        service.handlers(items),
        items,
        log,
        request_timeout_seconds=settings.request_timeout_seconds,
        region_probe_seconds=settings.region_probe_seconds,
        cors_origins=settings.cors_origins,
        key_store=key_store,
        former_key_header=settings.former_key_header.lower(),
        served_by=ServedBy(env),
    )
    return app, log, settings
