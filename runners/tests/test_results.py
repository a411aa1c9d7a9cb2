"""What counts as what: whole runs, whose results others build on (retries, votes, healing)."""

from __future__ import annotations

import io
import json
import signal
import textwrap

import pytest

import sources
from conftest import FakeOperator, Finished, Pod, free_port, until

PLAY = "- hosts: all\n  gather_facts: false\n  tasks:\n"


def play(tasks: str, **settings: object) -> str:
    head = "".join(
        f"  {key}: {value}\n" for key, value in {"hosts": "all", "gather_facts": "false", **settings}.items()
    )
    return "- " + head[2:] + "  tasks:\n" + textwrap.indent(textwrap.dedent(tasks), "  ")


DO = "- ansible.builtin.raw: 'true'\n"
FAIL_ON_1 = "- ansible.builtin.raw: 'false'\n  when: inventory_hostname == 'web-1'\n"


def on_three(pod: Pod, playbook: str) -> Finished:
    pod.source("site.yml", playbook)
    pod.order["hosts"] = [pod.host(f"web-{i}") for i in (1, 2, 3)]
    return pod.run()


@pytest.mark.parametrize(
    ("playbook", "second"),
    [
        (play("- ansible.builtin.raw: 'true'\n  run_once: true\n"), "skipped"),
        (play(DO, hosts="web-1"), "skipped"),
        (play("- ansible.builtin.meta: end_host\n  when: inventory_hostname != 'web-1'\n" + DO), "skipped"),
        (play("- ansible.builtin.raw: 'true'\n  when: inventory_hostname == 'web-1'\n"), "ok"),
    ],
)
def test_where_nothing_was_to_be_done_nothing_failed(pod: Pod, playbook: str, second: str) -> None:
    finished = on_three(pod, playbook)
    assert finished.states() == {"web-1": "changed", "web-2": second, "web-3": second}
    assert finished.summary["totals"]["unfinished"] == 0
    assert "reason" not in finished.summary


def test_that_no_host_matched_is_said(pod: Pod) -> None:
    finished = on_three(pod, play(DO, hosts="webservers"))
    assert set(finished.states().values()) == {"skipped"}
    assert (finished.summary["status"], finished.summary["reason"]) == ("finished", "NoHostsMatched")
    assert "no hosts matched hosts: webservers" in finished.summary["message"]


def test_a_play_without_tasks_is_no_failure(pod: Pod) -> None:
    finished = on_three(pod, "- hosts: all\n  gather_facts: false\n")
    assert set(finished.states().values()) == {"skipped"}
    assert finished.summary["status"] == "finished"


@pytest.mark.parametrize(
    ("playbook", "states"),
    [
        # Ended for all hosts by the failure of one.
        (play(DO + FAIL_ON_1 + DO, any_errors_fatal="true"), ("failed", "running", "running")),
        (play(DO + "- ansible.builtin.raw: 'false'\n  run_once: true\n"), ("failed", "running", "running")),
        # The batch of the first failed, so there was none for the others.
        (play(DO + FAIL_ON_1, serial=1), ("failed", "pending", "pending")),
        (play(DO) + play(FAIL_ON_1 + DO, serial=1), ("failed", "running", "running")),
        # A later play was not begun.
        (play(DO, hosts="web-3") + play(FAIL_ON_1, hosts="web-1") + play(DO, hosts="web-2"),
         ("failed", "pending", "changed")),
        # The others went on to their end.
        (play(FAIL_ON_1 + DO), ("failed", "changed", "changed")),
        (play(FAIL_ON_1 + DO, hosts="web-1:web-2"), ("failed", "changed", "skipped")),
    ],
)  # fmt: skip
def test_a_playbook_that_was_broken_off(pod: Pod, playbook: str, states: tuple[str, str, str]) -> None:
    finished = on_three(pod, playbook)
    assert finished.states() == {"web-1": states[0], "web-2": states[1], "web-3": states[2]}, finished.printed


def test_a_host_that_was_well_when_the_run_was_stopped_is_not_done(pod: Pod, operator: FakeOperator) -> None:
    pod.source("site.yml", play(DO + "- ansible.builtin.raw: sleep 60\n  when: inventory_hostname == 'web-1'\n"))
    pod.order["hosts"] = [pod.host("web-1"), pod.host("web-2")]
    process = pod.start()
    until(lambda: any(e["type"] == "host_skipped" and e["host"] == "web-2" for e in operator.events))
    process.send_signal(signal.SIGTERM)
    assert pod.finish(process).states() == {"web-1": "running", "web-2": "running"}


