# Shared by the scripts under hack/. Sourced, never run.
# shellcheck shell=bash

set -euo pipefail

REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
TESTBED_D=$REPO/hack/testbed.d
CACHE=${XO_TESTBED_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xo-tailnet-testbed}

# Versions are read from the committed module files, so that there is one place to pin them.
module_version() { awk -v m="$2" '$1 == m {print $2; exit} $1 == "require" && $2 == m {print $3; exit}' "$TESTBED_D/$1/go.mod"; }
KUBERNETES_VERSION=$(module_version kubernetes k8s.io/kubernetes)
ETCD_VERSION=$(module_version etcd go.etcd.io/etcd/server/v3)
HEADSCALE_VERSION=$(module_version headscale github.com/juanfont/headscale)
TAILSCALE_VERSION=$(module_version tailscale tailscale.com)
HELM_VERSION=$(module_version helm helm.sh/helm/v3)

# One program is daemon and command line, by the name that it is started as. What is left out costs a quarter of the build and is not used by
# anything here; what a machine's preferences, routes, exit nodes, DNS and SSH need stays.
TAILSCALE_TAGS=ts_include_cli
for feature in acme aws bird capture completion completion_scripts conn25 desktop_sessions doctor drive flashappliance identityfederation kube \
  oauthkey qrcodes relayserver synology systray taildrop tailnetlock tap tpm wakeonlan; do
  TAILSCALE_TAGS+=,ts_omit_$feature
done
# Another set of features is another build.
tailscale_build() { echo "$TAILSCALE_VERSION-$(sha256sum <<<"$TAILSCALE_TAGS" | cut -c1-8)"; }

# The official Go client's driver is our own program: keyed by its sources, the client's pinned version among them.
OFFICIALCLIENT_D=$REPO/src/test/go/officialclient
sources_hash() { cat "$1"/*.go "$1"/go.mod "$1"/go.sum | sha256sum | cut -c1-12; }

# One clock for a script and the scripts that it calls.
export XO_STARTED=${XO_STARTED:-$EPOCHSECONDS}
say() { printf '[%4ds] %s\n' "$((EPOCHSECONDS - XO_STARTED))" "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }
need() { command -v "$1" >/dev/null 2>&1 || die "$1 is missing: $2"; }

# Where one tool's binary lives; keyed by version, so a new pin never uses an old build.
binary() {
  case $1 in
    kube-apiserver | kubectl | kube-scheduler | kube-controller-manager | kubelet | kube-proxy) echo "$CACHE/kubernetes-$KUBERNETES_VERSION/$1" ;;
    etcd) echo "$CACHE/etcd-$ETCD_VERSION/etcd" ;;
    headscale) echo "$CACHE/headscale-$HEADSCALE_VERSION/headscale" ;;
    tailscale | tailscaled) echo "$CACHE/tailscale-$(tailscale_build)/$1" ;;
    helm) echo "$CACHE/helm-$HELM_VERSION/helm" ;;
    kube-router) echo "$CACHE/kube-router-$(sources_hash "$TESTBED_D/kube-router")/kube-router" ;;
    otelcol) echo "$CACHE/otelcol-$(sources_hash "$TESTBED_D/collector")/otelcol" ;;
    officialclient) echo "$CACHE/officialclient-$(sources_hash "$OFFICIALCLIENT_D")/officialclient" ;;
    *) die "no such testbed binary: $1" ;;
  esac
}

# How long anything is waited for before it counts as failed. It is far longer than it takes, because a busy machine is no failure.
PATIENCE=300

# wait_for WHAT COMMAND...: polls until the command succeeds, or for PATIENCE seconds. Says what it waits for, and every 20 s that it still does.
wait_for() {
  local what=$1 begun=$SECONDS told=0 waited
  shift
  say "waiting for $what (at most $PATIENCE s)"
  until "$@" >/dev/null 2>&1; do
    waited=$((SECONDS - begun))
    [ "$waited" -lt "$PATIENCE" ] || return 1
    if [ "$waited" -ge $((told + 20)) ]; then
      told=$waited
      say "still waiting for $what ($waited s)"
    fi
    sleep 0.2
  done
}

# with_progress WHAT FAR COMMAND...: says every 20 s that it goes on, and what the command FAR prints on how far it is. The ticker ends with
# this script, however that ends.
with_progress() {
  local what=$1 far=$2 begun=$SECONDS ticker code=0
  shift 2
  (while sleep 20 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do say "still $what ($((SECONDS - begun)) s$($far))"; done) &
  ticker=$!
  "$@" || code=$?
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  return "$code"
}

# step NAME USUAL COMMAND...: says what begins and how long it usually takes, then how long it took; returns the command's code.
step() {
  local name=$1 usual=$2 begun=$SECONDS code=0
  shift 2
  say "$name (usually $usual)"
  "$@" || code=$?
  if [ "$code" -eq 0 ]; then say "done: $name ($((SECONDS - begun))s)"; else say "FAILED: $name ($((SECONDS - begun))s)"; fi
  return "$code"
}

# A JDK 25 and nothing older: sets JAVA_HOME, or fails by name.
use_jdk25() {
  local candidate
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*25* "$(dirname "$(dirname "$(readlink -f "$(command -v java || echo /x/y)")")")"; do
    [ -x "$candidate/bin/javac" ] || continue
    if [[ $("$candidate/bin/java" -version 2>&1) == *'version "25'* ]]; then
      export JAVA_HOME=$candidate PATH=$candidate/bin:$PATH
      return
    fi
  done
  die "JDK 25 is missing: install one (for example Temurin 25) or set JAVA_HOME to it"
}

# The newest that there is up to the runner image's own, on the path or of pyenv: ansible-core does not run with older ones.
modern_python() {
  local candidate pyenv=${PYENV_ROOT:-$HOME/.pyenv}/versions
  for candidate in python3.13 python3 python3.12 "$pyenv"/3.13.*/bin/python3 "$pyenv"/3.12.*/bin/python3; do
    ! "$candidate" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null || { echo "$candidate"; return; }
  done
  die "Python 3.12 or newer is missing, or its venv: install python3 and python3-venv"
}
