"""A real sshd on the loopback address, and an operator that can lose, refuse and forget."""

from __future__ import annotations

import getpass
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

RUNNERS = Path(__file__).parent.parent
SSHD = shutil.which("sshd", path="/usr/sbin:/usr/bin:/sbin")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Sshd:
    port: int
    key: Path
    known_hosts: str
    user: str


@pytest.fixture(scope="session")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    if SSHD is None:
        message = "sshd is missing: install openssh-server"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    directory = tmp_path_factory.mktemp("sshd")
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", directory / name], check=True)
    port = free_port()
    (directory / "authorized_keys").write_text((directory / "user.pub").read_text())
    # A developer's pyenv puts shims in front that find no Python unless told where.
    versions = ":".join(path.name for path in (Path.home() / ".pyenv" / "versions").glob("*")) or "system"
    (directory / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {directory}/host\nPidFile {directory}/pid\n"
        f"AuthorizedKeysFile {directory}/authorized_keys\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
        f"SetEnv PYENV_VERSION={versions}\n"
        "MaxStartups 100\nMaxSessions 100\nSubsystem sftp internal-sftp\n"
    )
    Path("/run/sshd").mkdir(exist_ok=True)
    process = subprocess.Popen([SSHD, "-D", "-e", "-f", directory / "config"], stderr=(directory / "log").open("w"))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    public = (directory / "host.pub").read_text().split()
    yield Sshd(port, directory / "user", f"[127.0.0.1]:{port} {public[0]} {public[1]}\n", getpass.getuser())
    process.terminate()
    process.wait(10)


@dataclass
class FakeOperator:
    """Keeps what arrives; `troubles` are taken one for each request: a status, "hang up" or "forget"."""

    token: str = "token-of-this-attempt"
    events: list[dict[str, Any]] = field(default_factory=list)
    troubles: list[Any] = field(default_factory=list)
    requests: int = 0
    wire: list[bytes] = field(default_factory=list)
    url: str = ""

    def take(self, body: bytes) -> int:
        self.wire.append(body)
        for event in json.loads(body)["events"]:
            assert event["counter"] <= len(self.events) + 1, "a gap"
            if event["counter"] == len(self.events) + 1:
                self.events.append(event)
        return len(self.events)


@pytest.fixture
def operator() -> Iterator[FakeOperator]:
    fake = FakeOperator()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            fake.requests += 1
            body = self.rfile.read(int(self.headers["Content-Length"]))
            trouble = fake.troubles.pop(0) if fake.troubles else None
            if trouble == "hang up":
                fake.take(body)
                self.close_connection = True
                return
            if trouble == "forget":
                fake.events.clear()
            status = trouble if isinstance(trouble, int) else 200
            if self.headers["Authorization"] != f"Bearer {fake.token}":
                status = 401
            acknowledged = len(fake.events) if trouble == "forget" else fake.take(body) if status == 200 else 0
            answer = json.dumps({"acknowledged": acknowledged}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    fake.url = f"http://127.0.0.1:{server.server_port}/runner/v1/namespaces/net/runs/uid/attempts/1"
    yield fake
    server.shutdown()


@dataclass
class Finished:
    code: int
    summary: dict[str, Any]
    printed: str
    termination: bytes

    def states(self) -> dict[str, str]:
        return {host["n"]: host["s"] for host in self.summary["hosts"]}


class Pod:
    """The runner's files, and the runner itself as a process of its own."""

    def __init__(self, root: Path, sshd: Sshd, operator: FakeOperator) -> None:
        self.root, self.sshd, self.operator = root, sshd, operator
        self.order: dict[str, Any] = {
            "version": 1,
            "run": {"uid": "uid", "name": "run", "namespace": "net", "attempt": 1},
            "engine": "ansible",
            "source": {"builtin": "xo.tailnet.ping"},
            "parameters": {},
            "secrets": {},
            "hosts": [self.host("web-1")],
            "checkMode": False,
            "forks": 10,
            "timeouts": {"runSeconds": 300, "hostSeconds": 200, "idleSeconds": 200},
            "hostKeys": "Strict",
            "callback": {"url": operator.url},
        }
        self.known_hosts = sshd.known_hosts
        self.key = sshd.key.read_bytes()
        self.fabfile = RUNNERS / "fabric" / "fabfile.py"

    def host(self, name: str, **other: Any) -> dict[str, Any]:
        return {"name": name, "address": "127.0.0.1", "port": self.sshd.port, "user": self.sshd.user, **other}

    def source(self, entry: str, text: str) -> None:
        self.order["source"] = {"entry": entry}
        self.file("source/" + entry.split(":")[0], text.encode())

    def secret(self, variable: str, value: str) -> None:
        self.order["secrets"][variable] = {"secret": "tokens", "key": variable}
        self.file(f"secrets/tokens/{variable}", value.encode())

    def file(self, name: str, content: bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def start(self) -> subprocess.Popen[str]:
        # A pod of its own each time: nothing is left of the one before, an open connection neither.
        shutil.rmtree(self.root / "work", ignore_errors=True)
        self.file("input/run.json", json.dumps(self.order).encode())
        self.file("input/token", self.operator.token.encode())
        self.file("input/known_hosts", self.known_hosts.encode())
        self.file("ssh/key", self.key)
        collections = self.root / "collections" / "ansible_collections" / "xo"
        collections.mkdir(parents=True, exist_ok=True)
        if not (collections / "tailnet").exists():
            (collections / "tailnet").symlink_to(RUNNERS / "ansible")
        return subprocess.Popen(
            [sys.executable, "-m", "xo_runner"],
            env={
                "PATH": str(Path(sys.executable).parent) + ":/usr/bin:/bin",
                "PYTHONPATH": str(RUNNERS / "src"),
                "HOME": str(self.root / "work"),
                "TMPDIR": str(self.root),
                "XO_RUN_DIR": str(self.root),
                "XO_TERMINATION_LOG": str(self.root / "termination-log"),
                "XO_FABFILE": str(self.fabfile),
                "ANSIBLE_COLLECTIONS_PATH": str(self.root / "collections"),
                "LC_ALL": "C.UTF-8",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def finish(self, process: subprocess.Popen[str]) -> Finished:
        printed, _ = process.communicate(timeout=400)
        termination = (self.root / "termination-log").read_bytes()
        return Finished(process.returncode, json.loads(termination), printed, termination)

    def run(self) -> Finished:
        return self.finish(self.start())


@pytest.fixture
def pod(sshd: Sshd, operator: FakeOperator) -> Iterator[Pod]:
    # A control socket's path must stay short.
    root = Path(
        subprocess.run(["mktemp", "-d", "/tmp/xr.XXXXXX"], check=True, capture_output=True, text=True).stdout.strip()
    )
    yield Pod(root, sshd, operator)
    shutil.rmtree(root, ignore_errors=True)


def until(condition: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