def test_a_failure_in_the_runner_itself_is_one_of_the_run(pod: Pod) -> None:
    finished = on_three(pod, play(DO) + play("- ansible.builtin.fail:\n    msg: no key\n", hosts="localhost"))
    assert set(finished.states().values()) == {"changed"}
    assert (finished.summary["status"], finished.summary["reason"]) == ("error", "FailedElsewhere")
    assert "failed on localhost" in finished.summary["message"]
    assert "no key" in finished.summary["message"]


# Names that a node can have: of groups and of the runner itself, of parts of an inventory and of variables, what YAML
# takes for no text, what looks like an address, a port, a file or a name within a name, and the longest.
NAMES = [
    *(
        "all",
        "ungrouped",
        "localhost",
        "127.0.0.1",
        "machine-all",
        "localhost.localdomain",
        "localhost4",
        "ip6-localhost",
    ),
    *("127.0.0.2", "127.1", "0.0.0.0", "1.2.3.4", "10.0.0.0", "1.2.3.4.5", "web-1.22", "22", "0", "00", "0x1f", "1e3"),
    *(
        "true",
        "no",
        "null",
        "none",
        "omit",
        "nan",
        "2026-11-30",
        "hosts",
        "children",
        "vars",
        "meta",
        "hostvars",
        "groups",
    ),
    *("self", "site.yml", "hosts.json", "ansible.cfg", "local", "ssh", "web-1", "web-1.web-1", "w" * 63, "w" * 253),
]


@pytest.mark.parametrize("engine", sources.ENGINES)
def test_no_name_of_a_host_is_special(pod: Pod, operator: FakeOperator, engine: str) -> None:
    """Neither a group, nor the runner: what is delegated to localhost stays here."""
    pod.order |= {"engine": engine, "forks": 20}
    pod.order["hosts"] = [*(pod.host(name) for name in NAMES), pod.host("not-there", port=free_port())]
    pod.source(*sources.of(engine).look)
    finished = pod.run()
    assert finished.summary["status"] == "finished", (finished.summary.get("message"), operator.events[-12:])
    told = {host["n"]: host["s"] for host in operator.events[-1]["data"]["hosts"]}
    assert told == {**dict.fromkeys(NAMES, "changed"), "not-there": "unreachable"}, finished.printed
    assert {event["host"] for event in operator.events if event["type"] == "host_ok"} == set(NAMES)


def test_a_play_for_one_machine_is_for_that_one(pod: Pod) -> None:
    """A name in `hosts:` is a pattern to Ansible: none of ours means more than one machine, or none."""
    names = [name for name in NAMES if name not in ("all", "ungrouped", "localhost", "127.0.0.1")]
    pod.order["forks"] = 20
    pod.order["hosts"] = [pod.host(name) for name in NAMES]
    pod.source(
        "site.yml",
        "".join(
            play('- ansible.builtin.set_fact:\n    turns: "{{ turns | default(0) | int + 1 }}"\n', hosts=f'"{name}"')
            for name in [*names, "machine-ungrouped", "machine-localhost", "machine-127.0.0.1", "machine-machine-all"]
        )
        + play("- ansible.builtin.assert:\n    that: turns | int == 1\n"),
    )
    finished = pod.run()
    assert (finished.summary["status"], finished.summary["totals"]["ok"]) == ("finished", len(NAMES)), (
        finished.summary.get("message")
    )


@pytest.mark.parametrize("engine", sources.ENGINES)
@pytest.mark.parametrize("secret", ["prod", "prod-db-1", "task", "host", "true", "5432", "x", "host_failed", "failed"])
def test_no_secret_makes_a_result_another(pod: Pod, operator: FakeOperator, engine: str, secret: str) -> None:
    pod.order["engine"] = engine
    pod.source(*sources.of(engine).fail)
    pod.order["hosts"] = [pod.host("prod-web-1"), pod.host("prod-db-1")]
    pod.secret("setting", secret)
    finished = pod.run()

    assert finished.states() == {"prod-web-1": "failed", "prod-db-1": "failed"}
    hidden = secret not in ("true", "x")
    assert {host["t"] for host in finished.summary["hosts"]} == {sources.of(engine).step}
    assert {host["e"] for host in finished.summary["hosts"]} == {"it is [redacted]" if hidden else f"it is {secret}"}
    failed = [event for event in operator.events if event["type"] == "host_failed"]
    assert {event["host"] for event in failed} == {"prod-web-1", "prod-db-1"}
    assert [event["counter"] for event in operator.events] == list(range(1, len(operator.events) + 1))
    assert {**operator.events[-1]["data"], "redactions": 0} == {**finished.summary, "redactions": 0}


