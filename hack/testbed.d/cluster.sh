# A real API server: etcd and kube-apiserver, no controllers and no nodes. Sourced, never run.
# shellcheck shell=bash

# When one of the two has died, both start again: with the old data, on new ports.
cluster_up() {
  if alive etcd && alive kube-apiserver; then
    say "the API server is already running"
    return
  fi
  stop 10 kube-apiserver etcd
  make_certificates
  local etcd_port peer_port port token certs=$STATE/certs
  etcd_port=$(free_port) peer_port=$(free_port) port=$(free_port)
  token=$(openssl rand -hex 16)

  # Nothing in a testbed must survive a power cut: no fsync makes every write several times faster.
  start etcd "$(binary etcd)" --data-dir "$STATE/etcd" --unsafe-no-fsync --log-level warn \
    --listen-client-urls "http://127.0.0.1:$etcd_port" --advertise-client-urls "http://127.0.0.1:$etcd_port" \
    --listen-peer-urls "http://127.0.0.1:$peer_port" --initial-advertise-peer-urls "http://127.0.0.1:$peer_port" \
    --initial-cluster "default=http://127.0.0.1:$peer_port"
  ready etcd curl -sf "http://127.0.0.1:$etcd_port/readyz"

  echo "$token,admin,admin,system:masters" >"$STATE/tokens.csv"
  # Metadata of every request but the API server's own: tests count the operator's writes in it.
  cat >"$STATE/audit-policy.yaml" <<YAML
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: None
    users: ["system:apiserver"]
  - level: Metadata
YAML
  # ServiceAccount admission waits for a `default` account that only the controller manager would make.
  # An endpoint reconciler would refuse the loopback address.
  # A level that has a controller manager has it; pods then find the API server under the node's address.
  local address=127.0.0.1 reconciler=none admission=(--disable-admission-plugins ServiceAccount)
  if [ "${XO_TESTBED_LEVEL:-api}" = node ]; then
    # The node has no name that the host could look up.
    address=$NODE_ADDRESS reconciler=lease admission=(--kubelet-preferred-address-types InternalIP)
  fi
  start kube-apiserver "$(binary kube-apiserver)" --etcd-servers "http://127.0.0.1:$etcd_port" \
    --bind-address 127.0.0.1 --advertise-address "$address" --secure-port "$port" --endpoint-reconciler-type "$reconciler" \
    --tls-cert-file "$certs/server.crt" --tls-private-key-file "$certs/server.key" --token-auth-file "$STATE/tokens.csv" \
    --authorization-mode RBAC --service-account-issuer https://kubernetes.default.svc \
    --service-account-key-file "$certs/service-accounts.key" --service-account-signing-key-file "$certs/service-accounts.key" \
    ${admission[@]+"${admission[@]}"} --service-cluster-ip-range 10.96.0.0/24 --allow-privileged \
    --audit-policy-file "$STATE/audit-policy.yaml" --audit-log-path "$STATE/audit.log"
  (umask 077; kubeconfig "$port" "$token" >"$STATE/kubeconfig")
  ready kube-apiserver "$(binary kubectl)" --kubeconfig "$STATE/kubeconfig" get --raw /readyz
  set_setting KUBECONFIG "$STATE/kubeconfig"
  set_setting XO_API_PORT "$port"
  set_setting XO_ETCD "http://127.0.0.1:$etcd_port"
  set_setting XO_AUDIT_LOG "$STATE/audit.log"
}

kubeconfig() {
  cat <<YAML
apiVersion: v1
kind: Config
current-context: testbed
contexts:
  - name: testbed
    context: {cluster: testbed, user: admin, namespace: default}
clusters:
  - name: testbed
    cluster:
      server: https://127.0.0.1:$1
      certificate-authority-data: $(base64 -w0 "$STATE/certs/ca.crt")
users:
  - name: admin
    user: {token: $2}
YAML
}
