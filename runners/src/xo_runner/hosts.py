"""What became of each host, added up from events; and the summary of it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

# The worst first. `pending`: nothing was run on it yet. `skipped`: nothing was to be run on it.
STATES = ("unreachable", "failed", "running", "pending", "skipped", "changed", "ok")
BAD = ("unreachable", "failed")
TERMINATION_BYTES = 4096
# Of the last event: 2,000 hosts with names of 253 characters fit, without their errors.
EVENT_BYTES = 768 * 1024
LONGEST_ERROR = 200
LONGEST_MESSAGE = 500
# Of one host: names, and characters of names and values together.
MOST_OUTPUTS, LONGEST_OUTPUTS = 16, 1024
OUTPUT = re.compile("[a-z][A-Za-z0-9_]{0,62}")


@dataclass
class HostResult:
    name: str
    state: str = "pending"
    ok: int = 0
    changed: int = 0
    failed: int = 0
    skipped: int = 0
    task: str | None = None
    error: str | None = None
    outputs: dict[str, str] = field(default_factory=dict)

    def add_outputs(self, told: dict[str, str]) -> None:
        """What was said later counts. What has no place is left out."""
        for name, value in told.items():
            others = {key: text for key, text in self.outputs.items() if key != name}
            size = sum(len(key) + len(text) for key, text in others.items()) + len(name) + len(value)
            if OUTPUT.fullmatch(name) and len(others) < MOST_OUTPUTS and size <= LONGEST_OUTPUTS:
                self.outputs = {**others, name: value}

    def wire(self) -> dict[str, Any]:
        wire: dict[str, Any] = {"n": self.name, "s": self.state}
        for key, count in (("ok", self.ok), ("ch", self.changed), ("f", self.failed), ("sk", self.skipped)):
            if count:
                wire[key] = count
        if self.state in (*BAD, "running") and self.task:
            wire["t"] = self.task[:LONGEST_ERROR]
        if self.state in BAD and self.error:
            wire["e"] = self.error[:LONGEST_ERROR]
        if self.outputs:
            wire["o"] = self.outputs
        return wire


class HostTable:
    """One row for each host of the order. Callers take turns: the spool adds while it holds its lock."""

    def __init__(self, names: list[str]) -> None:
        self._hosts = {name: HostResult(name) for name in names}

    def add(self, event: dict[str, Any]) -> None:
        host = self._hosts.get(event.get("host") or "")
        kind = event["type"]
        if host is None:
            return
        if kind == "host_started" and host.state not in BAD:
            host.state, host.task = "running", event.get("task")
        elif kind == "host_ok":
            host.ok += 1
            host.changed += 1 if event.get("changed") else 0
            self._well(host)
        elif kind == "host_skipped":
            host.skipped += 1
            self._well(host, "ok" if host.ok else "skipped")
        elif kind in ("host_failed", "host_unreachable"):
            host.failed += 1 if kind == "host_failed" else 0
            if host.state not in BAD:
                host.task, host.error = event.get("task"), event.get("message")
                host.state = kind.removeprefix("host_")

    @staticmethod
    def _well(host: HostResult, otherwise: str = "ok") -> None:
        if host.state not in BAD:
            host.state = "changed" if host.changed else otherwise

    def outputs(self, name: str, told: dict[str, str]) -> None:
        if name in self._hosts:
            self._hosts[name].add_outputs(told)

    def settle(self, name: str, state: str) -> None:
        """The engine's own last word on a host."""
        self._hosts[name].state = state

    def break_off(self) -> None:
        """What went well so far was not all: of each host that has begun and not failed, more was to come."""
        for host in self._hosts.values():
            if host.state in ("ok", "changed", "skipped"):
                host.state = "running"

    def state(self, name: str) -> str:
        return self._hosts[name].state

    def names(self) -> list[str]:
        return list(self._hosts)

    def totals(self) -> dict[str, int]:
        states = [host.state for host in self._hosts.values()]
        return {
            "total": len(states),
            "ok": sum(state in ("ok", "changed") for state in states),
            "changed": states.count("changed"),
            "failed": states.count("failed"),
            "unreachable": states.count("unreachable"),
            "skipped": states.count("skipped"),
            "unfinished": sum(state in ("running", "pending") for state in states),
        }

    def wire(self) -> list[dict[str, Any]]:
        worst_first = sorted(self._hosts.values(), key=lambda host: (STATES.index(host.state), host.name))
        return [host.wire() for host in worst_first]


def summary(
    attempt: int,
    status: str,
    table: HostTable,
    last_counter: int,
    redactions: int,
    reason: str | None = None,
    message: str | None = None,
    dropped: int = 0,
) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "v": 1,
        "attempt": attempt,
        "status": status,
        "lastCounter": last_counter,
        "redactions": redactions,
        "totals": table.totals(),
        "hosts": table.wire(),
        "more": 0,
    }
    if reason:
        whole["reason"] = reason
    if dropped:
        whole["dropped"] = dropped
    if message:
        whole["message"] = message[:LONGEST_MESSAGE]
    return whole


def event_data(whole: dict[str, Any]) -> dict[str, Any]:
    """The summary for the last event: all hosts, with errors that are cut shorter, and shorter, until it fits.

    Outputs are the first to go.
    """
    if len(json.dumps(whole, separators=(",", ":"))) <= EVENT_BYTES:
        return whole
    for longest in (LONGEST_ERROR, 80, 30, 0):
        cut = {**whole, "hosts": [_shortened(host, longest) for host in whole["hosts"]]}
        if len(json.dumps(cut, separators=(",", ":"))) <= EVENT_BYTES:
            break
    return cut


def _shortened(host: dict[str, Any], longest: int) -> dict[str, Any]:
    texts: dict[str, Any] = {key: host[key][:longest] for key in ("t", "e") if longest and key in host}
    return {key: value for key, value in host.items() if key not in ("t", "e", "o")} | texts


def termination_message(whole: dict[str, Any]) -> bytes:
    """As many hosts as fit, the worst first. A host counts for more than the outputs of another."""
    cut = dict(whole)
    hosts = whole["hosts"]
    if len(json.dumps(whole, separators=(",", ":")).encode()) > TERMINATION_BYTES:
        hosts = [{key: value for key, value in host.items() if key != "o"} for host in hosts]
    kept = len(hosts)
    while True:
        cut["hosts"], cut["more"] = hosts[:kept], len(hosts) - kept
        text = json.dumps(cut, separators=(",", ":")).encode()
        if len(text) <= TERMINATION_BYTES or kept == 0:
            return text
        kept = min(kept - 1, kept * TERMINATION_BYTES // len(text))
