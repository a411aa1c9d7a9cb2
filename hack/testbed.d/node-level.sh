# A real node under the API server: scheduler, controllers, containerd, kubelet, kube-proxy, NetworkPolicies. Sourced, never run.
# shellcheck shell=bash

# One bridge for pods and for machines outside the cluster; the host, and so the operator under test, is its first address.
BRIDGE=xotestbed0
BRIDGE_MAC=02:00:0a:58:00:01
NODE_LOCK=/tmp/xo-testbed-node.lock
NODE_ADDRESS=10.88.0.1
# The first of the range for Services: pods find the API server there.
# shellcheck disable=SC2034 # in its certificate
API_SERVICE_ADDRESS=10.96.0.1
POD_RANGE_START=10.88.0.16
POD_RANGE_END=10.88.0.127
CGROUP=xo-testbed
export NO_PROXY=${NO_PROXY:-},$NODE_ADDRESS no_proxy=${no_proxy:-},$NODE_ADDRESS

require_node_level() {
  [ "$(id -u)" = 0 ] || die "the node level needs root: it makes network namespaces and starts containerd"
  local pair
  for pair in containerd=containerd ctr=containerd runc=runc ip=iproute2 iptables=iptables nft=nftables conntrack=conntrack ipset=ipset python3=python3; do
    command -v "${pair%%=*}" >/dev/null || die "${pair%%=*} is missing: install the package ${pair#*=}"
  done
  [ -x /usr/lib/cni/bridge ] || die "/usr/lib/cni/bridge is missing: install the package containernetworking-plugins"
  for pair in kube-scheduler kube-controller-manager kubelet kube-proxy kube-router; do
    [ -x "$(binary "$pair")" ] || die "$pair is missing: run hack/testbed build"
  done
  [ -f "$CACHE/pause.tar" ] || die "the images are missing: run hack/images build"
}

node_level_up() {
  if alive kubelet; then
    say "the node is already running"
    return
  fi
  # The kubelet alone inherits it, and so holds it as long as it lives, however it ends.
  exec 9>"$NODE_LOCK"
  flock -n 9 || die "another testbed has a node, and there is one bridge $BRIDGE: end it first ($(cat "/sys/class/net/$BRIDGE/ifalias" 2>/dev/null))"
  [ ! -d "/sys/class/net/$BRIDGE" ] || reclaim 9>&-
  ! filter_rules | grep -q '^:KUBE-ROUTER-' ||
    die "this machine has rules of a kube-router that is not the testbed's, and they would be mixed up: end it first (kube-router --cleanup-config)"
  nft list table ip filter >/dev/null 2>&1 || set_setting XO_NO_FILTER_TABLE 1
  set_setting XO_NODE_ADDRESS "$NODE_ADDRESS"
  # One that is not given an address takes the lowest of its ports: whoever has learnt it is cut off when a port goes.
  ip link add "$BRIDGE" address "$BRIDGE_MAC" type bridge
  ip link set "$BRIDGE" alias "$STATE"
  ip addr add "$NODE_ADDRESS/24" dev "$BRIDGE"
  ip link set "$BRIDGE" up
  # What goes from port to port of the bridge, as all between pods and machines does, is asked about too.
  [ -d /proc/sys/net/bridge ] || modprobe br_netfilter || die "the kernel module br_netfilter is missing: NetworkPolicies need it"
  ip link set "$BRIDGE" type bridge nf_call_iptables 1
  local kubectl
  kubectl="$(binary kubectl) --kubeconfig $STATE/kubeconfig"

  # Each controller has an account of its own, as in most clusters: admission policies tell the Job controller from users.
  start kube-controller-manager "$(binary kube-controller-manager)" --kubeconfig "$STATE/kubeconfig" --leader-elect=false --use-service-account-credentials --bind-address 127.0.0.1 \
    --secure-port "$(free_port)" --service-account-private-key-file "$STATE/certs/service-accounts.key" --root-ca-file "$STATE/certs/ca.crt" \
    --controllers '*,-nodeipam,-cloud-node-lifecycle,-service-lb-controller,-node-route-controller' --node-monitor-grace-period 20s 9>&-
  start kube-scheduler "$(binary kube-scheduler)" --kubeconfig "$STATE/kubeconfig" --leader-elect=false --bind-address 127.0.0.1 \
    --secure-port "$(free_port)" 9>&-
  # The API server listens on the loopback address, where no pod reaches it. The state's path is how `down` knows the process.
  cp "$TESTBED_D/forward.py" "$STATE/forward.py"
  start forward python3 "$STATE/forward.py" "$NODE_ADDRESS" "$(setting XO_API_PORT)" 127.0.0.1 "$(setting XO_API_PORT)" 9>&-
  containerd_up 9>&-
  kubelet_up
  exec 9>&-
  start kube-proxy "$(binary kube-proxy)" --config "$STATE/kube-proxy.yaml"
  # shellcheck disable=SC2086 # two words
  ready kubelet $kubectl wait --for=condition=Ready node/testbed --timeout=1s
  # Node ports are open to every pod of the node: here none of the ports that the testbed or a test takes is one.
  start kube-router "$(binary kube-router)" --kubeconfig "$STATE/kubeconfig" --hostname-override testbed --service-node-port-range 32766-32767
  ready kube-router iptables -w -S KUBE-NWPLCY-DEFAULT
  set_setting CONTAINERD_ADDRESS "$(sockets)/containerd.sock"
}

