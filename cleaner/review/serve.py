"""Starts the review on a port of the loopback interface, and ends it on Ctrl-C."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

import uvicorn

from cleaner.errors import ConfigurationError
from cleaner.review.gate import Gate
from cleaner.review.session import Session
from cleaner.review.web import application


def serve(session: Session, port: int, ready: Callable[[str], None]) -> None:
    """Serve ``session`` on 127.0.0.1 until interrupted; ``ready`` is told the address with the token.

    A ``port`` of 0 takes a free one.

    Raises:
        ConfigurationError: the port is taken.
    """
    # asyncio turns Nagle's delay off only where the protocol is named.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":
        # A port of a review that has just ended is free again. On Windows this would let others share the port.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError as error:
        listening.close()
        raise ConfigurationError(
            f"port {port} of 127.0.0.1 cannot be used: {error.strerror}", "choose another"
        ) from None
    # From here on a request waits until it is answered, so the address may be opened at once.
    listening.listen(128)
    gate = Gate(application(session), listening.getsockname()[1])
    config = uvicorn.Config(
        gate,
        interface="asgi3",
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
    )
    ready(f"http://127.0.0.1:{listening.getsockname()[1]}/?token={gate.token}")
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        # Ctrl-C is how a review ends; every decision is on the disk.
        pass
    finally:
        listening.close()
        session.close()