def test_a_task_that_is_named_by_a_secret_is_not_named(pod: Pod, operator: FakeOperator) -> None:
    pod.secret("password", "correct-horse")
    pod.source("site.yml", play('- name: "Log in with {{ password }}"\n  ansible.builtin.fail:\n'))
    finished = pod.run()
    assert finished.summary["hosts"][0]["t"] == "Log in with [redacted]"
    assert "correct-horse" not in json.dumps(operator.events) + finished.termination.decode()


def test_a_host_key_is_told_though_an_address_is_a_secret(pod: Pod, operator: FakeOperator) -> None:
    known, pod.known_hosts = pod.known_hosts, ""
    pod.order |= {"engine": "fabric", "source": {"builtin": "ping"}, "hostKeys": "TrustOnFirstUse"}
    pod.file("secrets/tokens/address", b"127.0.0.1")
    pod.run()
    assert [event["data"]["lines"] for event in operator.events if event["type"] == "host_keys"] == [[known.strip()]]


def fabric(pod: Pod, body: str) -> Finished:
    pod.order["engine"] = "fabric"
    imports = "import io, urllib.request\nfrom fabric import task\n\n@task\ndef go(c):\n"
    pod.source("fabfile.py:go", imports + textwrap.indent(textwrap.dedent(body), "    "))
    return pod.run()


@pytest.mark.parametrize(
    "body",
    [
        "c.put(io.StringIO('x'), '/no/such/directory/file')",
        "open('/no/such/file')",
        "urllib.request.urlopen('http://127.0.0.1:9/')",
        "raise EOFError('the file ends too early')",
        "c.run('kill -9 $$')",
    ],
)
def test_an_error_of_the_tasks_own_is_a_failure(pod: Pod, body: str) -> None:
    assert fabric(pod, body).states() == {"web-1": "failed"}


LOSE = """
p=$PPID
while [ "$(ps -o comm= -p $p | cut -c1-4)" != sshd ]; do p=$(ps -o ppid= -p $p | tr -d ' '); done
kill -9 $p
sleep 5
"""


def test_a_connection_that_is_lost_makes_a_host_unreachable(pod: Pod) -> None:
    assert fabric(pod, f"c.run({LOSE!r})").states() == {"web-1": "unreachable"}


def test_a_task_of_fabric_within_ansible_tells_the_same(pod: Pod) -> None:
    pod.source("site.yml", play("- xo.tailnet.fabric_task:\n    task: no_place\n"))
    pod.order["hosts"] = [pod.host("web-1"), pod.host("gone", port=free_port())]
    fabfile = io.StringIO("from fabric import task\n\n@task\ndef no_place(c):\n    open('/no/such/file')\n")
    pod.file("fabfile.py", fabfile.read().encode())
    pod.fabfile = pod.root / "fabfile.py"
    assert pod.run().states() == {"web-1": "failed", "gone": "unreachable"}


def test_a_machine_without_a_place_for_files_was_reached(pod: Pod) -> None:
    pod.source("site.yml", play("- ansible.builtin.ping:\n", vars="{ansible_remote_tmp: /proc/x}"))
    assert pod.run().states() == {"web-1": "failed"}


def test_a_question_ends_the_run_at_once(pod: Pod) -> None:
    pod.source("site.yml", play(DO, vars_prompt="[{name: release}]"))
    finished = pod.run()
    assert (finished.summary["status"], finished.summary["reason"]) == ("error", "InvalidInput")
    assert "asks for release (vars_prompt)" in finished.summary["message"]
    pod.order["parameters"] = {"release": "1"}
    assert pod.run().states() == {"web-1": "changed"}


def test_a_limit_names_its_field_and_a_pause(pod: Pod) -> None:
    pod.order["timeouts"]["idleSeconds"] = 20
    pod.source("site.yml", play("- ansible.builtin.pause:\n    prompt: go on\n"))
    finished = pod.run()
    assert (finished.summary["status"], finished.summary["reason"]) == ("timed_out", "IdleTimeout")
    assert "20 s (spec.timeouts.idle of the template)" in finished.summary["message"]
    assert "pause" in finished.summary["message"]