containerd_up() {
  local directory=$STATE/containerd
  mkdir -p "$directory" "$STATE/cni" "$STATE/kubelet"
  cat >"$STATE/cni/10-bridge.conflist" <<JSON
{"cniVersion": "0.4.0", "name": "xo-testbed", "plugins": [
  {"type": "bridge", "bridge": "$BRIDGE", "isGateway": true, "ipMasq": false, "hairpinMode": true,
   "ipam": {"type": "host-local", "dataDir": "$STATE/cni/ipam", "routes": [{"dst": "0.0.0.0/0"}],
            "ranges": [[{"subnet": "10.88.0.0/24", "rangeStart": "$POD_RANGE_START", "rangeEnd": "$POD_RANGE_END", "gateway": "$NODE_ADDRESS"}]]}}]}
JSON
  # restrict_oom_score_adj: where root lacks CAP_SYS_RESOURCE, no sandbox would start otherwise.
  cat >"$directory/config.toml" <<TOML
version = 2
root = "$directory/root"
state = "$(sockets)/containerd"
disabled_plugins = ["io.containerd.internal.v1.opt"]
[grpc]
  address = "$(sockets)/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:dev"
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$STATE/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "$(snapshotter)"
TOML
  start containerd containerd --config "$directory/config.toml"
  ready containerd ctr -a "$(sockets)/containerd.sock" version
  "$REPO/hack/images" load
}

# Copies of whole images work everywhere; overlays are faster where there are any.
snapshotter() {
  local probe=$STATE/overlay-probe
  mkdir -p "$probe"/{lower,upper,work,merged}
  if mount -t overlay overlay -o "lowerdir=$probe/lower,upperdir=$probe/upper,workdir=$probe/work" "$probe/merged" 2>/dev/null; then
    umount "$probe/merged"
    echo overlayfs
  else
    echo native
  fi
  rm -rf "$probe"
}

kubelet_up() {
  cat >"$STATE/kubelet.yaml" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $NODE_ADDRESS
port: $(free_port)
healthzPort: 0
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
authorization: {mode: AlwaysAllow}
cgroupDriver: cgroupfs
cgroupRoot: /$CGROUP
cgroupsPerQOS: false
enforceNodeAllocatable: []
failCgroupV1: false
failSwapOn: false
localStorageCapacityIsolation: false
containerRuntimeEndpoint: unix://$(sockets)/containerd.sock
clusterDNS: [$NODE_ADDRESS]
clusterDomain: cluster.local
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: 1Mi, nodefs.available: 1%, imagefs.available: 1%}
registerNode: true
makeIPTablesUtilChains: false
nodeStatusUpdateFrequency: 4s
podLogsDir: $STATE/pod-logs
YAML
  cat >"$STATE/kube-proxy.yaml" <<YAML
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nftables
hostnameOverride: testbed
bindAddress: $NODE_ADDRESS
healthzBindAddress: ""
metricsBindAddress: 127.0.0.1:$(free_port)
clientConnection: {kubeconfig: $STATE/kubeconfig}
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
clusterCIDR: 10.88.0.0/24
YAML
  start kubelet "$(binary kubelet)" --config "$STATE/kubelet.yaml" --kubeconfig "$STATE/kubeconfig" --hostname-override testbed \
    --node-ip "$NODE_ADDRESS" --root-dir "$STATE/kubelet" --cert-dir "$STATE/kubelet-pki"
}

