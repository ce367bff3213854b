"""Starting and stopping the server."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import Any


@dataclass
class Options:
    port: int = 0
    account: str = "111122223333"
    region: str = "us-east-1"
    auth: bool = False
    log_file: str | None = None
    watch_stdin: bool = True


def run(options: Options) -> None:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", options.port))
    except OSError as error:
        sys.exit(f"Port {options.port} of 127.0.0.1: {error.strerror}. Name another one with --port; 0 is a free one.")
    port = listener.getsockname()[1]
    _prepare_environment(options, port)
    _prepare_logging(options)
    try:
        asyncio.run(_serve(options, listener, port))
    finally:
        _kill_descendants()
    # ministack's worker threads may wait for functions that are gone by now; nothing is left to be done for them.
    sys.stdout.flush()
    os._exit(0)


def _prepare_environment(options: Options, port: int) -> None:
    """ministack reads its settings from the environment when it is imported."""
    for name in ("AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN", "AWS_PROFILE", "LOCALSTACK_PERSISTENCE", "PERSIST_STATE", "SERVICES"):
        os.environ.pop(name, None)
    os.environ.update({
        "GATEWAY_PORT": str(port),
        "MINISTACK_ACCOUNT_ID": options.account,
        "MINISTACK_REGION": options.region,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AUTH": "true" if options.auth else "false",
        # Lambda repeats a failed invocation after one minute and after two.
        "LAMBDA_ASYNC_RETRY_BASE_SECONDS": "0.2",
        "LOG_LEVEL": "INFO" if options.log_file else "ERROR",
        # Listeners and containers that a local AWS for tests does not need.
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "DOCKER_HOST": "unix:///nonexistent/local-aws-does-not-use-docker.sock",
    })


def _prepare_logging(options: Options) -> None:
    """Quiet, unless a log file is asked for; stdout is for the line that says that the server is ready."""
    handler: logging.Handler = logging.FileHandler(options.log_file) if options.log_file else logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s [%(name)s] %(message)s"))
    logging.root.handlers = [handler]
    logging.root.setLevel(logging.INFO if options.log_file else logging.CRITICAL)


async def _serve(options: Options, listener: socket.socket, port: int) -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config

    from . import build

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    if options.watch_stdin:
        threading.Thread(target=_watch_stdin, args=(loop, stop), daemon=True).start()

    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1
    config.loglevel = "ERROR"
    # An ASGI application; hypercorn's own types do not know one that is an object.
    app: Any = build.application(options)
    ready = {"port": port, "endpoint": f"http://127.0.0.1:{port}"}

    task = asyncio.create_task(serve(app, config, shutdown_trigger=stop.wait))
    await _until_connectable(port, task)
    print(json.dumps(ready), flush=True)
    await task


async def _until_connectable(port: int, server: asyncio.Task[None]) -> None:
    while not server.done():
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        except OSError:
            await asyncio.sleep(0.02)
    await server


def _watch_stdin(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Stops the server when whoever started it is gone: its end of the pipe closes, however it ended."""
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        pass
    loop.call_soon_threadsafe(stop.set)


def _kill_descendants() -> None:
    """Ends the processes that functions run in, and theirs."""
    children = _processes_by_parent()
    pending = list(children.get(os.getpid(), []))
    while pending:
        pid = pending.pop()
        pending += children.get(pid, [])
        try:
            os.kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
    # Taken note of, so that none stays behind as a zombie where nobody else does it.
    for pid in children.get(os.getpid(), []):
        try:
            os.waitpid(pid, 0)
        except ChildProcessError:
            pass  # ministack's own threads did.


def _processes_by_parent() -> dict[int, list[int]]:
    pairs: list[tuple[int, int]] = []
    if os.path.exists("/proc/self/stat"):
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as stat:
                    # pid (command, which may contain anything) state parent ...
                    pairs.append((int(name), int(stat.read().rpartition(")")[2].split()[1])))
            except OSError:
                continue  # It has just ended.
    else:
        listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=False).stdout
        pairs = [(int(pid), int(parent)) for pid, parent in (line.split() for line in listing.splitlines())]
    children: dict[int, list[int]] = {}
    for pid, parent in pairs:
        children.setdefault(parent, []).append(pid)
    return children
