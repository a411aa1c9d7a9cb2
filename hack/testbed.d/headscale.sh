# Headscale with its own certificate authority and an embedded relay, on the loopback address or, for machines outside the cluster, on the node's. Sourced, never run.
# shellcheck shell=bash

# Who owns the untagged nodes; in a policy: xo@
TESTBED_USER=xo

# Without jq: the lines of Headscale's YAML have a fixed shape.
node_id() { headscale_cli nodes list --output yaml | awk -v name="$1" '/^- id: /{id = $3} $0 == "  name: " name {print id}'; }
# node_tags NAME: sorted, with commas.
node_tags() {
  headscale_cli nodes list --output yaml |
    awk -v name="$1" '/^- id: /{mine = 0} $0 == "  name: " name {mine = 1} /^  [a-z]/{tags = $1 == "tags:"} mine && tags && /^    - /{print $2}' |
    sort | paste -sd,
}

headscale_cli() { "$(binary headscale)" -c "$STATE/headscale/config.yaml" "$@"; }

headscale_up() {
  if alive headscale; then
    say "Headscale is already running"
    return
  fi
  make_certificates
  # Machines outside the cluster come by the bridge of the node level.
  local dir=$STATE/headscale port address=${1:-127.0.0.1}
  mkdir -p "$dir"
  port=$(free_port)
  # The relay map comes from the embedded relay alone, and nothing phones home: the testbed works without any outside network.
  cat >"$dir/config.yaml" <<YAML
server_url: https://$address:$port
listen_addr: $address:$port
metrics_listen_addr: 127.0.0.1:$(free_port)
grpc_listen_addr: 127.0.0.1:$(free_port)
noise: {private_key_path: $dir/noise.key}
prefixes: {v4: 100.64.0.0/10, v6: "fd7a:115c:a1e0::/48", allocation: sequential}
derp:
  server: {enabled: true, region_id: 999, region_code: testbed, region_name: embedded, verify_clients: true,
           stun_listen_addr: "$address:$(free_port)", private_key_path: $dir/derp.key,
           automatically_add_embedded_derp_region: true, ipv4: $address}
  urls: []
  paths: []
  auto_update_enabled: false
disable_check_updates: true
database: {type: sqlite, sqlite: {path: $dir/db.sqlite, write_ahead_log: true}}
tls_cert_path: $STATE/certs/server.crt
tls_key_path: $STATE/certs/server.key
policy: {mode: database}
dns: {magic_dns: true, base_domain: tail.test, override_local_dns: false, nameservers: {global: []}}
unix_socket: $(sockets)/headscale.sock
unix_socket_permission: "0700"
logtail: {enabled: false}
YAML
  start headscale "$(binary headscale)" -c "$dir/config.yaml" serve
  ready headscale curl -sf --cacert "$STATE/certs/ca.crt" "https://$address:$port/health"
  if [ ! -f "$dir/api.key" ]; then
    (umask 077; headscale_cli apikeys create --expiration 720h 2>>"$STATE/logs/headscale.log" | tail -n 1 | tr -d '\n' >"$dir/api.key")
    headscale_cli users create "$TESTBED_USER" >/dev/null 2>&1 || die "Headscale did not create the user $TESTBED_USER"
  fi
  set_setting HEADSCALE_URL "https://$address:$port"
  set_setting HEADSCALE_CA "$STATE/certs/ca.crt"
  set_setting HEADSCALE_API_KEY_FILE "$dir/api.key"
  set_setting HEADSCALE_CONFIG "$dir/config.yaml"
}
