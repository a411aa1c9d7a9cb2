"""What to do: run.json, read and checked before anything starts."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
ADDRESS = re.compile(r"[a-zA-Z0-9]([a-zA-Z0-9.:-]*[a-zA-Z0-9])?")
USER = re.compile(r"[a-z_][a-z0-9_-]*")
VARIABLE = re.compile(r"[a-z][a-z0-9_]*")
BUILTIN = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
ENTRY = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9_.-]*(:[a-z][a-z0-9_]*)?")
FILE = re.compile(r"[a-zA-Z0-9._-]+")
# Lines of a playbook that name a task, a play or a module; those with a template in them say what its values are.
NAMING = re.compile(r"^[ \t-]*(?:name:[ \t]*([^\n]*)|([a-z_][a-z0-9_.]*):)", re.MULTILINE)


class InvalidOrder(Exception):
    """The order cannot be carried out; the message says what is wrong with it, and never quotes a value."""


@dataclass(frozen=True)
class Host:
    name: str
    address: str
    port: int
    user: str


@dataclass(frozen=True)
class Timeouts:
    run_seconds: int
    host_seconds: int
    idle_seconds: int


@dataclass(frozen=True)
class Order:
    attempt: int
    engine: str
    builtin: str | None
    entry: str | None
    parameters: dict[str, Any]
    secrets: dict[str, str]
    hosts: tuple[Host, ...]
    check_mode: bool
    forks: int
    timeouts: Timeouts
    trust_on_first_use: bool
    callback_url: str | None


@dataclass(frozen=True)
class Paths:
    """Where things are; see the contract."""

    root: Path

    @property
    def order(self) -> Path:
        return self.root / "input" / "run.json"

    @property
    def token(self) -> Path:
        return self.root / "input" / "token"

    @property
    def given_known_hosts(self) -> Path:
        return self.root / "input" / "known_hosts"

    @property
    def ssh(self) -> Path:
        return self.root / "ssh"

    @property
    def source(self) -> Path:
        return self.root / "source"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    @property
    def work(self) -> Path:
        return self.root / "work"

    @property
    def key(self) -> Path:
        return self.work / "key"

    @property
    def known_hosts(self) -> Path:
        return self.work / "known_hosts"


def attempt_of(paths: Paths) -> int:
    """The attempt, even of an order that is wrong otherwise; 1 when not even that can be read."""
    try:
        return int(json.loads(paths.order.read_text())["run"]["attempt"])
    except (OSError, ValueError, KeyError, TypeError):
        return 1


def names(order: Order, paths: Paths) -> set[str]:
    """What the order and the files of its source call things: tasks, plays, modules and the source itself."""
    found = {order.builtin or "", order.entry or "", (order.entry or "").rpartition(":")[2]}
    for folder in (paths.source, *_own_content()):
        for file in sorted(folder.rglob("*.y*ml")) if folder.is_dir() else ():
            for name, module in NAMING.findall(file.read_text(errors="replace")):
                found.add(module or name.strip().strip("'\""))
    return {name for name in found if name and "{{" not in name}


def _own_content() -> list[Path]:
    """What the image's collection holds."""
    folders = os.environ.get("ANSIBLE_COLLECTIONS_PATH", "/usr/share/ansible/collections").split(":")
    own = [Path(folder) / "ansible_collections" / "xo" / "tailnet" for folder in folders]
    return [folder / part for folder in own for part in ("playbooks", "roles")]


def read(paths: Paths) -> Order:
    try:
        raw = json.loads(paths.order.read_text())
    except OSError as error:
        raise InvalidOrder(f"run.json cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise InvalidOrder("run.json is no JSON") from error
    try:
        return _order(raw, paths)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InvalidOrder(f"run.json lacks something, or has it in another form ({type(error).__name__})") from error


def _order(raw: dict[str, Any], paths: Paths) -> Order:
    if raw["version"] != 1:
        raise InvalidOrder("run.json is of another version than 1: use a runner image that fits the operator")
    parameters = dict(raw["parameters"])
    for name in parameters:
        _matching(VARIABLE, name, "a parameter's name")
        if name.startswith("ansible_"):
            raise InvalidOrder(f"parameter {name} would set a variable of Ansible's own")
    source = raw["source"]
    hosts = tuple(_host(host) for host in raw["hosts"])
    if not hosts:
        raise InvalidOrder("there is no host to run on")
    return Order(
        attempt=int(raw["run"]["attempt"]),
        engine=str(raw["engine"]),
        builtin=_matching(BUILTIN, source["builtin"], "source.builtin") if "builtin" in source else None,
        entry=_matching(ENTRY, source["entry"], "source.entry") if "entry" in source else None,
        parameters=parameters,
        secrets={
            _matching(VARIABLE, name, "a secret's variable"): _secret(paths, ref)
            for name, ref in raw["secrets"].items()
        },
        hosts=hosts,
        check_mode=bool(raw["checkMode"]),
        forks=int(raw["forks"]),
        timeouts=Timeouts(
            run_seconds=int(raw["timeouts"]["runSeconds"]),
            host_seconds=int(raw["timeouts"]["hostSeconds"]),
            idle_seconds=int(raw["timeouts"]["idleSeconds"]),
        ),
        trust_on_first_use=raw["hostKeys"] == "TrustOnFirstUse",
        callback_url=raw.get("callback", {}).get("url"),
    )


def _host(raw: dict[str, Any]) -> Host:
    port = int(raw["port"])
    if not 0 < port < 65536:
        raise InvalidOrder("a host's port must be between 1 and 65535")
    return Host(
        name=_matching(HOST_NAME, raw["name"], "a host's name"),
        address=_matching(ADDRESS, raw["address"], "a host's address"),
        port=port,
        user=_matching(USER, raw["user"], "a host's user"),
    )


def _matching(pattern: re.Pattern[str], value: Any, what: str) -> str:
    # fullmatch: `$` would let a newline at the end pass.
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise InvalidOrder(f"{what} must match {pattern.pattern}")
    return value


def _secret(paths: Paths, ref: dict[str, str]) -> str:
    name, key = _matching(FILE, ref["secret"], "a secret's name"), _matching(FILE, ref["key"], "a secret's key")
    try:
        return (paths.secrets / name / key).read_text()
    except OSError as error:
        raise InvalidOrder(f"Secret {name} has no key {key}") from error
    except UnicodeDecodeError as error:
        raise InvalidOrder(f"key {key} of Secret {name} is no text") from error
