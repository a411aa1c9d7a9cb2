"""Logs this machine in to its tailnet, with a join key that it fetches once. What the settings do not name stays as it is."""

import contextlib
import http.client
import json
import os
import socket
import sys
import time
import urllib.error
import urllib.request

SOCKET = os.environ.get("TAILSCALED_SOCKET") or "/run/tailscale/tailscaled.sock"
TAILSCALE = "https://controlplane.tailscale.com"
TAILSCALES_OWN = ("", "https://login.tailscale.com", TAILSCALE)
EXIT_ROUTES = ["0.0.0.0/0", "::/0"]
# tailscaled's own books.
NOT_COMPARED = ("Config", "Persist", "InternalExitNodePrior")
IN_A_TAILNET = 3
REST_SECONDS = 60
FETCH_SECONDS = 900
LOGIN_SECONDS = 600
MOST_BYTES = 4096
# It is Running when it has a connection too.
LOGGED_IN = ("Running", "Starting", "NeedsMachineAuth")
SAID = {
    "ACCEPT_ROUTES": "RouteAll",
    "ACCEPT_DNS": "CorpDNS",
    "TAILSCALE_SSH": "RunSSH",
    "EXIT_NODE_ALLOW_LAN_ACCESS": "ExitNodeAllowLANAccess",
}


