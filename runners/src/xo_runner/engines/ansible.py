"""Ansible, through ansible-runner. Every value of a user travels in a file, marked so that Jinja in it is text."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ansible_runner
import yaml

from ..order import Order, Paths
from ..spool import Spool
from . import Ending, Engine

CALLBACKS = Path(__file__).parent.parent / "callbacks"
CONNECT_SECONDS = 10
# Names that mean something to Ansible: groups, and the runner itself. What a play does on localhost it must not do on a
# machine that calls itself so.
SPECIAL_NAMES = {"all", "ungrouped", "localhost", "127.0.0.1", "::1"}
PAUSES = {"pause", "ansible.builtin.pause", "ansible.legacy.pause"}
PAUSED = (
    "The task that was under way is a pause. One that waits for an answer never gets one: nobody is there to give it."
    " Let the run wait for approval instead (spec.requireApproval)"
)
# Ansible calls a host unreachable that has no place for the task's files; but it was reached.
ANSWERED = ("Failed to create temporary directory.", "No space left on device")
TOO_LONG = "failed to execute in the expected time frame"
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
    many_steps = True
    hint: str | None = None

    def run(self, order: Order, paths: Paths, spool: Spool, stop: threading.Event) -> Ending:
        directory = paths.work / "ansible"
        directory.mkdir(parents=True, exist_ok=True)
        inventory = directory / "hosts.json"
        names = _inventory_names(order)
        inventory.write_text(json.dumps(_inventory(order, names)))
        unfinished = directory / "unfinished.json"
        variables = directory / "variables.yml"
        given = {**order.parameters, **order.secrets}
        with os.fdopen(os.open(variables, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            yaml.dump(_Unsafe(given), file, Dumper=_Dumper, allow_unicode=True)
        translation = _Translation(spool, {alias: name for name, alias in names.items()}, self._hinted)
        runner = ansible_runner.run(
            private_data_dir=str(directory),
            project_dir=str(paths.source if order.entry else directory),
            playbook=str(paths.source / order.entry) if order.entry else order.builtin,
            inventory=str(inventory),
            # Nothing of a user is in here: the file's path is ours.
            cmdline=f"-e @{variables}" + (" --check --diff" if order.check_mode else ""),
            forks=order.forks,
            envvars=_environment(order, paths) | {"XO_UNFINISHED": str(unfinished)},
            event_handler=translation.event,
            cancel_callback=lambda: stop.is_set() or translation.asked is not None,
            quiet=True,
            suppress_env_files=True,
            # Files are called by the machines' names and a bit more, and a name alone can be as long as that of a file.
            fact_cache_type="memory",
        )
        if translation.asked is not None:
            return Ending("error", "InvalidInput", _asks(translation.asked))
        if translation.stats is None:
            message = translation.tail() or f"ansible-playbook ended with code {runner.rc}"
            return Ending("error", "EngineFailed", message)
        translation.settle(_unfinished(unfinished) if runner.rc else set())
        return translation.ending()

    def _hinted(self, hint: str | None) -> None:
        self.hint = hint


def new_engine() -> Engine:
    return AnsibleEngine()


def _asks(variable: str) -> str:
    return (
        f"the playbook asks for {variable} (vars_prompt), and nobody is there to answer: let the template's schema have"
        f" a parameter {variable}, or a secret of that variable, and the playbook asks no more"
    )


def _unfinished(file: Path) -> set[str] | None:
    """Hosts that the playbook, which was broken off, was still to do something on; None when that is not known."""
    try:
        return set(json.loads(file.read_text()))
    except (OSError, ValueError):
        return None


def _inventory_names(order: Order) -> dict[str, str]:
    """What a playbook calls each host: its own name, unless that means something else to Ansible."""
    names = {host.name for host in order.hosts}
    aliases: dict[str, str] = {}
    for host in order.hosts:
        alias = host.name
        while alias in SPECIAL_NAMES or (alias != host.name and alias in names):
            alias = "machine-" + alias
        aliases[host.name] = alias
        names.add(alias)
    return aliases


def _inventory(order: Order, names: dict[str, str]) -> dict[str, Any]:
    return {
        "all": {
            "hosts": {
                names[host.name]: {"ansible_host": host.address, "ansible_port": host.port, "ansible_user": host.user}
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
        "ANSIBLE_CALLBACK_PLUGINS": str(CALLBACKS),
        "ANSIBLE_HOME": str(paths.work / "home"),
        "ANSIBLE_LOCAL_TEMP": str(paths.work / "tmp"),
        "ANSIBLE_NOCOLOR": "True",
        "ANSIBLE_INVENTORY_ENABLED": "yaml",
        "ANSIBLE_PYTHON_INTERPRETER": "auto_silent",
        "XO_RUN_DIR": str(paths.root),
    }


class _Translation:
    """From ansible-runner's events to ours."""

    def __init__(self, spool: Spool, hosts: dict[str, str], hinted: Callable[[str | None], None]) -> None:
        self._spool = spool
        self._hosts = hosts
        self._hinted = hinted
        self._printed: list[str] = []
        self._pattern: str | None = None
        self._unmatched: list[str] = []
        # Hosts that answered, and could not do what every task needs first.
        self._answered: set[str] = set()
        # What went wrong where no machine of the run is.
        self._elsewhere: dict[str, str] = {}
        self.asked: str | None = None
        self.stats: dict[str, dict[str, int]] | None = None

    def event(self, event: dict[str, Any]) -> bool:
        kind = event["event"]
        data = event.get("event_data") or {}
        text = event.get("stdout") or None
        emit, task, host = self._spool.emit, data.get("task"), self._host(data.get("host"))
        result = data.get("res") or {}
        if text:
            self._printed = [*self._printed, text][-TAIL_LINES:]
        if kind == "playbook_on_play_start":
            self._pattern = data.get("pattern")
            emit("play_started", message=data.get("name"), text=text)
        elif kind == "playbook_on_no_hosts_matched":
            self._unmatched = [*self._unmatched, str(self._pattern)]
            emit("output", text=text)
        elif kind == "playbook_on_vars_prompt":
            self.asked = str(data.get("varname"))
            emit("output", text=text)
        elif kind == "playbook_on_task_start":
            self._hinted(PAUSED if data.get("task_action") in PAUSES else None)
            emit("task_started", task=task, text=text)
        elif kind == "runner_on_start":
            emit("host_started", host=host, task=task)
        elif kind == "runner_on_ok" or (kind == "runner_on_failed" and data.get("ignore_errors")):
            self._keep_outputs(host, result)
            emit("host_ok", host=host, task=task, changed=bool(result.get("changed")), text=text)
        elif kind == "runner_on_failed":
            self._elsewhere.setdefault(str(host), _message(result))
            emit("host_failed", host=host, task=task, message=_message(result), text=text)
        elif kind == "runner_on_unreachable":
            message = _message(result)
            if any(words in message for words in ANSWERED):
                self._answered.add(str(host))
                emit("host_failed", host=host, task=task, message=message, text=text)
            else:
                self._answered.discard(str(host))
                emit("host_unreachable", host=host, task=task, message=_why_unreachable(message), text=text)
        elif kind == "runner_on_skipped":
            emit("host_skipped", host=host, task=task, text=text)
        elif kind == "runner_retry":
            emit("host_retry", host=host, task=task, text=text)
        elif kind == "playbook_on_stats":
            names = ("ok", "changed", "failures", "dark", "skipped", "rescued")
            self.stats = {
                name: {self._hosts.get(alias, alias): count for alias, count in (data.get(name) or {}).items()}
                for name in names
            }
            emit("output", text=text)
        elif text:
            emit("output", host=host, task=task, text=text)
        # Nothing is to be kept on disk a second time.
        return False

    def _keep_outputs(self, host: str | None, result: dict[str, Any]) -> None:
        told = result.get("xo_outputs")
        if host is not None and isinstance(told, dict):
            self._spool.outputs(host, {str(name): value for name, value in told.items() if isinstance(value, str)})

    def _host(self, alias: str | None) -> str | None:
        return None if alias is None else self._hosts.get(alias, alias)

    def settle(self, unfinished: set[str] | None) -> None:
        """Ansible's last word: a failure that was rescued is none, and where nothing was done nothing was to be done.

        `unfinished`: as the inventory calls them, hosts that a playbook which was broken off had not come to the end
        of; None when they are not known.
        """
        stats = self.stats or {}
        left = {self._hosts.get(alias, alias) for alias in unfinished or ()}
        for name in self._spool.table.names():
            touched = any(stats[kind].get(name) for kind in ("ok", "skipped", "rescued"))
            if stats["dark"].get(name):
                state = "failed" if name in self._answered else "unreachable"
            elif stats["failures"].get(name):
                state = "failed"
            elif name in left or (unfinished is None and not touched):
                state = "running" if touched else "pending"
            elif stats["changed"].get(name):
                state = "changed"
            else:
                state = "ok" if touched else "skipped"
            self._spool.table.settle(name, state)

    def ending(self) -> Ending:
        """With a word on plays that were for none of the machines, and on hosts that are none of them."""
        stats = self.stats or {}
        strangers = sorted({*stats["failures"], *stats["dark"]} - set(self._spool.table.names()))
        if strangers:
            name = strangers[0]
            why = self._elsewhere.get(name, "it was not reached")
            message = f"the playbook failed on {name}, which is no machine of this run: {why}"
            return Ending("error", "FailedElsewhere", message, is_whole=True)
        if not self._unmatched:
            return Ending("finished", is_whole=True)
        patterns = ", ".join(f"hosts: {pattern}" for pattern in self._unmatched)
        return Ending(
            "finished",
            "NoHostsMatched",
            f"no hosts matched {patterns}. The inventory has the machines of the run by their names, and no groups but"
            " all: choose machines in the run, and write hosts: all",
            is_whole=True,
        )

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
        if TOO_LONG in value:
            return value[:LONGEST_MESSAGE] + " (spec.timeouts.host of the template)"
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
