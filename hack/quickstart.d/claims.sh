# What the operator claims to do, and how to see that it does. Sourced by hack/quickstart.
# shellcheck shell=bash

VERDICTS=()
FAILED=0

# claim WHAT CHECK...: polls the check until it holds, PATIENCE is over, or the operator has ended; one line of verdict. One claim that failed
# is enough to know: the others are not waited for as long.
claim() {
  local limit=$PATIENCE what=$1 begun=$SECONDS told=0 waited verdict=PASS line
  shift
  [ "$FAILED" -eq 0 ] || limit=30
  until "$@" >/dev/null 2>&1; do
    waited=$((SECONDS - begun))
    if ! alive operator || [ "$waited" -ge "$limit" ]; then
      verdict=FAIL FAILED=$((FAILED + 1))
      break
    fi
    if [ "$waited" -ge $((told + 20)) ]; then
      told=$waited
      say "not yet: $what ($waited s, at most $limit s)"
    fi
    sleep 0.5
  done
  line="$verdict $what ($((SECONDS - begun))s)"
  VERDICTS+=("$line")
  say "$line"
}

# node_is NAME TYPE STATUS: a condition of the TailnetNode for a machine, however the resource is called.
node_is() {
  local row='{.metadata.name}|{.spec.hostname}|{.status.hostname}'
  kubectl get tailnetnodes -o jsonpath="{range .items[*]}$row|{.status.conditions[?(@.type==\"$2\")].status}{\"\\n\"}{end}" |
    awk -F'|' -v name="$1" -v status="$3" '($1 == name || $2 == name || $3 == name) && $4 == status {found = 1} END {exit !found}'
}
# is KIND/NAME TYPE STATUS
is() { [ "$(kubectl get "$1" -o jsonpath="{.status.conditions[?(@.type==\"$2\")].status}")" = "$3" ]; }
policy_has() {
  local policy text
  policy=$(headscale_cli policy get)
  for text in "$@"; do [[ $policy == *"$text"* ]] || return 1; done
}

discovered() {
  local name
  for name in web-1 db-1 router-1; do
    node_is "$name" Ready True || return 1
    node_is "$name" Online True || return 1
  done
}
tagged() {
  [ "$(node_tags web-1)" = tag:server,tag:web ] && [ "$(node_tags db-1)" = tag:db,tag:server ] && [ "$(node_tags router-1)" = tag:router ]
}
published() {
  policy_has group:ops tag:router:\* tag:db:5432 && is aclpolicy/base Ready True && is aclpolicy/web Ready True &&
    is tailnet/quickstart PolicyInSync True
}
restored() { policy_has tag:db:5432 && ! policy_has tag:by-hand; }
# Read to its end: under pipefail, a reader that stops at the first hit ends kubectl with SIGPIPE now and then.
explained() {
  local path text
  for path in tailnet.spec.headscale nodeclass.spec.match tailnetnode.spec aclpolicy.spec subnetroute.spec exitnode.spec; do
    text=$(kubectl explain "$path") && [[ $text == *DESCRIPTION* ]] || return 1
  done
}

told_what_to_run() { [[ $(kubectl get subnetroute/lan -o jsonpath="$ADVERTISED") == *"$SET_ROUTES"* ]]; }
ADVERTISED='{.status.conditions[?(@.type=="Advertised")].message}'
SET_ROUTES='tailscale set --advertise-routes='

check_claims() {
  claim "the three machines are discovered and become TailnetNodes, Ready and Online" discovered
  claim "the tags of their classes arrive at Headscale" tagged
  claim "the policy of two fragments is merged, checked and published" published

  say "by hand: web-1 gets other tags"
  headscale_cli nodes tag --identifier "$(node_id web-1)" --tags tag:db >/dev/null
  claim "tags changed by hand are put back" tagged

  say "by hand: Headscale gets another policy"
  cat >"$STATE/by-hand.hujson" <<'HUJSON'
{"tagOwners": {"tag:by-hand": ["xo@"]}, "acls": [{"action": "accept", "src": ["xo@"], "dst": ["tag:by-hand:22"]}]}
HUJSON
  headscale_cli policy set --file "$STATE/by-hand.hujson" >/dev/null
  claim "a policy changed by hand is put back" restored

  "$TESTBED_D/node" stop db-1
  claim "a stopped machine shows Online=False" node_is db-1 Online False
  "$TESTBED_D/node" start db-1
  claim "a machine that returns shows Online=True" node_is db-1 Online True

  claim "the SubnetRoute says what to run on the router" told_what_to_run
  say "on router-1: that line"
  "$TESTBED_D/node" advertise router-1 --advertise-routes "$(kubectl get subnetroute/lan -o jsonpath="$ADVERTISED" | sed "s/.*$SET_ROUTES//")"
  claim "the route is advertised, approved and serving" is subnetroute/lan Ready True

  claim "kubectl explain knows every kind" explained
}
