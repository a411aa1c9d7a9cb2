# The cluster of kubectl's current context: what is looked at before anything is made there, and how all of it is taken away again.
# Sourced by hack/quickstart.
# shellcheck shell=bash

# What was made in the cluster is noted here, beside the state of the testbed, so that it outlives it until all of it is removed.
MADE=$STATE.current

# look_at_current YES: shows the cluster, asks, and refuses with the reason where the quickstart cannot run or would disturb something.
look_at_current() {
  local context server answer
  context=$("$KUBECTL" config current-context 2>/dev/null) ||
    die "kubectl has no current context: choose a cluster with kubectl config use-context NAME"
  server=$("$KUBECTL" config view --minify -o jsonpath='{.clusters[0].cluster.server}')
  say "the cluster is the one of kubectl's current context: $context ($server)"
  if [ -z "$1" ]; then
    [ -t 0 ] || die "nobody can be asked whether the quickstart may use this cluster: add --yes"
    read -r -p "Make the namespace $NAMESPACE and the operator's CRDs there until the end of the quickstart? [y/N] " answer
    [[ $answer == [yY]* ]] || die "nothing was made"
  fi
  # A copy, so that a later change of the context does not lead this run to another cluster.
  mkdir -p "$MADE"
  (umask 077; "$KUBECTL" config view --minify --flatten --raw >"$CLUSTER_CONFIG")
  kubectl get --raw /version >"$MADE/version" 2>"$MADE/error" ||
    die "the cluster of the context $context does not answer: $(tail -n 1 "$MADE/error")"
  refuse_old_cluster
  refuse_without_rights "$context"
  refuse_other_operator
  refuse_other_definitions
  ! kubectl get namespace "$NAMESPACE" >/dev/null 2>&1 || die "the cluster has a namespace $NAMESPACE: delete it, or use another cluster"
}

refuse_old_cluster() {
  local minor
  minor=$(sed -n 's/.*"minor": *"\([0-9]*\).*/\1/p' "$MADE/version")
  [ "${minor:-0}" -ge 30 ] || die "the cluster is Kubernetes 1.${minor:-?}: the operator needs 1.30 or newer"
}

# The operator's process has the rights of the context, and so needs them itself.
refuse_without_rights() {
  local verb resource
  while read -r verb resource; do
    kubectl auth can-i --quiet "$verb" "$resource" 2>/dev/null ||
      die "the user of the context $1 may not $verb $resource: the quickstart needs a cluster administrator, as kind, k3d and minikube make one"
  done <<'TEXT'
create customresourcedefinitions.apiextensions.k8s.io
delete customresourcedefinitions.apiextensions.k8s.io
create namespaces
delete namespaces
* tailnets.tailnet.xo-network.com
* tailnetnodes.tailnet.xo-network.com
create secrets
get secrets
create configmaps
create events
list pods
create jobs.batch
list deployments.apps
TEXT
}

refuse_other_operator() {
  local found
  found=$(kubectl get deployments --all-namespaces -l app.kubernetes.io/name=xo-tailnet-operator \
    -o jsonpath='{range .items[*]}{.metadata.namespace}/{.metadata.name} {end}')
  [ -z "$found" ] || die "the operator is installed in that cluster (Deployment ${found% }): two operators would work against each other. Use another cluster"
}

# CRDs that are there already must be those of this tree. They are used as they are, and stay.
refuse_other_definitions() {
  local file name found there=()
  : >"$MADE/missing"
  for file in "$REPO"/crds/*.yaml; do
    name=$(definition "$file")
    found=$(kubectl get crd "$name" --ignore-not-found -o name 2>"$MADE/error") ||
      die "the cluster does not say whether it has the CRD $name: $(tail -n 1 "$MADE/error")"
    if [ -n "$found" ]; then there+=(-f "$file"); else echo "$file" >>"$MADE/missing"; fi
  done
  [ ${#there[@]} -gt 0 ] || return 0
  kubectl diff --server-side --force-conflicts "${there[@]}" >/dev/null 2>"$MADE/error" ||
    die "the cluster has CRDs of another version of the operator: upgrade them (kubectl apply --server-side -f crds/), or use another cluster"
}
definition() { sed -n 's/^  name: //p' "$1" | tr -d '"' | head -n 1; }

apply_to_current() {
  local file
  while read -r file; do
    # Of one that somebody else made meanwhile this fails, and it is not noted.
    kubectl create -f "$file" || return
    definition "$file" >>"$MADE/crds"
  done <"$MADE/missing"
}

every_kind() { for file in "$REPO"/crds/*.yaml; do definition "$file"; done | paste -sd,; }
# shellcheck disable=SC2317,SC2329 # called by wait_for
nothing_left() {
  kubectl delete "$(every_kind)" --all --wait=false --ignore-not-found >/dev/null 2>&1
  [ -z "$(kubectl get "$(every_kind)" -o name 2>&1)" ]
}
nothing_left_or_no_operator() { nothing_left || ! alive operator; }
# shellcheck disable=SC2317,SC2329 # called by wait_for
namespace_gone() { [[ $(kubectl get namespace "$NAMESPACE" -o name 2>&1) == *NotFound* ]]; }

# Takes away what this quickstart made in the cluster, and nothing else. What could not be removed stays noted, and it fails.
remove_from_current() {
  local name left incomplete=''
  [ -d "$MADE" ] || return 0
  if [ -f "$MADE/namespace" ]; then
    say "removing the namespace $NAMESPACE from the cluster"
    # The operator ends its resources itself while it runs. The tailnet behind them ends with this testbed, so nothing is lost without it.
    PATIENCE=120 wait_for "the operator to end its resources" nothing_left_or_no_operator || true
    for name in $(kubectl get "$(every_kind)" -o name 2>/dev/null || true); do
      kubectl patch "$name" --type merge -p '{"metadata": {"finalizers": null}}' >/dev/null 2>&1 || true
    done
    kubectl delete secret/headscale-credentials configmap/headscale-ca --ignore-not-found >/dev/null 2>&1 || true
    if ! kubectl delete namespace "$NAMESPACE" --ignore-not-found --wait=false >/dev/null 2>"$MADE/error"; then
      incomplete=yes
      say "the namespace $NAMESPACE was not removed: $(tail -n 1 "$MADE/error")"
    elif ! PATIENCE=${NAMESPACE_PATIENCE:-120} wait_for "the cluster to remove the namespace $NAMESPACE" namespace_gone; then
      say "the cluster has not removed the namespace $NAMESPACE yet; it is marked for deletion"
    fi
  fi
  if [ -f "$MADE/crds" ]; then
    while read -r name; do
      if ! left=$(kubectl get "$name" --all-namespaces --ignore-not-found -o name 2>"$MADE/error"); then
        # One that is gone already is no kind that the cluster knows.
        kubectl get crd "$name" --ignore-not-found -o name >"$MADE/found" 2>/dev/null && [ ! -s "$MADE/found" ] && continue
        incomplete=yes
        say "the CRD $name stays: the cluster does not say whether there are resources of it: $(tail -n 1 "$MADE/error")"
      elif [ -n "$left" ]; then
        say "the CRD $name stays: there are resources of it that the quickstart did not make"
      elif ! kubectl delete crd "$name" --ignore-not-found --timeout=60s >/dev/null 2>"$MADE/error"; then
        incomplete=yes
        say "the CRD $name was not deleted: $(tail -n 1 "$MADE/error")"
      fi
    done <"$MADE/crds"
  fi
  if [ -n "$incomplete" ]; then
    say "not everything was removed from the cluster. When it answers again: hack/quickstart --down"
    return 1
  fi
  rm -rf "$MADE"
}
