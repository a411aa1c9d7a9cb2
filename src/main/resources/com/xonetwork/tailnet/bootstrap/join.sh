#!/bin/sh
# Lets this machine join its tailnet at its first boot: installs and starts tailscaled, fetches the join key, which can be done
# once, and logs in. What it needs to know stands beside it in a file that does not outlive this boot, and so does the key.
set -eu
here=$(dirname "$0")
# shellcheck source=/dev/null
. "$here/settings"
# shellcheck source=/dev/null
. /etc/os-release
trap 'rm -f "$here/token" "$here/key"' EXIT

if ! command -v tailscaled >/dev/null; then
  if command -v apt-get >/dev/null; then
    if [ -z "$APT_SOURCE" ]; then
      keyring=/usr/share/keyrings/tailscale-archive-keyring.gpg
      python3 -c 'import sys, urllib.request; urllib.request.urlretrieve(sys.argv[1], sys.argv[2])' \
        "https://pkgs.tailscale.com/stable/$ID/$VERSION_CODENAME.noarmor.gpg" "$keyring"
      APT_SOURCE="deb [signed-by=$keyring] https://pkgs.tailscale.com/stable/$ID $VERSION_CODENAME main"
    fi
    echo "$APT_SOURCE" >/etc/apt/sources.list.d/tailscale.list
    # Of this repository alone: another one that does not answer is no reason not to join.
    apt-get update -o Dir::Etc::sourcelist=/etc/apt/sources.list.d/tailscale.list -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0
    DEBIAN_FRONTEND=noninteractive apt-get install -y tailscale
  elif command -v dnf >/dev/null; then
    case $ID in fedora) of=fedora ;; *) of="rhel/${VERSION_ID%%.*}" ;; esac
    python3 -c 'import sys, urllib.request; urllib.request.urlretrieve(sys.argv[1], sys.argv[2])' \
      "https://pkgs.tailscale.com/stable/$of/tailscale.repo" /etc/yum.repos.d/tailscale.repo
    dnf install -y tailscale
  else
    echo "there is neither apt-get nor dnf: make an image that has tailscaled" >&2
    exit 1
  fi
fi

if [ -n "$ADVERTISE_ROUTES" ] || [ "$ADVERTISE_EXIT_NODE" = true ]; then
  printf '%s\n' 'net.ipv4.ip_forward = 1' 'net.ipv6.conf.all.forwarding = 1' >/etc/sysctl.d/99-tailscale.conf
  sysctl --ignore -p /etc/sysctl.d/99-tailscale.conf
fi

if [ -d /run/systemd/system ]; then
  systemctl enable --now tailscaled
elif command -v rc-service >/dev/null; then
  rc-update add tailscaled default
  rc-service tailscaled start
elif [ ! -S /run/tailscale/tailscaled.sock ]; then
  # Nothing here starts services; the next boot has to.
  FLAGS='' PORT=41641
  # shellcheck source=/dev/null
  [ ! -f /etc/default/tailscaled ] || . /etc/default/tailscaled
  mkdir -p /run/tailscale /var/lib/tailscale
  # shellcheck disable=SC2086 # several words
  setsid tailscaled --state=/var/lib/tailscale/tailscaled.state --port="$PORT" $FLAGS >/var/log/tailscaled.log 2>&1 </dev/null &
fi
tries=30
until tailscale version --daemon >/dev/null 2>&1 || [ "$tries" = 0 ]; do
  tries=$((tries - 1))
  sleep 1
done

umask 077
python3 - "$BOOTSTRAP_URL" "$here/token" "$here/key" <<'PYTHON'
import sys
import time
import urllib.error
import urllib.request


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """urllib would hand the token on, to whatever host an answer names."""

    def redirect_request(self, *arguments):
        return None


url, token, key = sys.argv[1:]
opener = urllib.request.build_opener(NoRedirects)
with open(token, encoding="ascii") as file:
    headers = {"Authorization": "Bearer " + file.read().strip()}
deadline = time.monotonic() + 900
while True:
    try:
        request = urllib.request.Request(url, data=b"", headers=headers, method="POST")
        with opener.open(request, timeout=30) as answer:
            content = answer.read()
        with open(key, "wb") as file:
            file.write(content)
        break
    except urllib.error.HTTPError as error:
        if error.code not in (429, 503):
            sys.exit(f"{url} answers {error.code}: {error.read().decode(errors='replace')}")
        reason = error.code
    except OSError as error:
        reason = error
    if time.monotonic() > deadline:
        sys.exit(f"{url} gave no join key within 15 minutes: {reason}")
    time.sleep(5)
PYTHON

# Without --advertise-tags: the tags are in the key. What nobody says is left as it is.
set -- "--auth-key=file:$here/key" "--hostname=$NODE_HOSTNAME" "--advertise-routes=$ADVERTISE_ROUTES" \
  "--advertise-exit-node=$ADVERTISE_EXIT_NODE" --timeout=120s
[ -z "$ACCEPT_ROUTES" ] || set -- "$@" "--accept-routes=$ACCEPT_ROUTES"
[ -z "$ACCEPT_DNS" ] || set -- "$@" "--accept-dns=$ACCEPT_DNS"
[ -z "$TAILSCALE_SSH" ] || set -- "$@" "--ssh=$TAILSCALE_SSH"
[ -z "$LOGIN_SERVER" ] || set -- "$@" "--login-server=$LOGIN_SERVER"
tailscale up "$@"

if [ -n "$EXIT_NODE" ]; then
  tries=8
  until tailscale set "--exit-node=$EXIT_NODE" "--exit-node-allow-lan-access=${EXIT_NODE_ALLOW_LAN_ACCESS:-true}"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || exit 1
    sleep 2
  done
fi