class Connection(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(SOCKET)


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """urllib would hand the token on, to whatever host an answer names."""

    def redirect_request(self, *arguments):
        return None


def local(method, what, body=None):
    """Asks tailscaled. An OSError means that it does not answer, and may soon."""
    connection = Connection("local-tailscaled.sock")
    try:
        connection.request(method, "/localapi/v0/" + what, None if body is None else json.dumps(body))
        answer = connection.getresponse()
        text = answer.read()
    except http.client.HTTPException as error:
        raise OSError(str(error) or type(error).__name__)
    finally:
        connection.close()
    if answer.status >= 300:
        sys.exit(f"tailscaled refuses {what} ({answer.status}): {text.decode(errors='replace').strip()}")
    return json.loads(text.decode()) if text.strip() else {}


def server(url):
    url = (url or "").rstrip("/")
    return TAILSCALE if url in TAILSCALES_OWN else url


def at_rest():
    deadline = time.monotonic() + REST_SECONDS
    while True:
        try:
            status = local("GET", "status?peers=false")
            state = status.get("BackendState") or "NoState"
            if state not in ("NoState", "Starting") or (state == "Starting" and time.monotonic() > deadline):
                return status
            why = "it is in state " + state
        except OSError as error:
            why = error
        if time.monotonic() > deadline:
            sys.exit(f"tailscaled is not ready at {SOCKET}: {why}")
        time.sleep(1)


def look():
    """Ends the script where the machine is in a tailnet: nobody asked for it to leave."""
    status, prefs = at_rest(), local("GET", "prefs")
    is_in = status["BackendState"] != "NeedsLogin"
    wanted, present = server(os.environ["LOGIN_SERVER"]), server(prefs.get("ControlURL"))
    if not is_in and (wanted == present or not status.get("HaveNodeKey")):
        return prefs
    name = (status.get("CurrentTailnet") or {}).get("Name") or "a tailnet"
    print(f"This machine is registered with {present} already (tailnet: {name}). Nothing was changed.")
    if wanted != present:
        sys.exit(f"To make it join {wanted}: run tailscale logout on it. Then join it by hand, or create the machine again.")
    sys.exit(IN_A_TAILNET)


def fetch(url, path):
    opener = urllib.request.build_opener(NoRedirects)
    with open(path, encoding="ascii") as file:
        headers = {"Authorization": "Bearer " + file.read().strip()}
    deadline = time.monotonic() + FETCH_SECONDS
    while True:
        try:
            request = urllib.request.Request(url, data=b"", headers=headers, method="POST")
            with opener.open(request, timeout=30) as answer:
                key = answer.read(MOST_BYTES).decode(errors="replace").strip()
            if key.isprintable() and key and " " not in key:
                return key
            reason = "something else answers in its place"
        except urllib.error.HTTPError as error:
            if error.code < 400 or error.code in (400, 401, 403):
                sys.exit(f"{url} answers {error.code}: {error.read(MOST_BYTES).decode(errors='replace')}")
            # A proxy whose service is not up yet says 404 or 502.
            reason = error.code
        except (OSError, http.client.HTTPException) as error:
            reason = error
        if time.monotonic() > deadline:
            sys.exit(f"{url} gave no join key within {FETCH_SECONDS} s: {reason}")
        time.sleep(5)


def edits(prefs):
    said = os.environ
    routes = set(said["ADVERTISE_ROUTES"].split(",")) - {""}
    if said["ADVERTISE_EXIT_NODE"] == "true":
        routes.update(EXIT_ROUTES)
    if said["UNMANAGED_ROUTES"] != "remove":
        routes.update(prefs.get("AdvertiseRoutes") or [])
    changed = {
        "ControlURL": server(said["LOGIN_SERVER"]),
        "Hostname": said["NODE_HOSTNAME"],
        "AdvertiseRoutes": sorted(routes),
        # The tags are in the key: asking for others would be refused.
        "AdvertiseTags": None,
        "WantRunning": True,
        "LoggedOut": False,
    }
    changed.update({name: said[setting] == "true" for setting, name in SAID.items() if said[setting]})
    if said["EXIT_NODE"]:
        # The one to use is set after the login: what the machine does not see lets nothing out.
        changed.update({name: "" for name in ("ExitNodeID", "ExitNodeIP", "AutoExitNode") if name in prefs})
    return changed


def log_in(key, prefs, changed):
    """As `tailscale up` does it, but in one step with all preferences: nothing is open meanwhile."""
    kept = {name: value for name, value in prefs.items() if name not in NOT_COMPARED}
    deadline = time.monotonic() + LOGIN_SECONDS
    try:
        while not try_login(key, {**kept, **changed, "LoggedOut": True}, deadline):
            time.sleep(2)
            if has_logged_in():
                break
    except BaseException:
        # As it was, and the key forgotten.
        with contextlib.suppress(OSError, SystemExit):
            local("POST", "start", {"UpdatePrefs": kept})
        raise


def has_logged_in():
    """Whether the login came through before tailscaled ended: the key would be refused now."""
    for _ in range(REST_SECONDS):
        try:
            state = local("GET", "status?peers=false").get("BackendState")
        except OSError:
            return False
        if state not in (None, "NoState"):
            return state in LOGGED_IN
        time.sleep(1)
    return False


def try_login(key, wanted, deadline):
    """False when tailscaled ended meanwhile: it has forgotten the key."""
    told = set()
    try:
        local("POST", "start", {"AuthKey": key, "UpdatePrefs": wanted})
        local("POST", "login-interactive")
        while True:
            status = local("GET", "status?peers=false")
            if status.get("BackendState") in ("Running", "NeedsMachineAuth"):
                return True
            why = "; ".join([str(status.get("BackendState"))] + sorted(status.get("Health") or []))
            if why not in told:
                print("Logging in: " + why, flush=True)
            told.add(why)
            if time.monotonic() > deadline:
                if status.get("BackendState") == "Starting":
                    # It has logged in. Undone, the key would be lost, and the device be there without its machine.
                    print(f"The machine has joined, and has no connection after {LOGIN_SECONDS} s: {why}", flush=True)
                    return True
                sys.exit(f"The login did not finish within {LOGIN_SECONDS} s: {why}. Wait for new files of the node, then create the machine again from them")
            time.sleep(1)
    except OSError as error:
        if time.monotonic() > deadline:
            sys.exit(f"tailscaled does not answer at {SOCKET}: {error}. Wait for new files of the node, then create the machine again from them")
        return False


def beside(prefs, changed):
    """What was not to change, and did."""
    now = local("GET", "prefs")
    names = [name for name in prefs if name not in NOT_COMPARED and name not in changed]
    if (prefs.get("AutoUpdate") or {}).get("Apply") is None:
        # Where nobody said, the tailnet's own setting comes with the login.
        names = [name for name in names if name != "AutoUpdate"]
    if prefs.get("ExitNodeIP") or prefs.get("AutoExitNode"):
        # tailscaled finds the ID for them when it sees the exit node.
        names = [name for name in names if name not in ("ExitNodeID", "ExitNodeIP")]
    return {name: prefs[name] for name in names if (prefs[name] or None) != (now.get(name) or None)}


def put_back(prefs, changed):
    lost = beside(prefs, changed)
    if not lost:
        return
    # What is nested has a mask of its own.
    masks = {
        name + "Set": {key + "Set": True for key in value} if name == "AutoUpdate" else True
        for name, value in lost.items()
    }
    local("PATCH", "prefs", {**lost, **masks})
    left = beside(prefs, changed)
    if left:
        sys.exit(f"The login changed preferences that it should have kept. Restore them with tailscale set: {json.dumps(left)}")


def join(token):
    prefs = look()
    changed = edits(prefs)
    log_in(fetch(os.environ["BOOTSTRAP_URL"], token), prefs, changed)
    put_back(prefs, changed)


if __name__ == "__main__":
    if sys.argv[1] == "look":
        look()
    else:
        join(sys.argv[2])
