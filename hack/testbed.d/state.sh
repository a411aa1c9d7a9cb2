# The state of one running testbed: its directory, its processes, its ports. Sourced, never run.
# shellcheck shell=bash

STATE=${XO_TESTBED_DIR:-$REPO/.testbed}
case $STATE in /*) ;; *) STATE=$PWD/$STATE ;; esac
export XO_TESTBED_DIR=$STATE
# `down` removes the whole directory, so it must be certain that `up` made it.
MARKER=$STATE/.xo-testbed
PORTS=/tmp/xo-testbed-ports-$UID
SETTINGS=$STATE/testbed.env

# Everything here talks to 127.0.0.1: a proxy of the surrounding shell must not get in between.
export NO_PROXY=127.0.0.1,localhost no_proxy=127.0.0.1,localhost

require_linux() {
  [ -r /proc/self/stat ] || die "/proc is missing: the testbed runs on Linux"
  need openssl "install openssl: it makes the testbed's certificates"
  need curl "install curl: it asks the started programs whether they are ready"
  need setsid "install util-linux"
}

state_exists() { [ -f "$MARKER" ]; }
state_required() { state_exists || die "no testbed in $STATE: start one with hack/testbed up"; }

state_create() {
  state_exists && return
  if [ -d "$STATE" ] && [ -n "$(ls -A "$STATE")" ]; then
    die "$STATE is not empty and not a testbed: set XO_TESTBED_DIR to another directory"
  fi
  # The marker comes first: from here on `down` knows what to remove.
  mkdir -p "$STATE" && touch "$MARKER"
  chmod 700 "$STATE"
  mkdir -p "$STATE"/{pids,logs,certs,ports}
  # A Unix socket path must stay under 108 bytes; the state directory may be deep inside a build tree.
  mktemp -d "${XDG_RUNTIME_DIR:-/tmp}/xo-testbed.XXXXXX" >"$STATE/sockets"
}
sockets() { cat "$STATE/sockets"; }

setting() { sed -n "s/^$1=//p" "$SETTINGS" 2>/dev/null; }
set_setting() {
  { grep -v "^$1=" "$SETTINGS" 2>/dev/null || true; echo "$1=$2"; } >"$SETTINGS.part"
  mv "$SETTINGS.part" "$SETTINGS"
}

# free_port: a port that nothing uses, reserved until `down` so that a second testbed that starts now picks another one.
# They lie below the ephemeral range, so no outgoing connection takes one before its program listens, and above those of the tests (FreePort).
free_port() {
  local port hex _
  mkdir -p "$PORTS"
  for _ in {1..200}; do
    port=$((26000 + RANDOM % 6000))
    printf -v hex ':%04X ' "$port"
    ! grep -qsF "$hex" /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6 || continue
    # Noted before it is taken: an interruption in between must not leave a reservation that `down` does not know.
    touch "$STATE/ports/$port"
    if ! mkdir "$PORTS/$port" 2>/dev/null; then
      rm "$STATE/ports/$port"
      continue
    fi
    echo "$port"
    return
  done
  die "no free port between 26000 and 32000"
}

# A process is ours when its start time is the recorded one (a pid may be reused) and it was started for this directory.
start_time() { local stat; stat=$(<"/proc/$1/stat") && stat=${stat##*) } && awk '{print $20}' <<<"$stat"; }
alive() {
  local pid started
  [ -f "$STATE/pids/$1" ] || return 1
  read -r pid started <"$STATE/pids/$1" || return 1
  [ "$(start_time "$pid" 2>/dev/null)" = "$started" ] && grep -qzF "$STATE" "/proc/$pid/cmdline" 2>/dev/null
}

# start NAME COMMAND...: a process of its own session, so that Ctrl-C ends the script and not, unordered, everything it started.
start() {
  local name=$1 pid _
  shift
  setsid "$@" >>"$STATE/logs/$name.log" 2>&1 </dev/null &
  pid=$!
  echo "$pid $(start_time "$pid")" >"$STATE/pids/$name"
  # Until the exec, the new process still carries the script's arguments and does not count as alive.
  for _ in {1..100}; do
    [ -d "/proc/$pid" ] || break
    ! alive "$name" || break
    sleep 0.02
  done
}

# ready NAME COMMAND...: waits until the command succeeds; fails at once when the process has ended.
ready() {
  local name=$1
  shift
  # shellcheck disable=SC2317,SC2329 # called by wait_for
  ready_or_gone() { "$@" || ! alive "$name"; }
  if wait_for "$name" ready_or_gone "$@" && alive "$name"; then return; fi
  printf '%s\n' "--- the last lines of $STATE/logs/$name.log" >&2
  tail -n 15 "$STATE/logs/$name.log" >&2
  alive "$name" && die "$name was not ready within $PATIENCE s"
  die "$name ended before it was ready"
}

# stop GRACE_SECONDS NAME...: SIGTERM to all of them, then waits for each; SIGKILL after the grace.
stop() {
  local grace=$1 name deadline
  shift
  for name in "$@"; do alive "$name" && kill "$(pid_of "$name")" 2>/dev/null || true; done
  deadline=$((SECONDS + grace))
  for name in "$@"; do
    while alive "$name"; do
      [ "$SECONDS" -lt "$deadline" ] || kill -KILL "$(pid_of "$name")" 2>/dev/null || true
      sleep 0.1
    done
    rm -f "$STATE/pids/$name"
  done
}
pid_of() { local pid _; read -r pid _ <"$STATE/pids/$1" && echo "$pid"; }
