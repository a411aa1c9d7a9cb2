"""The program of the runner's container: one attempt of one run, from run.json to the termination message."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from . import engines, order, ssh
from .engines import Ending, Engine
from .hosts import HostTable, event_data, summary, termination_message
from .order import InvalidOrder, Order, Paths
from .redaction import Redactor, mounted
from .spool import Pusher, Spool

# Together less than the 30 s that a pod has between SIGTERM and SIGKILL.
GRACE_SECONDS = 10.0
FLUSH_SECONDS = 15.0


def main() -> None:
    paths = Paths(Path(os.environ.get("XO_RUN_DIR", "/run/xo")))
    os.umask(0o077)
    paths.work.mkdir(parents=True, exist_ok=True)
    token = paths.token.read_text().strip() if paths.token.exists() else ""
    redactor = Redactor([token, *mounted(paths.secrets, paths.ssh)])
    try:
        wanted = order.read(paths)
    except InvalidOrder as error:
        # Names, and no values.
        wrong = str(error)
        _terminate(summary(order.attempt_of(paths), "error", HostTable([]), 0, redactor.count, "InvalidInput", wrong))
        return
    table = HostTable([host.name for host in wanted.hosts])
    spool = Spool(paths.work / "spool.jsonl", redactor, table, order.names(wanted, paths))
    pusher = Pusher(spool, wanted.callback_url, token) if wanted.callback_url else None
    if pusher:
        pusher.start()
    whole = _carry_out(wanted, paths, spool, redactor)
    _terminate(whole)
    print(f"attempt {wanted.attempt}: {whole['status']} {whole['totals']}", flush=True)
    if pusher and not pusher.close(FLUSH_SECONDS):
        print("not all events have arrived: the operator was not reached", file=sys.stderr, flush=True)
    # Threads of an engine that would not stop must not keep the pod.
    os._exit(0)


class _Stop:
    """Tells the engine to stop, and remembers why: the first cause counts."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.status: str | None = None
        self.reason: str | None = None
        self.message: str | None = None

    def now(self, status: str, reason: str, message: str | None = None) -> None:
        if not self.event.is_set():
            self.status, self.reason, self.message = status, reason, message
            self.event.set()


def _carry_out(wanted: Order, paths: Paths, spool: Spool, redactor: Redactor) -> dict[str, Any]:
    stop = _Stop()
    signal.signal(signal.SIGTERM, lambda number, frame: stop.now("cancelled", "Signal"))
    signal.signal(signal.SIGINT, lambda number, frame: stop.now("cancelled", "Signal"))
    spool.emit("run_started", message=wanted.builtin or wanted.entry, data={"checkMode": wanted.check_mode})
    engine = engines.engine(wanted.engine)
    ending = _engine(engine, wanted, paths, spool, stop)
    learnt = ssh.learnt(paths, wanted)
    if learnt:
        spool.emit_keys(learnt)
    status, reason, message = ending.status, ending.reason, ending.message
    if stop.status and not ending.is_whole:
        # An engine that was stopped has no better reason of its own.
        status, reason, message = stop.status, stop.reason, _with_hint(stop.message, engine)
    if engine and engine.many_steps and not ending.is_whole:
        spool.table.break_off()
    whole = summary(
        wanted.attempt,
        status,
        spool.table,
        spool.last_counter + 1,
        redactor.count,
        reason,
        None if message is None else redactor.text(message),
        spool.dropped,
    )
    spool.emit("run_finished", data=event_data(whole))
    return whole


def _with_hint(message: str | None, engine: Engine | None) -> str | None:
    return f"{message}. {engine.hint}" if message and engine and engine.hint else message


def _engine(engine: Engine | None, wanted: Order, paths: Paths, spool: Spool, stop: _Stop) -> Ending:
    if engine is None:
        return Ending("error", "InvalidInput", f"this image has no engine {wanted.engine}")
    endings: list[Ending] = []

    def work() -> None:
        try:
            ssh.prepare(paths)
            endings.append(engine.run(wanted, paths, spool, stop.event))
        except Exception as error:  # the run must end with a summary, whatever happens
            endings.append(Ending("error", "EngineFailed", repr(error)))

    thread = threading.Thread(target=work, name="engine", daemon=True)
    thread.start()
    _watch(thread, wanted, spool, stop)
    return endings[0] if endings else Ending("error", "EngineFailed", "the engine did not stop")


def _watch(thread: threading.Thread, wanted: Order, spool: Spool, stop: _Stop) -> None:
    begun = time.monotonic()
    stopped: float | None = None
    while thread.is_alive():
        thread.join(0.2)
        now = time.monotonic()
        if now - begun > wanted.timeouts.run_seconds:
            limit = f"{wanted.timeouts.run_seconds} s (spec.timeouts.run of the template)"
            stop.now("timed_out", "RunTimeout", f"the attempt took longer than {limit}")
        elif now - spool.last_event > wanted.timeouts.idle_seconds:
            limit = f"{wanted.timeouts.idle_seconds} s (spec.timeouts.idle of the template)"
            stop.now("timed_out", "IdleTimeout", f"nothing was heard of any machine for {limit}")
        if stop.event.is_set():
            stopped = stopped or now
            if now - stopped > GRACE_SECONDS:
                return


def _terminate(whole: dict[str, Any]) -> None:
    path = os.environ.get("XO_TERMINATION_LOG", "/dev/termination-log")
    try:
        Path(path).write_bytes(termination_message(whole))
    except OSError as error:
        print(f"the termination message cannot be written: {error.strerror}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
