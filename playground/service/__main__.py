"""``python -m playground.service``: the service as a process of its own, by hand or as a child of the app.

By hand the key comes from ``PLAYGROUND_SERVICE_KEY``. Without that variable a key is made and shown, once and
on standard error, if a person is at the terminal; otherwise the service refuses to start: a key in a log or
a file would be a key that leaks. As a child (``--inherit``) the key is the first line of standard input, and
the end of standard input is the order to stop, so that the service never outlives its parent.

When requests are answered, one line goes to standard output:
``{"url": …, "deployments": {name: capability}}``.
"""

import argparse
import asyncio
import contextlib
import functools
import json
import logging
import os
import secrets
import socket
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.service.service import Service
    from playground.service.serving import Server

KEY_VARIABLE = "PLAYGROUND_SERVICE_KEY"
LAST_RESORT_SECONDS = 5.0


def main(arguments: list[str] | None = None) -> int:
    """Run until a signal (or, as a child, the end of standard input); returns the exit status."""
    options = _parse(arguments)
    os.umask(0o077)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    key = _read_line(0) if options.inherit else _own_key()
    if not key:
        print(f"No key: set {KEY_VARIABLE}.", file=sys.stderr)
        return 2
    return _serve(options, key)


def _serve(options: argparse.Namespace, key: str) -> int:
    from playground.service.app import build_app
    from playground.service.service import Service
    from playground.service.serving import HOST, Server, listen

    try:
        listener = socket.socket(fileno=options.fd) if options.fd is not None else listen(options.port)
    except OSError as error:
        print(f"Cannot listen on port {options.port}: {error.strerror}.", file=sys.stderr)
        return 1
    url = f"http://{HOST}:{listener.getsockname()[1]}"
    data = Path(options.data)
    service = Service(data, base_url=url, simulated=options.simulated, faults=options.faults)
    deployments = {name: deployment.capability for name, deployment in service.deployments.items()}
    line = json.dumps({"url": url, "deployments": deployments})
    ready = functools.partial(print, line, flush=True)
    server = Server(build_app(service, key), ready, service.close)
    if options.inherit:
        threading.Thread(target=_stop_at_end_of_input, args=(server,), daemon=True).start()
    try:
        return asyncio.run(_run(service, server, listener))
    except KeyboardInterrupt:
        return 130


async def _run(service: "Service", server: "Server", listener: socket.socket) -> int:
    from playground.service.state import StateInUseError

    try:
        await service.open()
    except (StateInUseError, OSError) as error:
        print(f"Cannot start: {error}", file=sys.stderr)
        await service.close()
        return 1
    await server.serve(sockets=[listener])
    return 0


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m playground.service")
    parser.add_argument(
        "--port", type=int, default=0, help="port on the loopback address (default: a free one)"
    )
    parser.add_argument("--data", required=True, help="folder for files, uploads, batches and documents")
    parser.add_argument("--simulated", action="store_true", help="use the simulated engines only")
    parser.add_argument("--faults", action="store_true", help="obey the header x-playground-fault")
    parser.add_argument("--inherit", action="store_true", help="key on standard input; stop when it ends")
    parser.add_argument("--fd", type=int, help="descriptor of an inherited listening socket")
    return parser.parse_args(arguments)


def _own_key() -> str:
    key = os.environ.pop(KEY_VARIABLE, "").strip()
    if not key and sys.stderr.isatty():
        key = secrets.token_urlsafe(24)
        print(f"Key for this run: {key}", file=sys.stderr)
    return key


def _read_line(descriptor: int) -> str:
    """One line, read byte by byte: a buffered reader would hold back what follows, and a lock at exit."""
    line = bytearray()
    while (byte := os.read(descriptor, 1)) not in {b"", b"\n"}:
        line += byte
    return line.decode("ascii", "replace").strip()


def _stop_at_end_of_input(server: "Server") -> None:
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    server.should_exit = True
    time.sleep(LAST_RESORT_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
