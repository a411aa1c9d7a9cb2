"""Whole runs: the runner as a process, a real sshd, an operator that takes events."""

from __future__ import annotations

import base64
import json
import signal
import urllib.parse
from typing import Any

import pytest

import sources
from conftest import FakeOperator, Finished, Pod, free_port, until


def kinds(operator: FakeOperator) -> list[str]:
    return [event["type"] for event in operator.events]


def assert_complete(operator: FakeOperator, finished: Finished) -> None:
    assert [event["counter"] for event in operator.events] == list(range(1, finished.summary["lastCounter"] + 1))
    assert kinds(operator)[-1] == "run_finished"
    told = operator.events[-1]["data"]
    assert {**told, "redactions": 0} == {**finished.summary, "redactions": 0}


@pytest.mark.parametrize("engine", sources.ENGINES)
def test_one_well_one_failing_one_unreachable(pod: Pod, operator: FakeOperator, engine: str) -> None:
    pod.order["engine"] = engine
    pod.source(*sources.of(engine).three)
    pod.known_hosts += pod.known_hosts.replace("127.0.0.1", "localhost")
    pod.order["hosts"] = [
        pod.host("well"),
        pod.host("failing", address="localhost"),
        pod.host("refusing", port=free_port()),
    ]
    finished = pod.run()

    assert finished.code == 0, finished.printed
    well = finished.states()["well"]
    assert well in ("ok", "changed")
    assert finished.states() == {"well": well, "failing": "failed", "refusing": "unreachable"}, finished.printed
    changed = int(well == "changed")
    assert finished.summary["totals"] == {
        "total": 3, "ok": 1, "changed": changed, "failed": 1, "unreachable": 1, "skipped": 0, "unfinished": 0,
    }  # fmt: skip
    failing = next(host for host in finished.summary["hosts"] if host["n"] == "failing")
    assert failing["t"]
    assert failing["e"] == "the disk is full"
    assert any("seen" in event.get("text", "") for event in operator.events)
    assert_complete(operator, finished)


@pytest.mark.parametrize("engine", sources.ENGINES)
def test_what_the_image_holds(pod: Pod, engine: str) -> None:
    pod.order |= {"engine": engine, "source": {"builtin": sources.of(engine).builtin}}
    assert pod.run().states() == {"web-1": "ok"}


def test_facts(pod: Pod, operator: FakeOperator) -> None:
    pod.order["source"] = {"builtin": "xo.tailnet.facts"}
    assert pod.run().states() == {"web-1": "ok"}
    assert any("kernel" in event.get("text", "") for event in operator.events)


def test_ansible_calls_a_task_of_fabric(pod: Pod, operator: FakeOperator) -> None:
    pod.source(
        "site.yml",
        "- hosts: all\n  gather_facts: false\n  tasks:\n"
        "    - name: First contact\n      ansible.builtin.raw: 'true'\n"
        "    - name: Uptime\n      xo.tailnet.fabric_task:\n        task: uptime\n      register: up\n"
        "    - name: Show\n      ansible.builtin.debug:\n        var: up.msg\n"
        "    - name: Unknown\n      xo.tailnet.fabric_task:\n        task: no_such\n",
    )
    finished = pod.run()
    assert finished.states() == {"web-1": "failed"}
    assert finished.summary["hosts"][0]["e"] == "fabfile.py has no @task no_such", finished.printed
    assert any('"up.msg": "' in event.get("text", "") and ' s"' in event["text"] for event in operator.events)


def test_two_thousand_events_and_an_operator_that_forgets(pod: Pod, operator: FakeOperator) -> None:
    pod.order["engine"] = "fabric"
    pod.source(
        "fabfile.py:many",
        "from fabric import task\n\n@task\ndef many(c):\n    for i in range(2000):\n        c.output(f'line {i}')\n",
    )
    operator.troubles = [503, "hang up", None, "forget", None, 413, "hang up", None, "forget", 500]
    finished = pod.run()

    lines = [event["text"] for event in operator.events if event["type"] == "output"]
    assert lines == [f"line {i}" for i in range(2000)]
    assert operator.troubles == []
    assert_complete(operator, finished)


def test_an_operator_that_is_never_there(pod: Pod) -> None:
    pod.order["callback"]["url"] = f"http://127.0.0.1:{free_port()}/runner"
    finished = pod.run()
    assert finished.states() == {"web-1": "ok"}
    assert "not all events have arrived" in finished.printed


