"""The role tailscale on this machine, with a tailscale that writes down what it is asked to do."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

ROLES = Path(__file__).parent.parent / "ansible" / "roles"

PREFS = {
    "ControlURL": "https://before.example",
    "Hostname": "as-it-was",
    "AdvertiseRoutes": ["10.1.0.0/16", "0.0.0.0/0", "::/0"],
    "RouteAll": True,
    "CorpDNS": False,
    "RunSSH": False,
    "ExitNodeID": "",
    "ExitNodeAllowLANAccess": False,
}

# What the operator puts into the template of every machine, for whatever action.
WANTED = {
    "tailscale_auth_key": "tskey-auth-test",
    "tailscale_hostname": "as-wanted",
    "tailscale_advertise_routes": ["192.168.0.0/16"],
    "tailscale_advertise_exit_node": False,
    "tailscale_exit_node": "",
    "tailscale_exit_node_allow_lan_access": True,
    "tailscale_accept_routes": False,
    "tailscale_accept_dns": True,
    "tailscale_ssh": True,
}


def run(tmp_path: Path, **variables: object) -> list[list[str]]:
    """The calls of tailscale that change something."""
    calls = tmp_path / "calls"
    fake = tmp_path / "bin" / "tailscale"
    fake.parent.mkdir()
    (tmp_path / "prefs.json").write_text(json.dumps(PREFS))
    fake.write_text(
        "#!/bin/sh\n"
        f'case "$1 $2" in\n'
        '"status --json") echo \'{"BackendState": "Running"}\' ;;\n'
        f'"debug prefs") cat {tmp_path}/prefs.json ;;\n'
        f'*) for word; do printf "%s\\n" "$word"; done >> {calls}; echo . >> {calls} ;;\n'
        "esac\n"
    )
    fake.chmod(0o755)
    playbook = tmp_path / "play.yml"
    playbook.write_text(
        json.dumps(
            [
                {
                    "hosts": "all",
                    "gather_facts": False,
                    "tasks": [{"ansible.builtin.include_role": {"name": "tailscale"}}],
                }
            ]
        )
    )
    given = tmp_path / "variables.json"
    given.write_text(json.dumps({**WANTED, **variables}))
    done = subprocess.run(
        ["ansible-playbook", "-i", "machine,", "-c", "local", "-e", f"@{given}", str(playbook)],
        env={
            **os.environ,
            "PATH": f"{fake.parent}:{os.environ['PATH']}",
            "ANSIBLE_ROLES_PATH": str(ROLES),
            "ANSIBLE_HOME": str(tmp_path / "home"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [call.splitlines() for call in calls.read_text().split(".\n") if call]


def test_rekey_keeps_the_preferences_that_the_machine_has(tmp_path: Path) -> None:
    (up,) = run(tmp_path, tailscale_action="rekey")
    assert up[0] == "up"
    assert "--force-reauth=true" in up
    assert "--hostname=as-it-was" in up
    assert "--advertise-routes=10.1.0.0/16" in up
    assert "--advertise-exit-node=true" in up
    assert "--accept-routes=true" in up
    assert "--accept-dns=false" in up
    assert "--ssh=false" in up
    assert not any("tskey-" in word for word in up)


@pytest.mark.parametrize(
    ("server", "expected"), [("", "https://before.example"), ("https://hs.example", "https://hs.example")]
)
def test_rekey_logs_in_where_the_key_is_from(tmp_path: Path, server: str, expected: str) -> None:
    (up,) = run(tmp_path, tailscale_action="rekey", tailscale_login_server=server)
    assert f"--login-server={expected}" in up


def test_reup_keeps_the_preferences_that_the_machine_has(tmp_path: Path) -> None:
    (up,) = run(tmp_path, tailscale_action="reup")
    assert "--hostname=as-it-was" in up
    assert "--advertise-routes=10.1.0.0/16" in up
    assert "--ssh=false" in up
