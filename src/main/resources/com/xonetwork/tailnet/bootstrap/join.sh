#!/bin/sh
# Lets this machine join its tailnet at its first boot: installs and starts tailscaled, fetches the join key, which can be done
# once, and logs in. A machine that is in a tailnet is left alone. What it needs to know stands beside it in files that do not
# outlive this boot; the key is in no file.
set -eu
here=$(dirname "$0")
# shellcheck source=/dev/null
. /etc/os-release
set -a
# shellcheck source=/dev/null
. "$here/settings"
set +a
trap 'rm -f "$here/token"' EXIT

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

if [ -d /run/systemd/system ]; then
  systemctl enable --now tailscaled
elif command -v rc-service >/dev/null; then
  rc-update add tailscaled default
  rc-service tailscaled start
elif [ ! -S "${TAILSCALED_SOCKET:-/run/tailscale/tailscaled.sock}" ]; then
  # Nothing here starts services; the next boot has to.
  FLAGS='' PORT=41641
  # shellcheck source=/dev/null
  [ ! -f /etc/default/tailscaled ] || . /etc/default/tailscaled
  mkdir -p /run/tailscale /var/lib/tailscale
  # shellcheck disable=SC2086 # several words
  setsid tailscaled --state=/var/lib/tailscale/tailscaled.state --port="$PORT" $FLAGS >/var/log/tailscaled.log 2>&1 </dev/null &
fi

looked=0
python3 "$here/join.py" look || looked=$?
[ "$looked" != 3 ] || exit 0
[ "$looked" = 0 ] || exit "$looked"

if [ -n "$ADVERTISE_ROUTES" ] || [ "$ADVERTISE_EXIT_NODE" = true ]; then
  printf '%s\n' 'net.ipv4.ip_forward = 1' 'net.ipv6.conf.all.forwarding = 1' >/etc/sysctl.d/99-tailscale.conf
  sysctl --ignore -p /etc/sysctl.d/99-tailscale.conf
fi

python3 "$here/join.py" join "$here/token"

if [ -n "$EXIT_NODE" ] && [ "$EXIT_NODE" != none ]; then
  tries=8
  until tailscale set "--exit-node=$EXIT_NODE"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || exit 1
    sleep 2
  done
fi
