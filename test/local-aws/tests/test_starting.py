"""How the server starts, and what it says when it does not."""

from __future__ import annotations

import socket
import subprocess
import sys

from .conftest import PACKAGE


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = subprocess.run(
            [sys.executable, "-m", "local_aws", "--port", str(port)], cwd=PACKAGE, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == f"Port {port} of 127.0.0.1: Address already in use. Name another one with --port; 0 is a free one.\n"
