"""Ansible, through ansible-runner. Every value of a user travels in a file, marked so that Jinja in it is text."""

from __future__ import annotations

import json
import os
import threading
from typing import Any

import ansible_runner
import yaml

from ..order import Order, Paths
from ..spool import Spool
from . import Ending

CONNECT_SECONDS = 10
LONGEST_MESSAGE = 1000
TAIL_LINES = 20


class _Unsafe(dict[str, Any]):
    """Values that Ansible must not take for templates, at any depth."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent(dumper: yaml.SafeDumper, data: _Unsafe) -> yaml.MappingNode:
    # On the whole, not on each text: of a tagged text Ansible guesses the type, and "5432" would be a number.
    return dumper.represent_mapping("!unsafe", dict(data))


_Dumper.add_representer(_Unsafe, _represent)


class AnsibleEngine:
    def run(self, order: Order, paths: Paths, spool: Spool, stop: threading.Event) -> Ending:
        directory = paths.work / "ansible"
        directory.mkdir(parents=True, exist_ok=True)
        inventory = directory / "hosts.json"
        inventory.write_text(json.dumps(_inventory(order)))
        variables = directory / "variables.yml"
        given = {**order.parameters, **order.secrets}
        with os.fdopen(os.open(variables, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            yaml.dump(_Unsafe(given), file, Dumper=_Dumper, allow_unicode=True)
        translation = _Translation(spool)
        runner = ansible_runner.run(
            private_data_dir=str(directory),
            project_dir=str(paths.source if order.entry else directory),
            playbook=str(paths.source / order.entry) if order.entry else order.builtin,
            inventory=str(inventory),
            # Nothing of a user is in here: the file's path is ours.
            cmdline=f"-e @{variables}" + (" --check --diff" if order.check_mode else ""),
            forks=order.forks,
            envvars=_environment(order, paths),
            event_handler=translation.event,
            cancel_callback=stop.is_set,
            quiet=True,
            suppress_env_files=True,
        )
        if translation.stats is None:
            message = translation.tail() or f"ansible-playbook ended with code {runner.rc}"
            return Ending("error", "EngineFailed", message)
        translation.settle()
        return Ending("finished")


def _inventory(order: Order) -> dict[str, Any]:
    return {
        "all": {
            "hosts": {
                host.name: {"ansible_host": host.address, "ansible_port": host.port, "ansible_user": host.user}
                for host in order.hosts
            }
        }
    }


def _environment(order: Order, paths: Paths) -> dict[str, str]:
    checking = "accept-new" if order.trust_on_first_use else "yes"
    sockets = paths.work / "cp"
    sockets.mkdir(exist_ok=True)
    return {
        "ANSIBLE_HOST_KEY_CHECKING": "True",
        "ANSIBLE_PRIVATE_KEY_FILE": str(paths.key),
        "ANSIBLE_SSH_ARGS": (
            "-F /dev/null -o ControlMaster=auto -o ControlPersist=60s -o BatchMode=yes"
            f" -o UserKnownHostsFile={paths.known_hosts} -o GlobalKnownHostsFile=/dev/null"
            f" -o StrictHostKeyChecking={checking} -o HashKnownHosts=no -o UpdateHostKeys=no"
        ),
        "ANSIBLE_SSH_CONTROL_PATH_DIR": str(sockets),
        "ANSIBLE_TIMEOUT": str(CONNECT_SECONDS),
        "ANSIBLE_TASK_TIMEOUT": str(order.timeouts.host_seconds),
        "ANSIBLE_RETRY_FILES_ENABLED": "False",
        "ANSIBLE_HOME": str(paths.work / "home"),
        "ANSIBLE_LOCAL_TEMP": str(paths.work / "tmp"),
        "ANSIBLE_NOCOLOR": "True",
        "ANSIBLE_INVENTORY_ENABLED": "yaml",
        "ANSIBLE_PYTHON_INTERPRETER": "auto_silent",
        "XO_RUN_DIR": str(paths.root),
    }


class _Translation:
    """From ansible-runner's events to ours."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._printed: list[str] = []
        self.stats: dict[str, dict[str, int]] | None = None

    def event(self, event: dict[str, Any]) -> bool:
        kind = event["event"]
        data = event.get("event_data") or {}
        text = event.get("stdout") or None
        emit, task, host = self._spool.emit, data.get("task"), data.get("host")
        result = data.get("res") or {}
        if text:
            self._printed = [*self._printed, text][-TAIL_LINES:]
        if kind == "playbook_on_play_start":
            emit("play_started", message=data.get("name"), text=text)
        elif kind == "playbook_on_task_start":
            emit("task_started", task=task, text=text)
        elif kind == "runner_on_start":
            emit("host_started", host=host, task=task)
        elif kind == "runner_on_ok" or (kind == "runner_on_failed" and data.get("ignore_errors")):
            emit("host_ok", host=host, task=task, changed=bool(result.get("changed")), text=text)
        elif kind == "runner_on_failed":
            emit("host_failed", host=host, task=task, message=_message(result), text=text)
        elif kind == "runner_on_unreachable":
            emit("host_unreachable", host=host, task=task, message=_why_unreachable(_message(result)), text=text)
        elif kind == "runner_on_skipped":
            emit("host_skipped", host=host, task=task, text=text)
        elif kind == "runner_retry":
            emit("host_retry", host=host, task=task, text=text)
        elif kind == "playbook_on_stats":
            names = ("ok", "changed", "failures", "dark", "skipped", "rescued")
            self.stats = {name: data.get(name) or {} for name in names}
            emit("output", text=text)
        elif text:
            emit("output", host=host, task=task, text=text)
        # Nothing is to be kept on disk a second time.
        return False

    def settle(self) -> None:
        """Ansible's last word: a failure that was rescued is none."""
        stats = self.stats or {}
        for name in self._spool.table.names():
            if stats["dark"].get(name):
                state = "unreachable"
            elif stats["failures"].get(name):
                state = "failed"
            elif stats["changed"].get(name):
                state = "changed"
            elif any(stats[kind].get(name) for kind in ("ok", "skipped", "rescued")):
                state = "ok"
            else:
                state = "skipped"
            self._spool.table.settle(name, state)

    def tail(self) -> str:
        return "\n".join(self._printed).strip()[-LONGEST_MESSAGE:]


def _message(result: dict[str, Any]) -> str:
    # That a module or a command failed is said by msg; why, by what it printed.
    message = str(result.get("msg", ""))
    printed: tuple[str, ...] = ()
    if message.startswith("MODULE FAILURE"):
        printed = ("module_stdout", "module_stderr")
    elif message == "non-zero return code":
        printed = ("stderr", "stdout")
    for key in (*printed, "msg", "stderr", "stdout", "exception", "censored"):
        value = str(result.get(key) or "").strip()
        if value:
            return value[:LONGEST_MESSAGE]
    return "no message"


def _why_unreachable(message: str) -> str:
    """OpenSSH frames what matters most."""
    if "REMOTE HOST IDENTIFICATION HAS CHANGED" in message:
        return "its host key is not the one that is known: record the new one, if it is right"
    if "Host key verification failed" in message or "host key is known for" in message:
        return "its host key is not known: record it, or let the template trust it on first use"
    return message
