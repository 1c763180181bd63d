"""The health check of a container: a program of its own, as the image needs no curl. Exit code 0 is healthy."""

from __future__ import annotations

import http.client
import os
import sys


def main() -> int:
    """Asks the server for its health."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", int(os.environ["PORT"]), timeout=2)
        connection.request("GET", "/healthz")
        return 0 if connection.getresponse().status == 200 else 1
    except (OSError, http.client.HTTPException):
        return 1


if __name__ == "__main__":
    sys.exit(main())
