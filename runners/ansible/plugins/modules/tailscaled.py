#!/usr/bin/python
"""Sets preferences of this machine's tailscaled, and logs it in, without a change to anything else."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: tailscaled
short_description: Sets preferences of the machine's tailscaled and logs it in, and keeps all other preferences
description:
  - Reads all preferences first, sets those that are given and differ, and compares all others afterwards.
  - Speaks tailscaled's LocalAPI, as C(tailscale up) does, which itself resets what it is not told.
  - In check mode it says what would change, and changes nothing.
options:
  socket:
    description: Where tailscaled listens.
    type: path
    default: /run/tailscale/tailscaled.sock
  hostname:
    description: Like all preferences, kept as the machine has it when it is not given.
    type: str
  advertise_routes:
    description: CIDRs to advertise, without the exit routes.
    type: list
    elements: str
  advertise_exit_node:
    description: Offers the machine as an exit node.
    type: bool
  unmanaged_routes:
    description: What becomes of routes, exit routes included, that the machine advertises and that are not given.
    type: str
    choices: [keep, remove]
    default: keep
  exit_node:
    description: Tailnet address of the exit node to use; none when empty.
    type: str
  exit_node_allow_lan_access:
    description: Reaches the machine's own network past the exit node.
    type: bool
  accept_routes:
    description: Uses the subnet routes of others.
    type: bool
  accept_dns:
    description: Uses the tailnet's DNS settings.
    type: bool
  ssh:
    description: Runs Tailscale SSH.
    type: bool
  preferences:
    description: With C(when_new) the preferences are set only on a machine that is in no tailnet.
    type: str
    choices: [always, when_new]
    default: always
  login:
    description:
      - C(never) leaves the login alone. C(when_needed) logs in where tailscaled does not run in this tailnet.
      - C(anew) logs in whatever tailscaled believes, with a new node key.
    type: str
    choices: [never, when_needed, anew]
    default: never
  login_server:
    description: Control plane to log in to. Empty means the one that the machine has, or else Tailscale's own.
    type: str
    default: ""
  auth_key:
    description: Join key for the login.
    type: str
    default: ""
  take_over:
    description: Whether a machine that is in a tailnet already may be changed. When not, it is refused first.
    type: bool
    default: true
  up:
    description: Brings it up, as C(tailscale up) without arguments, when somebody has brought it down.
    type: bool
    default: false
  patience:
    description: Seconds that tailscaled has to come to rest before anything is asked of it.
    type: int
    default: 20
  login_seconds:
    description: How long a login may take.
    type: int
    default: 60
author:
  - XO Tailnet Operator (@xo-network)
"""

EXAMPLES = r"""
- name: Accept routes, and keep all else
  xo.tailnet.tailscaled:
    accept_routes: true
"""

RETURN = r"""
xo_outputs:
  description: C(note) says what was changed, or would be. C(device) is the ID of the machine's device in the tailnet.
  returned: success
  type: dict
"""

import http.client
import json
import socket
import time

from ansible.module_utils.basic import AnsibleModule

EXIT_ROUTES = ["0.0.0.0/0", "::/0"]
TAILSCALE = "https://controlplane.tailscale.com"
# They are the same control plane.
TAILSCALES_OWN = ("", "https://login.tailscale.com", TAILSCALE)
MOST_BYTES = 64 * 1024 * 1024
LONGEST_NOTE = 500
CALL_SECONDS = 30
EXIT_SECONDS = 20
# tailscaled's own books: the login, and the exit node before the last one.
NOT_COMPARED = {"Config", "Persist", "InternalExitNodePrior"}
EXIT = {"ExitNodeID", "ExitNodeIP", "AutoExitNode"}
SIMPLE = {
    "hostname": "Hostname",
    "accept_routes": "RouteAll",
    "accept_dns": "CorpDNS",
    "ssh": "RunSSH",
    "exit_node_allow_lan_access": "ExitNodeAllowLANAccess",
}
# As the fields of a TailnetNode are called.
SHOWN = {
    "Hostname": "hostname",
    "RouteAll": "acceptRoutes",
    "CorpDNS": "acceptDns",
    "RunSSH": "ssh",
    "ExitNodeAllowLANAccess": "exitNodeAllowLanAccess",
    "AdvertiseRoutes": "advertised routes",
}


class Refused(Exception):
    """In words for a user."""


