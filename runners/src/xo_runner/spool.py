"""Events: numbered, redacted, kept in a file, and pushed to the operator until it has them."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from .hosts import HostTable
from .redaction import Redactor

LONGEST_TEXT = 32 * 1024
LONGEST_MESSAGE = 4 * 1024
LONGEST_TASK = 256
# Of one attempt, within the contract's. Past the first, only what went wrong is sent; past the second, only the end.
MOST_NUMBERED, MOST_SIZE = 40_000, 12 * 1024 * 1024
LAST_NUMBERED, LAST_SIZE = 49_000, 15 * 1024 * 1024
WENT_WRONG = ("host_failed", "host_unreachable")
CUT = "The log is cut here: further events only say what went wrong.\n"
AT_THE_END = ("host_keys", "run_finished")
# What programs and people have written. All else of an event (type, host, data) is the runner's own, or the order's.
WRITTEN = ("task", "message", "text")
MOST_KEYS, LONGEST_KEYS = 100, 64 * 1024
MOST_EVENTS = 200
MOST_BYTES = 512 * 1024
CALL_SECONDS = 10
REFUSED_SECONDS = 30.0
FIRST_BACKOFF, LAST_BACKOFF = 0.5, 10.0


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """urllib would hand the token on, to whatever host an answer names."""

    def redirect_request(self, *_arguments: Any) -> None:
        return None


OPENER = urllib.request.build_opener(NoRedirects)


class Spool:
    """Everything that the run has told so far. The whole of it stays: an operator may lose what it had."""

    def __init__(self, path: Path, redactor: Redactor, table: HostTable, names: Iterable[str] = ()) -> None:
        """`names` are those that the order and its source give to tasks and plays: they are no secrets."""
        self._redactor = redactor
        self._names = frozenset(names)
        self.table = table
        self._file: BinaryIO = path.open("w+b")
        self._starts: list[int] = []
        self._size = 0
        self._changed = threading.Condition()
        self._cut = False
        self.finished = False
        self.dropped = 0
        self.last_event = time.monotonic()

    def emit(self, kind: str, **fields: Any) -> None:
        with self._changed:
            self.last_event = time.monotonic()
            event = {key: value for key, value in fields.items() if value is not None}
            for field in WRITTEN:
                if field in event and not (field != "text" and self._is_name(event[field])):
                    event[field] = self._redactor.text(str(event[field]))
            event["type"] = kind
            self.table.add(event)
            if not self._has_room(kind):
                self.dropped += 1
                if not self._cut:
                    self._cut = True
                    self._write({"type": "output", "text": CUT})
                return
            for field, longest in (("task", LONGEST_TASK), ("message", LONGEST_MESSAGE), ("text", LONGEST_TEXT)):
                if len(event.get(field) or "") > longest:
                    event[field], event["truncated"] = event[field][:longest], True
            self._write(event)
            self.finished = self.finished or kind == "run_finished"

    def outputs(self, host: str, told: dict[str, str]) -> None:
        """What the automation says of a host in the summary."""
        with self._changed:
            self.table.outputs(host, {name: self._redactor.text(value) for name, value in told.items()})

    def _is_name(self, text: str) -> bool:
        # Ansible puts a role's name before the task's.
        return text in self._names or text.rpartition(" : ")[2] in self._names

    def _has_room(self, kind: str) -> bool:
        if kind in AT_THE_END:
            return True
        if kind in WENT_WRONG:
            return len(self._starts) < LAST_NUMBERED and self._size < LAST_SIZE
        return len(self._starts) < MOST_NUMBERED and self._size < MOST_SIZE

    def emit_keys(self, lines: list[str]) -> None:
        """Host keys, as many events as the lines need."""
        part: list[str] = []
        for line in lines:
            if part and (len(part) == MOST_KEYS or sum(map(len, part)) + len(line) > LONGEST_KEYS):
                self.emit("host_keys", data={"lines": part})
                part = []
            part = [*part, line]
        if part:
            self.emit("host_keys", data={"lines": part})

    def _write(self, event: dict[str, Any]) -> None:
        event["counter"] = len(self._starts) + 1
        event["time"] = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = json.dumps(event, separators=(",", ":")).encode() + b"\n"
        self._file.seek(self._size)
        self._file.write(line)
        self._file.flush()
        self._starts.append(self._size)
        self._size += len(line)
        self._changed.notify_all()

    @property
    def last_counter(self) -> int:
        return len(self._starts)

    def after(self, counter: int, most_events: int, most_bytes: int) -> list[bytes]:
        """Lines of the events after this one, at least one if there is any."""
        with self._changed:
            lines: list[bytes] = []
            size = 0
            for index in range(counter, min(counter + most_events, len(self._starts))):
                end = self._starts[index + 1] if index + 1 < len(self._starts) else self._size
                length = end - self._starts[index]
                if lines and size + length > most_bytes:
                    break
                self._file.seek(self._starts[index])
                lines.append(self._file.read(length).rstrip(b"\n"))
                size += length
            return lines

    def wait(self, counter: int, seconds: float) -> None:
        """Until there is an event after this one, or the time is over."""
        with self._changed:
            if len(self._starts) <= counter:
                self._changed.wait(seconds)


class Pusher(threading.Thread):
    """Sends events in order, and goes on after the last one that the operator has; also backwards."""

    def __init__(self, spool: Spool, url: str, token: str) -> None:
        super().__init__(name="pusher", daemon=True)
        self._spool = spool
        self._url = url + "/events"
        self._token = token
        self._closing = threading.Event()
        self.acknowledged = 0
        # The operator keeps nothing more but the last event.
        self._full = False

    def run(self) -> None:
        backoff, most = FIRST_BACKOFF, MOST_EVENTS
        while not (self._closing.is_set() and self.acknowledged >= self._spool.last_counter):
            if self._full:
                self._pass_over()
            self._spool.wait(self.acknowledged, 0.2)
            lines = self._spool.after(self.acknowledged, most, MOST_BYTES)
            if not lines or (self._full and not self._spool.finished):
                if self._full and self._closing.is_set() and not self._spool.finished:
                    # No end will come, and what there is would be dropped.
                    self.acknowledged = self._spool.last_counter
                elif self._full:
                    self._closing.wait(0.2)
                continue
            status, answer, retry = self._post(lines)
            if status == 200:
                self.acknowledged = min(max(0, int(answer.get("acknowledged", 0))), self._spool.last_counter)
                self._full = answer.get("full") is True
                backoff, most = FIRST_BACKOFF, MOST_EVENTS
            elif status == 413 and most > 1:
                most //= 2
            else:
                # 4xx: the operator does not know this run (any more), which may be because it has just started.
                refused = REFUSED_SECONDS if retry is None else retry
                self._pause(refused if 400 <= status < 500 else backoff)
                backoff = min(LAST_BACKOFF, backoff * 2)

    def _pass_over(self) -> None:
        """What would be dropped need not be sent: the last event comes next."""
        self.acknowledged = max(self.acknowledged, self._spool.last_counter - 1)

    def _pause(self, seconds: float) -> None:
        if self._closing.is_set():
            time.sleep(FIRST_BACKOFF)
        else:
            self._closing.wait(seconds * random.uniform(0.5, 1))  # noqa: S311

    def _post(self, lines: list[bytes]) -> tuple[int, dict[str, Any], float | None]:
        """Status, answer, and after how many seconds to try again, if the operator says so."""
        request = urllib.request.Request(  # noqa: S310 the operator chose the URL
            self._url,
            data=b'{"events":[' + b",".join(lines) + b"]}",
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
            method="POST",
        )
        try:
            with OPENER.open(request, timeout=CALL_SECONDS) as response:
                answer = json.load(response)
                return response.status, answer if isinstance(answer, dict) else {}, None
        except urllib.error.HTTPError as error:
            after = error.headers.get("Retry-After", "")
            return error.code, {}, min(REFUSED_SECONDS, float(after)) if after.isdigit() else None
        except (OSError, ValueError, http.client.HTTPException):
            return 0, {}, None

    def close(self, seconds: float) -> bool:
        """Sends what is left. Says whether everything has arrived."""
        self._closing.set()
        self.join(seconds)
        return self.acknowledged >= self._spool.last_counter