# A testbed whose node nobody runs any more, for it was killed with all its processes: what it left is taken away.
reclaim() {
  local left path pid
  left=$(cat "/sys/class/net/$BRIDGE/ifalias")
  say "a killed testbed left its node behind (${left:-of an unknown directory}): taking it away"
  [ ! -f "$left/.xo-testbed" ] || XO_TESTBED_DIR=$left "$TESTBED_D/down"
  for path in /var/run/netns/xo-*; do
    [ -e "$path" ] || continue
    for pid in $(ip netns pids "${path##*/}"); do kill -KILL "$pid" 2>/dev/null || true; done
    ip netns delete "${path##*/}"
  done
  [ -z "$left" ] || unmount_below "$left"
  kernel_down
}

# While containerd still runs, which knows them: they would outlive it.
containers_down() {
  alive containerd || return 0
  local task
  for task in $(ctr -a "$(sockets)/containerd.sock" -n k8s.io tasks list -q 2>/dev/null); do
    ctr -a "$(sockets)/containerd.sock" -n k8s.io tasks kill -s KILL -a "$task" >/dev/null 2>&1 || true
  done
}

# After its processes have ended: what they leave in the kernel.
node_level_down() {
  [ -n "$(setting XO_NODE_ADDRESS)" ] || return 0
  local path shim
  for shim in $(pgrep -f "containerd-shim.*-address $(sockets)/containerd.sock" || true); do
    kill -KILL "$shim" 2>/dev/null || true
  done
  sleep 0.3
  # The containers' processes are in cgroups of ours.
  while read -r path; do
    while read -r shim; do kill -KILL "$shim" 2>/dev/null || true; done <"$path/cgroup.procs"
  done < <(find /sys/fs/cgroup -type d -path "*/$CGROUP*" 2>/dev/null)
  sleep 0.2
  unmount_below "$STATE"
  unmount_below "$(sockets)"
  find /var/log/containers -lname "$STATE/*" -delete 2>/dev/null || true
  kernel_down
}

unmount_below() {
  local path
  awk -v a="$1/" 'index($2, a) == 1 {print $2}' /proc/self/mounts | sort -r |
    while read -r path; do umount -l "$path" 2>/dev/null || true; done
}

filter_rules() { iptables-save -t filter 2>/dev/null; }

# Takes away what kube-router made, and no other rule: in one step, for its chains lead to one another.
policies_down() {
  local name _
  command -v iptables-save >/dev/null || return 0
  ! filter_rules | grep -qE '^:KUBE-(ROUTER|POD-FW|NWPLCY)-' || filter_rules | awk '
    BEGIN { print "*filter" }
    /^-A (INPUT|FORWARD|OUTPUT) .*-j KUBE-ROUTER-/ { sub(/^-A/, "-D"); print }
    /^:KUBE-(ROUTER|POD-FW|NWPLCY)-/ { chains[substr($1, 2)] }
    END { for (chain in chains) print ":" chain " - [0:0]"; for (chain in chains) print "-X " chain; print "COMMIT" }' |
    iptables-restore -w --noflush || true
  # The kernel lets go of them some time after the last rule has gone.
  for name in $(ipset list -n 2>/dev/null | grep -E '^KUBE-(SRC|DST)-'); do
    for _ in {1..50}; do ! ipset destroy "$name" 2>/dev/null || break; sleep 0.1; done
  done
  # iptables makes its table with the first rule, and leaves it there.
  if [ -n "$(setting XO_NO_FILTER_TABLE)" ] && ! nft list table ip filter 2>/dev/null | grep -qvE '^(#.*|table .*|[[:space:]]*chain .*|[[:space:]]*type .* policy accept;|[[:space:]]*}|[[:space:]]*)$'; then nft delete table ip filter 2>/dev/null || true; fi
}

# What bears no testbed's name, for there is one node on a machine at a time.
kernel_down() {
  local path
  find /sys/fs/cgroup -depth -type d -path "*/$CGROUP*" -exec rmdir {} + 2>/dev/null || true
  for path in /var/run/netns/cni-*; do
    [ -e "$path" ] || continue
    [[ $(ip netns exec "${path##*/}" ip -4 addr show 2>/dev/null) != *'inet 10.88.0.'* ]] || ip netns delete "${path##*/}"
  done
  policies_down
  ip link delete "$BRIDGE" 2>/dev/null || true
  # Places that the kubelet does not let be moved.
  rm -f /var/lib/kubelet/device-plugins/kubelet.sock /var/lib/kubelet/device-plugins/DEPRECATION 2>/dev/null || true
  rmdir /var/lib/kubelet/device-plugins /var/lib/kubelet/pki /var/lib/kubelet /var/log/containers 2>/dev/null || true
  nft delete table ip kube-proxy 2>/dev/null || true
  nft delete table ip6 kube-proxy 2>/dev/null || true
}
