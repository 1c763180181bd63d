"""Whether the service has what it needs in its region."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor

from platform_kit.errors import HttpError

PROBED_ITEM = "region-health"
"""Id of the item that a probe reads. It does not have to exist: a table that answers at all is there."""
_DEADLINE_SECONDS = 1.5
"""Route 53 waits 2 s for the status."""


class RegionProbe:
    """Reads once in some seconds; the result, good or bad, is that of every probe in between."""

    def __init__(
        self,
        read: Callable[[], object],
        executor: Executor,
        cache_seconds: float = 5,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._executor = executor
        self._cache_seconds = cache_seconds
        self._now = now
        self._lock = threading.Lock()
        self._ended_at: float | None = None
        self._failure: Exception | None = None

    def check(self) -> None:
        """Raises `HttpError`, 503 `region_unhealthy`, when the read fails or takes over 1.5 s."""
        # Probes of the same time wait for one read.
        with self._lock:
            if self._ended_at is None or self._now() - self._ended_at >= self._cache_seconds:
                self._failure = self._probe()
                self._ended_at = self._now()
            failure = self._failure
        if failure is not None:
            message = "The service does not have what it needs in this region"
            raise HttpError(503, "region_unhealthy", message) from failure

    def _probe(self) -> Exception | None:
        try:
            self._executor.submit(self._read).result(_DEADLINE_SECONDS)
        except TimeoutError:
            return TimeoutError(f"table: no answer in {_DEADLINE_SECONDS:g} s")
        except Exception as error:
            return error
        return None
