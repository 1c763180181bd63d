"""Has processes in Python look names up as names.cjs has those of Node.js: by the file PLATFORM_NAMES.

Python loads a module of this name before any program, from a folder of PYTHONPATH.
"""

import json
import os
import socket

_FILE = os.environ.get("PLATFORM_NAMES")
_getaddrinfo = socket.getaddrinfo


def _is_gone(name):
    """Tells whether nothing answers for a name, to any process or to this one."""
    try:
        with open(_FILE, encoding="utf-8") as file:
            given = json.load(file)
    except (OSError, ValueError):
        return False
    return name in given["names"] or os.getpid() in given["processes"]


def _lookup(host, *args, **kwargs):
    name = host.decode() if isinstance(host, bytes) else host
    if _is_gone(name):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return _getaddrinfo("127.0.0.1" if str(name).endswith(".localhost") else host, *args, **kwargs)


if _FILE:
    socket.getaddrinfo = _lookup