CANARY = 's3cr3t/&+ "canary" 4711'


def forms(value: str) -> list[str]:
    raw = value.encode()
    return [
        value, base64.b64encode(raw).decode(), urllib.parse.quote(value, safe=""), raw.hex(), json.dumps(value)[1:-1],
    ]  # fmt: skip


@pytest.mark.parametrize("engine", sources.ENGINES)
def test_no_form_of_a_secret_leaves(pod: Pod, operator: FakeOperator, engine: str) -> None:
    pod.secret("password", CANARY)
    pod.order["engine"] = engine
    pod.source(*sources.of(engine).leak)
    finished = pod.run()

    assert finished.states() == {"web-1": "failed"}
    assert finished.summary["redactions"] >= 5
    left = b"\n".join([*operator.wire, finished.termination, finished.printed.encode()]).decode()
    # What travels as JSON is escaped once more.
    for form in [*forms(CANARY), *[json.dumps(form)[1:-1] for form in forms(CANARY)]]:
        assert form not in left
    assert "[redacted]" in left


def test_no_value_is_an_argument_of_a_process(pod: Pod) -> None:
    pod.secret("password", "a-canary-in-no-argument")
    pod.order["parameters"] = {"note": "a-parameter-in-no-argument"}
    pod.source(
        "site.yml",
        "- hosts: all\n  gather_facts: false\n  tasks:\n"
        "    - ansible.builtin.raw: >-\n        cat /proc/*/cmdline /proc/*/environ 2>/dev/null\n"
        "        | tr '\\0' ' ' | grep -c -e [i]n-no-argument\n"
        "      register: found\n      failed_when: found.stdout | trim != '0'\n",
    )
    assert pod.run().states() == {"web-1": "changed"}


HOSTILE = [
    "-oProxyCommand=touch {mark}",
    "{{{{ lookup('pipe', 'touch {mark}') }}}}",
    "$(touch {mark})",
    "`touch {mark}`",
    "a\ntouch {mark}",
]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("engine", sources.ENGINES)
def test_a_hostile_value_is_text(pod: Pod, operator: FakeOperator, engine: str, hostile: str) -> None:
    mark = pod.root / "mark"
    value = hostile.format(mark=mark)
    pod.order["engine"] = engine
    pod.order["parameters"] = {"given": value, "nested": {value: [value]}}
    pod.source(*sources.of(engine).show)
    finished = pod.run()
    assert set(finished.states().values()) <= {"ok", "changed"}, finished.printed
    assert any("touch" in event.get("text", "") for event in operator.events), "it was shown as it is"
    assert not mark.exists()


def test_a_value_has_the_type_that_was_ordered(pod: Pod) -> None:
    """Ansible guesses the type of a text that is marked by itself: a password of digits would be a number."""
    pod.order["parameters"] = {"given": ["", "5432", "true", "null", "1.0", 7, True, None, {"a": ""}]}
    pod.source(
        "site.yml",
        "- hosts: all\n  gather_facts: false\n  tasks:\n"
        "    - ansible.builtin.assert:\n        that:\n"
        "          - given[:5] | map('type_debug') | unique == ['str']\n"
        "          - given[5:] | map('type_debug') | list == ['int', 'bool', 'NoneType', 'dict']\n"
        "          - given[8].a == ''\n",
    )
    finished = pod.run()
    assert set(finished.states().values()) == {"ok"}, finished.printed


