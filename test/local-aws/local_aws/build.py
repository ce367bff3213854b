"""Puts the local AWS together: ministack, what is added to it, and the gateway in front."""

from __future__ import annotations

from . import ec2_hosts, hooks
from .control import Control
from .gateway import Gateway
from .license_manager import service as license_manager
from .server import Options


def application(options: Options) -> Gateway:
    """Imports ministack, which reads its settings from the environment: `server.run` sets them first."""
    missing = hooks.missing()
    if missing:
        raise RuntimeError(f"This version of ministack or hypercorn does not fit: it has no {', '.join(missing)}")
    hooks.install_connections()
    hooks.install_iam()
    hooks.install_response_host()
    license_manager.install()
    ec2_hosts.install()
    return Gateway(hooks.ministack_app(), Control(options.account, options.region, options.auth), [license_manager.SERVICE])
