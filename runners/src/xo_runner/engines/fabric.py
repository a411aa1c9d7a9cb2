"""Fabric: one task of a fabfile, on each host. Only functions with Fabric's own @task can be named."""

from __future__ import annotations

import importlib.util
import inspect
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import paramiko
from fabric import Config, Connection
from fabric.tasks import Task
from invoke.exceptions import CommandTimedOut, UnexpectedExit

from ..order import Host, Order, Paths
from ..spool import Spool
from . import Ending, Engine

CONNECT_SECONDS = 10
# What a lost connection looks like. A task's own errors can look the same: see lost().
TRANSPORT_ERRORS = (paramiko.SSHException, OSError, EOFError)
# Paramiko's exit code of a command that never told its own.
NO_EXIT_CODE = -1


def builtin_fabfile() -> Path:
    return Path(os.environ.get("XO_FABFILE", "/usr/share/xo-runner/fabfile.py"))


class UnknownTask(Exception):
    """There is no such task, or no such file."""


class RecordingConnection(Connection):  # type: ignore[misc]
    """Tells of what each command printed."""

    def run(self, command: str, **options: Any) -> Any:
        return self._recorded(super().run, command, options)

    def sudo(self, command: str, **options: Any) -> Any:
        return self._recorded(super().sudo, command, options)

    def _recorded(self, execute: Callable[..., Any], command: str, options: dict[str, Any]) -> Any:
        output: Callable[[str], None] = self.output
        try:
            result = execute(command, **options)
        except UnexpectedExit as error:
            output(f"$ {command}\n{error.result.stdout}{error.result.stderr}")
            raise
        output(f"$ {command}\n{result.stdout}{result.stderr}")
        return result


class _RecordNew(paramiko.MissingHostKeyPolicy):
    """Trust on first use: believed, and written down for later."""

    def __init__(self, known_hosts: Path) -> None:
        self._known_hosts = known_hosts

    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:
        with _known_hosts_lock, self._known_hosts.open("a") as file:
            file.write(f"{hostname} {key.get_name()} {key.get_base64()}\n")


_known_hosts_lock = threading.Lock()


def connection(
    host: Host, paths: Paths, trust: bool, seconds: int, output: Callable[[str], None]
) -> RecordingConnection:
    config = Config(
        overrides={
            "load_ssh_configs": False,
            "run": {"hide": True, "in_stream": False},
            "sudo": {"hide": True, "in_stream": False},
            "timeouts": {"command": seconds, "connect": CONNECT_SECONDS},
        }
    )
    connected = RecordingConnection(
        host=host.address,
        user=host.user,
        port=host.port,
        config=config,
        connect_timeout=CONNECT_SECONDS,
        connect_kwargs={
            "key_filename": str(paths.key),
            "look_for_keys": False,
            "allow_agent": False,
            "banner_timeout": CONNECT_SECONDS,
            "auth_timeout": CONNECT_SECONDS,
        },
    )
    # A Connection is a view of its configuration and takes no attributes of its own otherwise.
    object.__setattr__(connected, "output", output)
    with _known_hosts_lock:
        connected.client.load_system_host_keys(str(paths.known_hosts))
    policy = _RecordNew(paths.known_hosts) if trust else paramiko.RejectPolicy()
    connected.client.set_missing_host_key_policy(policy)
    return connected


def load(entry: str | None, builtin: str | None, paths: Paths) -> Task:
    if entry is not None:
        file, _, name = entry.partition(":")
        return find(paths.source / file, name)
    return find(builtin_fabfile(), builtin or "")


def find(path: Path, name: str) -> Task:
    if not path.is_file():
        raise UnknownTask(f"there is no file {path.name}")
    task = getattr(_module(path), name, None)
    if not isinstance(task, Task):
        raise UnknownTask(f"{path.name} has no @task {name}")
    return task


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"xo_source_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise UnknownTask(f"{path.name} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def arguments(task: Task, given: dict[str, Any], check: bool) -> dict[str, Any] | None:
    """What to call the task with; None when it has no check mode and is not to change anything."""
    accepted = inspect.signature(task.body).parameters
    unknown = sorted(name for name in given if name not in accepted)
    if unknown:
        raise UnknownTask(f"task {task.body.__name__} takes no argument {', '.join(unknown)}")
    if "check" in accepted:
        return {**given, "check": check}
    return None if check else given