@pytest.mark.parametrize("field", ["name", "address", "user"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_host_is_refused(pod: Pod, field: str, hostile: str) -> None:
    mark = pod.root / "mark"
    pod.order["hosts"] = [pod.host("web-1") | {field: hostile.format(mark=mark)}]
    finished = pod.run()
    assert (finished.summary["status"], finished.summary["reason"]) == ("error", "InvalidInput")
    assert not mark.exists()


@pytest.mark.parametrize("name", ["ansible_ssh_common_args", "ansible_connection", "-x", "a b", "x\n"])
def test_a_hostile_parameter_name_is_refused(pod: Pod, name: str) -> None:
    pod.order["parameters"] = {name: "x"}
    assert pod.run().summary["reason"] == "InvalidInput"


@pytest.mark.parametrize("engine", sources.ENGINES)
def test_an_unknown_host_key(pod: Pod, operator: FakeOperator, engine: str) -> None:
    pod.order |= {"engine": engine, "source": {"builtin": sources.of(engine).builtin}}
    known, pod.known_hosts = pod.known_hosts, ""
    finished = pod.run()
    assert finished.states() == {"web-1": "unreachable"}
    assert "known" in finished.summary["hosts"][0]["e"]

    pod.order["hostKeys"] = "TrustOnFirstUse"
    operator.events.clear()
    assert pod.run().states() == {"web-1": "ok"}
    lines = [line for event in operator.events if event["type"] == "host_keys" for line in event["data"]["lines"]]
    assert known.strip() in lines

    # Another key than the recorded one is refused, also on first use of this run.
    other = known.split()
    pod.known_hosts = f"{other[0]} {other[1]} {other[2][:-6]}AAAAAA\n"
    finished = pod.run()
    assert finished.states() == {"web-1": "unreachable"}
    assert "host key" in finished.summary["hosts"][0]["e"].lower()


@pytest.mark.parametrize("engine", sources.ENGINES)
def test_cancelled(pod: Pod, operator: FakeOperator, engine: str) -> None:
    pod.order["engine"] = engine
    pod.source(*sources.of(engine).sleep)
    process = pod.start()
    until(lambda: "host_started" in kinds(operator))
    process.send_signal(signal.SIGTERM)
    finished = pod.finish(process)

    assert finished.summary["status"] == "cancelled"
    assert finished.states() == {"web-1": "running"}
    assert_complete(operator, finished)


@pytest.mark.parametrize("engine", sources.ENGINES)
@pytest.mark.parametrize(("limit", "reason"), [("runSeconds", "RunTimeout"), ("idleSeconds", "IdleTimeout")])
def test_too_long(pod: Pod, engine: str, limit: str, reason: str) -> None:
    pod.order["engine"] = engine
    pod.source(*sources.of(engine).sleep)
    pod.order["timeouts"][limit] = 4
    finished = pod.run()
    assert (finished.summary["status"], finished.summary["reason"]) == ("timed_out", reason)


@pytest.mark.parametrize("engine", sources.ENGINES)
def test_one_host_too_long(pod: Pod, engine: str) -> None:
    pod.order["engine"] = engine
    pod.source(*sources.of(engine).sleep)
    pod.order["timeouts"]["hostSeconds"] = 3
    finished = pod.run()
    assert finished.summary["status"] == "finished"
    assert finished.states() == {"web-1": "failed"}


def test_a_plan_shows_the_difference_and_changes_nothing(pod: Pod, operator: FakeOperator) -> None:
    pod.order["checkMode"] = True
    target = pod.root / "target"
    pod.source(
        "site.yml",
        f"- hosts: all\n  gather_facts: false\n  tasks:\n"
        f"    - ansible.builtin.copy:\n        content: new line\n        dest: {target}\n        mode: '0600'\n",
    )
    finished = pod.run()
    assert finished.states() == {"web-1": "changed"}
    assert not target.exists()
    assert any("+new line" in event.get("text", "") for event in operator.events)


def test_a_rescued_failure_is_none(pod: Pod) -> None:
    pod.source(
        "site.yml",
        "- hosts: all\n  gather_facts: false\n  tasks:\n    - block:\n        - ansible.builtin.fail:\n"
        "      rescue:\n        - ansible.builtin.debug:\n            msg: mended\n",
    )
    assert pod.run().states() == {"web-1": "ok"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hosts": []}, "no host"),
        ({"version": 2}, "another version"),
        ({"engine": "__init__"}, "no engine __init__"),
        ({"hosts": None}, "lacks something"),
    ],
)
def test_an_order_that_cannot_be(pod: Pod, change: dict[str, Any], message: str) -> None:
    pod.order |= change
    finished = pod.run()
    assert finished.code == 0
    assert (finished.summary["status"], finished.summary["reason"]) == ("error", "InvalidInput")
    assert message in finished.summary["message"]


def test_a_playbook_that_is_none(pod: Pod) -> None:
    pod.source("site.yml", "- hosts: all\n  tasks:\n    - no_such_module_at_all:\n")
    finished = pod.run()
    assert (finished.summary["status"], finished.summary["reason"]) == ("error", "EngineFailed")
    assert "no_such_module_at_all" in finished.summary["message"]
