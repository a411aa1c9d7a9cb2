"""Keys: our own, in the form that OpenSSH wants, and those of the hosts."""

from __future__ import annotations

import os

from .order import Order, Paths


def prepare(paths: Paths) -> None:
    """A Secret's files belong to root and are readable by a group: OpenSSH takes no such private key."""
    key = (paths.ssh / "key").read_bytes()
    with os.fdopen(os.open(paths.key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(key if key.endswith(b"\n") else key + b"\n")
    paths.known_hosts.write_text("".join(line + "\n" for line in _given(paths)))


def learnt(paths: Paths, order: Order) -> list[str]:
    """Lines of host keys that were not given and are known now."""
    if not order.trust_on_first_use or not paths.known_hosts.exists():
        return []
    given = set(_given(paths))
    return [line for line in paths.known_hosts.read_text().splitlines() if line.strip() and line not in given]


def _given(paths: Paths) -> list[str]:
    return paths.given_known_hosts.read_text().splitlines() if paths.given_known_hosts.exists() else []