class Connection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("local-tailscaled.sock", timeout=CALL_SECONDS)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Tailscaled:
    """LocalAPI of one tailscaled."""

    def __init__(self, path):
        self.path = path

    def call(self, method, what, body=None):
        connection = Connection(self.path)
        try:
            content = None if body is None else json.dumps(body).encode()
            connection.request(method, "/localapi/v0/" + what, body=content)
            answer = connection.getresponse()
            text = answer.read(MOST_BYTES)
        except (OSError, http.client.HTTPException) as error:
            raise Refused(f"tailscaled does not answer at {self.path}: {error}") from error
        finally:
            connection.close()
        if answer.status >= 300:
            raise Refused("tailscaled refuses {} ({}): {}".format(what.split("?")[0], answer.status, _error(text)))
        return json.loads(text) if text.strip() else {}

    def status(self, peers=False):
        return self.call("GET", "status" if peers else "status?peers=false")

    def preferences(self):
        return self.call("GET", "prefs")

    def edit(self, changes):
        body = dict(changes)
        for name in changes:
            # What is nested has a mask of its own; the rest is set as a whole.
            body[name + "Set"] = {key + "Set": True for key in changes[name]} if name == "AutoUpdate" else True
        self.call("PATCH", "prefs", body)

    def at_rest(self, seconds):
        """Its status, once it knows where it stands."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                status = self.status()
                if status.get("BackendState") not in (None, "NoState", "Starting"):
                    return status
                why = Refused("tailscaled is not ready: it is in state {}".format(status.get("BackendState")))
            except Refused as error:
                why = error
            if time.monotonic() > deadline:
                raise why
            time.sleep(0.5)


def _error(text):
    try:
        told = json.loads(text)
        return str(told.get("error") or told.get("Error") or told)
    except (ValueError, AttributeError):
        return text.decode(errors="replace").strip()


def _server(url):
    url = (url or "").rstrip("/")
    return TAILSCALE if url in TAILSCALES_OWN else url


def _exit(status, prefs):
    """Address of the exit node in use; "unseen" when it is one that the machine does not see; empty for none."""
    if not any(prefs.get(name) for name in EXIT):
        return ""
    addresses = (status.get("ExitNodeStatus") or {}).get("TailscaleIPs") or []
    return addresses[0].split("/")[0] if addresses else prefs.get("ExitNodeIP") or "unseen"


def _routes(prefs):
    return sorted(prefs.get("AdvertiseRoutes") or [])


def _wanted_routes(given, prefs):
    """All routes that the machine is to advertise; None when nothing is said of them."""
    if given["advertise_routes"] is None and given["advertise_exit_node"] is None:
        return None
    exits = EXIT_ROUTES if given["advertise_exit_node"] else []
    kept = _routes(prefs) if given["unmanaged_routes"] == "keep" else []
    return sorted({*(given["advertise_routes"] or []), *exits, *kept})


class Change:
    """What is to be done, worked out from what is there. `edits` has preferences, `lines` says the same to a human."""

    def __init__(self, given, status, prefs):
        state = status.get("BackendState")
        server = _server(given["login_server"] or prefs.get("ControlURL"))
        self.elsewhere = _server(prefs.get("ControlURL")) != server
        # tailscaled that never logged in, or that logged out, needs a login.
        self.known = state not in ("NeedsLogin", "NoState")
        has_key = self.known or bool(status.get("HaveNodeKey"))
        self.anew = has_key and (given["login"] == "anew" or self.elsewhere)
        self.logs_in = given["login"] != "never" and (state != "Running" or self.anew)
        self.edits, self.lines, self.exit = {}, [], None
        if self.logs_in:
            self._login(prefs, server, status)
        if given["preferences"] == "always" or not self.known:
            self._preferences(given, status, prefs)
        if given["up"] and not prefs.get("WantRunning"):
            self.edits["WantRunning"] = True
            self.lines.append("tailscale up")

    def _login(self, prefs, server, status):
        # The tags are in the key: asking for others would be refused.
        self.edits.update({"ControlURL": server, "WantRunning": True, "LoggedOut": False, "AdvertiseTags": None})
        self.lines.append("logs in to " + server)
        if self.elsewhere and self.known:
            self.lines.append("leaves the tailnet of " + _server(prefs.get("ControlURL")))
        if self.elsewhere and _exit(status, prefs):
            # It would let nothing out: the new tailnet has no such exit node.
            self._no_exit(prefs, "of the other tailnet")

    def _no_exit(self, prefs, why):
        self.edits.update({name: "" for name in EXIT if name in prefs})
        self.lines.append("stops using the exit node " + why)

    def _preferences(self, given, status, prefs):
        for option, name in SIMPLE.items():
            if given[option] is not None and given[option] != prefs.get(name):
                self._set(name, prefs.get(name), given[option])
        routes = _wanted_routes(given, prefs)
        if routes is not None and routes != _routes(prefs):
            self._set("AdvertiseRoutes", _routes(prefs), routes)
        advertised = _routes(prefs) if routes is None else routes
        # Addresses of another tailnet mean nothing in this one.
        wanted, used = given["exit_node"], "" if self.logs_in and self.elsewhere else _exit(status, prefs)
        if wanted is None or wanted == used:
            return
        if not wanted:
            self._no_exit(prefs, used)
        elif set(advertised) & set(EXIT_ROUTES):
            # Tailscale allows one of both.
            self.lines.append("uses no exit node, as it offers itself as one")
        else:
            self.exit = wanted
            self.lines.append("uses the exit node {}, not {}".format(wanted, used or "none"))

    def _set(self, name, before, after):
        self.edits[name] = after
        if name == "AdvertiseRoutes":
            more, less = sorted(set(after) - set(before)), sorted(set(before) - set(after))
            told = " and ".join(
                part for part in (more and "adds " + ", ".join(more), less and "removes " + ", ".join(less)) if part
            )
            self.lines.append("advertised routes: " + told)
        else:
            self.lines.append(f"{SHOWN[name]}: {json.dumps(before)} -> {json.dumps(after)}")

    @property
    def is_any(self):
        return bool(self.logs_in or self.edits or self.exit)

    def note(self):
        note = "; ".join(self.lines)
        return note if len(note) <= LONGEST_NOTE else note[: LONGEST_NOTE - 3] + "..."


def _log_in(tailscaled, given, change, prefs, status):
    """As `tailscale up` does it, but with all preferences that the machine has: nothing is open meanwhile."""
    key_before = (status.get("Self") or {}).get("PublicKey")
    kept = {name: value for name, value in prefs.items() if name not in NOT_COMPARED}
    # With a node key, the start alone is a login too: it would use up the key before the one that is meant.
    asks = change.anew or not change.known
    wanted = {**kept, **change.edits, "LoggedOut": asks}
    try:
        tailscaled.call("POST", "start", {"AuthKey": given["auth_key"], "UpdatePrefs": wanted})
        if asks:
            tailscaled.call("POST", "login-interactive")
        _await_login(tailscaled, given["login_seconds"], key_before if change.anew else None)
    except Refused:
        # As it was: with the key that it had, if it had one.
        tailscaled.call("POST", "start", {"UpdatePrefs": kept})
        raise


def _await_login(tailscaled, seconds, key_before):
    deadline = time.monotonic() + seconds
    while True:
        now = tailscaled.status()
        key = (now.get("Self") or {}).get("PublicKey")
        if now.get("BackendState") == "Running" and key != key_before:
            return
        if time.monotonic() > deadline:
            health = "".join(f"; {text}" for text in now.get("Health") or [])
            raise Refused(
                f"the login did not finish within {seconds} s: tailscaled is in state {now.get('BackendState')}{health}"
            )
        time.sleep(0.5)


def _use_exit(tailscaled, address):
    """Waits until the machine sees it: one that it does not see would let no traffic out."""
    deadline = time.monotonic() + EXIT_SECONDS
    while True:
        peers = (tailscaled.status(peers=True).get("Peer") or {}).values()
        if any(address in (peer.get("TailscaleIPs") or []) and peer.get("ExitNodeOption") for peer in peers):
            prefs = tailscaled.preferences()
            cleared = {name: "" for name in EXIT - {"ExitNodeIP"} if name in prefs}
            tailscaled.edit({"ExitNodeIP": address, **cleared})
            return
        if time.monotonic() > deadline:
            raise Refused(
                f"the machine does not see an exit node with the address {address}: approve its exit routes, and allow"
                " the machine to reach autogroup:internet in the policy"
            )
        time.sleep(1)


def _changed_beside(before, after, change):
    """Preferences that are not as they were, and that nobody asked to change: what they were, by name."""
    found = {}
    for name in sorted(set(before) | set(after)):
        was, now = before.get(name) or None, after.get(name) or None
        if was == now or name in NOT_COMPARED or name in change.edits:
            continue
        if name in EXIT:
            if change.exit or _same_exit(before, after):
                continue
        elif name == "AdvertiseRoutes" and set(now or []) >= set(was or []):
            # An app connector has learnt of more meanwhile.
            continue
        found[name] = before.get(name)
    return found


def _same_exit(before, after):
    if before.get("AutoExitNode") or before.get("ExitNodeID"):
        return all(before.get(name) == after.get(name) for name in ("AutoExitNode", "ExitNodeID")) or (
            bool(before.get("AutoExitNode")) and before.get("AutoExitNode") == after.get("AutoExitNode")
        )
    # An address becomes an ID once the machine sees who has it.
    return bool(before.get("ExitNodeIP")) == any(bool(after.get(name)) for name in EXIT)


def _same(one, other):
    if isinstance(one, list) and isinstance(other, list):
        return sorted(one) == sorted(other)
    return (one or None) == (other or None)


def _compare(tailscaled, before, change):
    """Puts back what changed beside what was asked for. Says so when that, or what was asked for, does not succeed."""
    after = tailscaled.preferences()
    missing = [name for name in change.edits if name not in EXIT and not _same(change.edits[name], after.get(name))]
    if missing:
        told = ", ".join(f"{SHOWN.get(name, name)} is {json.dumps(after.get(name))}" for name in sorted(missing))
        raise Refused(f"tailscaled did not keep what was set ({told}): look at its log on the machine")
    found = _changed_beside(before, after, change)
    if not found:
        return
    try:
        tailscaled.edit(found)
        left, why = _changed_beside(before, tailscaled.preferences(), change), ""
    except Refused as error:
        left, why = found, ": " + str(error)
    if left:
        told = ", ".join(f"{name} was {json.dumps(left[name])}" for name in left)
        raise Refused(
            f"preferences changed that nobody asked for, and they could not be put back ({told}){why}: set them on the"
            " machine with tailscale set"
        )


def _refuse(change, status, prefs):
    tailnet = (status.get("CurrentTailnet") or {}).get("Name") or "a tailnet"
    server, name = _server(prefs.get("ControlURL")), prefs.get("Hostname") or "itself"
    raise Refused(
        f"the machine is in {tailnet} of {server} already, as {name}, and nothing was changed. This would be:"
        f" {change.note()}. To take the machine over, set spec.preferences.adopt to Apply"
    )


def main():
    module = AnsibleModule(
        argument_spec={
            "socket": {"type": "path", "default": "/run/tailscale/tailscaled.sock"},
            "hostname": {"type": "str"},
            "advertise_routes": {"type": "list", "elements": "str"},
            "advertise_exit_node": {"type": "bool"},
            "unmanaged_routes": {"type": "str", "choices": ["keep", "remove"], "default": "keep"},
            "exit_node": {"type": "str"},
            "exit_node_allow_lan_access": {"type": "bool"},
            "accept_routes": {"type": "bool"},
            "accept_dns": {"type": "bool"},
            "ssh": {"type": "bool"},
            "preferences": {"type": "str", "choices": ["always", "when_new"], "default": "always"},
            "login": {"type": "str", "choices": ["never", "when_needed", "anew"], "default": "never"},
            "login_server": {"type": "str", "default": ""},
            "auth_key": {"type": "str", "default": "", "no_log": True},
            "take_over": {"type": "bool", "default": True},
            "up": {"type": "bool", "default": False},
            "patience": {"type": "int", "default": 20},
            "login_seconds": {"type": "int", "default": 60},
        },
        supports_check_mode=True,
    )
    given = module.params
    tailscaled = Tailscaled(given["socket"])
    try:
        status = tailscaled.at_rest(given["patience"])
        prefs = tailscaled.preferences()
        change = Change(given, status, prefs)
        if change.known and change.is_any and not given["take_over"]:
            _refuse(change, status, prefs)
        outputs = {"note": change.note()} if change.lines else {}
        if module.check_mode:
            module.exit_json(changed=change.is_any, xo_outputs=outputs)
        if change.logs_in:
            _log_in(tailscaled, given, change, prefs, status)
        elif change.edits:
            tailscaled.edit(change.edits)
        if change.exit:
            _use_exit(tailscaled, change.exit)
        if given["up"]:
            status = tailscaled.at_rest(given["patience"])
            if status.get("BackendState") != "Running":
                raise Refused("tailscaled is in state {}: it must log in anew".format(status.get("BackendState")))
        _compare(tailscaled, prefs, change)
        device = (tailscaled.status().get("Self") or {}).get("ID")
        if device:
            outputs["device"] = str(device)
    except Refused as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=change.is_any, xo_outputs=outputs)


if __name__ == "__main__":
    main()
