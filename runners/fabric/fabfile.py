"""Tasks that templates can name as `source.builtin`, and playbooks through xo.tailnet.fabric_task: the allow-list."""

from __future__ import annotations

import re
import shlex
from typing import Any

from fabric import Connection, task

UNIT = re.compile(r"[A-Za-z0-9@_.-]+")


def command(*arguments: str) -> str:
    """SSH hands a text to the login shell of the machine: every argument is quoted for it."""
    return shlex.join(arguments)


@task
def ping(c: Connection, *, check: bool = False) -> dict[str, Any]:
    """Logs in and does nothing."""
    c.run(command("true"))
    return {"changed": False, "message": "reached"}


@task
def uptime(c: Connection, *, check: bool = False) -> dict[str, Any]:
    """How long the machine has been up."""
    return {"changed": False, "message": c.run(command("cat", "/proc/uptime")).stdout.split()[0] + " s"}


@task
def service_status(c: Connection, *, name: str, check: bool = False) -> dict[str, Any]:
    """Whether a service of systemd or of init scripts is active; fails when it is not."""
    if not UNIT.fullmatch(name) or name.startswith("-"):
        raise ValueError("name must be the name of a service")
    systemd = c.run(command("test", "-d", "/run/systemd/system"), warn=True).ok
    asking = command("systemctl", "is-active", name) if systemd else command("service", name, "status")
    result = c.run(asking, warn=True)
    if not result.ok:
        raise RuntimeError(f"{name} is not active")
    return {"changed": False, "message": f"{name} is active"}
