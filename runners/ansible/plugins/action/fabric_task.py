"""Runs a task of the image's fabfile on the machine, from the runner."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase

from xo_runner.engines import fabric
from xo_runner.order import Host, Paths


class ActionModule(ActionBase):  # type: ignore[misc]
    """The connection's address, port and user are the host's own variables; key and known hosts are the run's."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, given = self.validate_argument_spec(
            {"task": {"type": "str", "required": True}, "arguments": {"type": "dict", "default": {}}}
        )
        given = _plain(given)
        variables = task_vars or {}
        host = Host(
            name=_plain(variables["inventory_hostname"]),
            address=_plain(variables.get("ansible_host", variables["inventory_hostname"])),
            port=int(variables.get("ansible_port", 22)),
            user=_plain(variables.get("ansible_user", "root")),
        )
        printed: list[str] = []

        def failed(why: str) -> dict[str, Any]:
            return {**result, "failed": True, "msg": why, "output": "\n".join(printed)}

        try:
            task = fabric.find(fabric.builtin_fabfile(), given["task"])
            call = fabric.arguments(task, given["arguments"], self._task.check_mode)
        except fabric.UnknownTask as error:
            return failed(str(error))
        if call is None:
            return {**result, "skipped": True, "msg": "this task has no check mode", "output": ""}
        paths = Paths(Path(os.environ.get("XO_RUN_DIR", "/run/xo")))
        # Ansible has connected before, so the host key is known by now, or is not to be trusted.
        connected = fabric.connection(host, paths, False, int(self._task.timeout or 600), printed.append)
        became = fabric.carry_out(connected, task, call)
        told = {**result, "msg": became.message or "", "output": "\n".join(printed)}
        if became.state == "ok":
            return {**told, "changed": became.changed}
        return {**told, became.state: True}


def _plain(value: Any) -> Any:
    """Ansible marks its texts by classes of their own, which neither Fabric nor a task can handle as texts."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, dict):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
