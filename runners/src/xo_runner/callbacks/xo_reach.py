"""A callback of Ansible's: notes which hosts a playbook that was broken off had not come to the end of."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):  # type: ignore[misc]
    """Ansible's own counts do not tell: a host that was well when the play ended for all counts as well."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "xo_reach"

    def __init__(self) -> None:
        super().__init__()
        self._plays: list[Any] = []
        self._play: Any = None
        self._batch: list[str] = []
        self._begun: set[str] = set()
        self._is_broken = False

    def v2_playbook_on_start(self, playbook: Any) -> None:
        self._plays = playbook.get_plays()

    def v2_playbook_on_play_start(self, play: Any) -> None:
        # Once for each batch of a play with serial.
        if self._play is None or play._uuid != self._play._uuid:
            self._begun = set()
        self._play = play
        self._batch = _hosts(play, play, ignore_restrictions=False)
        self._begun |= set(self._batch)
        self._is_broken = False

    def v2_playbook_on_no_hosts_remaining(self) -> None:
        self._is_broken = True

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        if not ignore_errors:
            self._failed(result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        if not (getattr(result, "task", None) or result._task).ignore_unreachable:
            self._failed(result)

    def _failed(self, result: Any) -> None:
        task = getattr(result, "task", None) or result._task
        # A template counts: what it says is not known here.
        if task.any_errors_fatal or task.run_once:
            self._is_broken = True

    def v2_playbook_on_stats(self, stats: Any) -> None:
        unfinished = set(self._batch) if self._is_broken else set()
        if self._play is not None:
            unfinished |= set(_hosts(self._play, self._play)) - self._begun
            uuids = [play._uuid for play in self._plays]
            begun = uuids.index(self._play._uuid) + 1 if self._play._uuid in uuids else 0
            for play in self._plays[begun:]:
                unfinished |= set(_hosts(play, self._play))
        with open(os.environ["XO_UNFINISHED"], "w") as file:
            json.dump(sorted(unfinished), file)


def _hosts(play: Any, begun: Any, ignore_restrictions: bool = True) -> list[str]:
    """The hosts that a play is for; only a play that has begun has an inventory."""
    pattern = play.hosts
    if "{{" in str(pattern):
        pattern = "all"
    inventory = begun.get_variable_manager()._inventory
    return [host.name for host in inventory.get_hosts(pattern, ignore_restrictions=ignore_restrictions)]
