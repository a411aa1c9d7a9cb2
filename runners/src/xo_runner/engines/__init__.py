"""The engines. Each carries an order out, tells of it in events, and says how it ended.

Each module here whose name does not begin with _ is an engine of that name. Its `new_engine` makes one.
"""

from __future__ import annotations

import importlib
import pkgutil
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


def names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))


def engine(name: str) -> Engine | None:
    if name not in names():
        return None
    # Imported late: Ansible takes a second to load, and a Fabric run does not need it.
    made: Engine = importlib.import_module(f".{name}", __name__).new_engine()
    return made