def outcome(returned: Any) -> tuple[bool, str | None]:
    """A task returns nothing, a text, or {"changed": bool, "message": str}."""
    if isinstance(returned, dict):
        message = returned.get("message")
        return bool(returned.get("changed", False)), None if message is None else str(message)
    return False, None if returned is None else str(returned)


@dataclass(frozen=True)
class Outcome:
    """What became of a task on one host: `ok`, `failed` or `unreachable`."""

    state: str
    message: str | None = None
    changed: bool = False


def carry_out(connected: RecordingConnection, task: Task, call: dict[str, Any]) -> Outcome:
    """Only a connection that cannot be made, or is lost, makes a host unreachable. All else is the task's failure."""
    try:
        connected.open()
    except Exception as error:  # whatever keeps us from the host, it was not reached
        return Outcome("unreachable", _why_unreachable(error))
    try:
        changed, message = outcome(task.body(connected, **call))
        return Outcome("ok", message, changed)
    except CommandTimedOut as error:
        return Outcome("failed", f"a command took longer than {error.timeout} s (spec.timeouts.host of the template)")
    except UnexpectedExit as error:
        if error.result.exited == NO_EXIT_CODE and lost(connected):
            return Outcome("unreachable", "the connection was lost while a command ran")
        why = (error.result.stderr or error.result.stdout).strip() or f"exit code {error.result.exited}"
        return Outcome("failed", why)
    except TRANSPORT_ERRORS as error:
        return Outcome("unreachable" if lost(connected) else "failed", str(error) or repr(error))
    except Exception as error:  # a task may raise anything
        return Outcome("failed", str(error) or repr(error))
    finally:
        connected.close()


def lost(connected: RecordingConnection) -> bool:
    """The connection was there and is gone."""
    transport = connected.transport
    return transport is None or not transport.is_active()


class FabricEngine:
    many_steps = False
    hint: str | None = None

    def run(self, order: Order, paths: Paths, spool: Spool, stop: threading.Event) -> Ending:
        try:
            task = load(order.entry, order.builtin, paths)
            call = arguments(task, {**order.parameters, **order.secrets}, order.check_mode)
        except UnknownTask as error:
            return Ending("error", "InvalidInput", str(error))
        except Exception as error:  # a fabfile may raise anything while it is loaded
            return Ending("error", "EngineFailed", f"the fabfile cannot be loaded: {error!r}")
        spool.emit("task_started", task=task.body.__name__)
        pool = ThreadPoolExecutor(max_workers=order.forks, thread_name_prefix="host")
        futures = [pool.submit(_on, host, task, call, order, paths, spool, stop) for host in order.hosts]
        try:
            while not stop.is_set() and not all(future.done() for future in futures):
                stop.wait(0.1)
        finally:
            pool.shutdown(wait=not stop.is_set(), cancel_futures=True)
        return Ending("finished", is_whole=all(future.done() and not future.cancelled() for future in futures))


def new_engine() -> Engine:
    return FabricEngine()


def _on(
    host: Host,
    task: Task,
    call: dict[str, Any] | None,
    order: Order,
    paths: Paths,
    spool: Spool,
    stop: threading.Event,
) -> None:
    if stop.is_set():
        return
    name = task.body.__name__
    spool.emit("host_started", host=host.name, task=name)
    if call is None:
        spool.emit("host_skipped", host=host.name, task=name, text="this task has no check mode")
        return

    def output(text: str) -> None:
        spool.emit("output", host=host.name, task=name, text=text)

    connected = connection(host, paths, order.trust_on_first_use, order.timeouts.host_seconds, output)
    became = carry_out(connected, task, call)
    text = became.message if became.state == "ok" else None
    changed = became.changed if became.state == "ok" else None
    spool.emit(f"host_{became.state}", host=host.name, task=name, changed=changed, message=became.message, text=text)


def _why_unreachable(error: Exception) -> str:
    if "not found in known_hosts" in str(error):
        return "its host key is not known: record it, or let the template trust it on first use"
    if isinstance(error, paramiko.BadHostKeyException):
        return "its host key is not the one that is known: record the new one, if it is right"
    return str(error) or repr(error)
