"""Connections."""

from __future__ import annotations

import contextvars
from typing import Any

_connection: contextvars.ContextVar[Any] = contextvars.ContextVar("local_aws_connection", default=None)


def install_connections() -> None:
    """Remembers the connection that a request came over, so that a fault can cut it."""
    from hypercorn.asyncio.tcp_server import TCPServer

    server: Any = TCPServer
    original = server.run

    async def run(self: Any) -> None:
        _connection.set(self.writer)
        await original(self)

    server.run = run


def cut_connection() -> None:
    """Closes the connection of the current request without an answer, as a network failure does."""
    writer = _connection.get()
    if writer is not None:
        writer.transport.abort()
