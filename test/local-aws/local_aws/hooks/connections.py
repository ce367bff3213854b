"""Connections."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from typing import Any

_connection: contextvars.ContextVar[Any] = contextvars.ContextVar("local_aws_connection", default=None)


def install_connections() -> None:
    """Remembers the connection that a request came over, so that a fault can cut it."""
    from hypercorn.asyncio.tcp_server import TCPServer

    server: Any = TCPServer
    original = server.run

    async def run(self: Any) -> None:
        _connection.set(self)
        await original(self)

    server.run = run


def cut_connection() -> None:
    """Closes the connection of the current request without an answer, as a network failure does."""
    connection = _connection.get()
    if connection is not None:
        connection.writer.transport.abort()


def is_given_up() -> Callable[[], bool]:
    """A function that tells whether the client has closed the connection of the current request."""
    connection = _connection.get()

    def closed() -> bool:
        return connection is None or connection.reader.at_eof() or connection.reader.exception() is not None or connection.writer.is_closing()

    return closed
