"""A Lambda execution environment of Python: loads one handler, then handles one event at a time, received over IPC.

Usage: python3 function_runtime.py FILE NAME

The channel is the one that Node.js makes for a child process: messages of JSON, a line each.
"""

import importlib.util
import json
import os
import socket
import sys
import time
import traceback

channel = socket.socket(fileno=int(os.environ.pop("NODE_CHANNEL_FD")))
channel.setblocking(True)
os.environ.pop("NODE_CHANNEL_SERIALIZATION_MODE", None)


class Context:
    """What Lambda's runtime passes to handlers."""

    def __init__(self, given, deadline):
        self.function_name = given["functionName"]
        self.function_version = "$LATEST"
        self.invoked_function_arn = given["invokedFunctionArn"]
        self.memory_limit_in_mb = given["memoryLimitInMB"]
        self.aws_request_id = given["awsRequestId"]
        self._deadline = deadline

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline - int(time.time() * 1_000))


def send(message):
    channel.sendall(json.dumps(message).encode() + b"\n")


def load(file, name):
    """Loads a handler as Lambda does: its folder is where it finds modules first."""
    sys.path.insert(0, os.path.dirname(file))
    spec = importlib.util.spec_from_file_location("handler", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules["handler"] = module
    spec.loader.exec_module(module)
    handler = getattr(module, name, None)
    if not callable(handler):
        sys.exit(f'{file} does not have a function "{name}"')
    return handler


def answer(handler, message):
    try:
        result = handler(message["event"], Context(message["context"], message["deadline"]))
        text = json.dumps(result)
    except Exception as error:
        traceback.print_exc()
        return {"error": {"errorType": type(error).__name__, "errorMessage": str(error)}}
    if message["streaming"]:  # a handler of Python answers in one piece
        import base64

        send({"chunk": base64.b64encode(text.encode()).decode()})
        return {"result": None}
    return {"result": result}


def main(file, name):
    handler = load(file, name)
    send({"ready": True})
    with channel.makefile("rb") as lines:
        for line in lines:
            message = json.loads(line)
            if "event" in message:
                send(answer(handler, message))
    os._exit(0)


main(*sys.argv[1:])
