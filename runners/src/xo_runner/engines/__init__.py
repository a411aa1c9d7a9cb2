"""The engines. Each carries an order out, tells of it in events, and says how it ended."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Protocol

from ..order import Order, Paths
from ..spool import Spool


@dataclass(frozen=True)
class Ending:
    """How the engine ended: `finished`, whatever the results; or `error`, with a reason.

    `is_whole`: it came to its own end, and was not stopped before.
    """

    status: str
    reason: str | None = None
    message: str | None = None
    is_whole: bool = False


class Engine(Protocol):
    """`hint`: why it may wait for ever, once that is seen."""

    # What an event says of a host is one of several steps, and not yet its result.
    many_steps: bool
    hint: str | None

    def run(self, order: Order, paths: Paths, spool: Spool, stop: threading.Event) -> Ending:
        """Returns when everything is done, or some seconds after `stop` was set."""


def engine(name: str) -> Engine | None:
    # Imported late: Ansible takes a second to load, and a Fabric run does not need it.
    if name == "ansible":
        from .ansible import AnsibleEngine

        return AnsibleEngine()
    if name == "fabric":
        from .fabric import FabricEngine

        return FabricEngine()
    return None
