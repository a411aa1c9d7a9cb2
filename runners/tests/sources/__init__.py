"""What the tests of all engines run, as each engine has it: a module of its name, with its `SOURCES`."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from xo_runner import engines

# Entry and text of a source.
Source = tuple[str, str]

ENGINES = engines.names()


@dataclass(frozen=True)
class Sources:
    """`builtin`: something of the image that changes nothing and is well on each machine.

    `three`: is well, prints `seen`, and fails with `the disk is full` where the host's address is `localhost`.
    `leak`: shows the secret `password` as it is, in base64, in hex or percent signs, and as JSON, and fails with it.
    `show`: shows the parameters `given` and `nested`.
    `sleep`: does something on the machine that takes a minute.
    `look`: changes each host, and fails unless it works on the machine; what can run in the runner looks there.
    `fail`: the step `step` fails with `it is` and the secret `setting`.
    """

    builtin: str
    three: Source
    leak: Source
    show: Source
    sleep: Source
    look: Source
    fail: Source
    step: str


def of(engine: str) -> Sources:
    module = f"{__name__}.{engine}"
    if importlib.util.find_spec(module) is None:
        raise AssertionError(f"add {Path(__file__).parent}/{engine}.py: all engines must pass the tests of one")
    found: Sources = importlib.import_module(module).SOURCES
    return found
