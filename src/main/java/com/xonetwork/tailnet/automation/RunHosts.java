package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.RunTargets;
import com.xonetwork.tailnet.api.v1alpha1.RunTargets.Target;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.automation.RunInputs.Refusal;
import com.xonetwork.tailnet.controlplane.AddressRules;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.Reason;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the machines of a run.
 *
 * @param hosts by name
 * @param absent names of machines that are meant and that nobody knows where to find: they do not hold the others
 */
@Pure
record RunHosts(List<RunHost> hosts, List<String> absent) {

    /**
     * @param nodes all TailnetNodes of the run's namespace
     * @param only names of the machines that earlier attempts were for; null for the first one
     * @throws Refusal saying what to do
     */
    static RunHosts of(
            AutomationRun run, AutomationTemplate template, Collection<TailnetNode> nodes, @Nullable Set<String> only)
            throws Refusal {
        var byName = new TreeMap<String, TailnetNode>();
        nodes.forEach(node -> byName.put(node.getMetadata().getName(), node));
        var wanted = targets(run.getSpec().targets(), byName.values()).stream()
                .filter(target -> only == null || only.contains(target.name()))
                .toList();
        var owner = OperatorRuns.nodeOf(template);
        return owner.isPresent() ? ofNode(owner.get(), template, wanted, nodes) : ofUser(template, wanted, byName);
    }

    private static List<Target> targets(RunTargets targets, Collection<TailnetNode> nodes) throws Refusal {
        var selector = targets.selector();
        var wanted = selector == null
                ? targets.nodes()
                : nodes.stream()
                        .filter(node -> selector.selects(node.getMetadata().getLabels()))
                        .map(node -> new Target(node.getMetadata().getName(), null, null, null, null))
                        .toList();
        if (wanted.isEmpty()) {
            throw notFound("no TailnetNode in this namespace has the labels of targets.selector");
        }
        return wanted;
    }

    /** Where the node says, whatever a run may say: it carries the node's own SSH key, and perhaps a join key. */
    private static RunHosts ofNode(
            OwnerReference owner, AutomationTemplate template, List<Target> wanted, Collection<TailnetNode> nodes)
            throws Refusal {
        var node = nodes.stream()
                .filter(candidate ->
                        owner.getUid().equals(candidate.getMetadata().getUid()))
                .findFirst()
                .orElseThrow(() -> notFound("AutomationTemplate "
                        + template.getMetadata().getName() + " was made for a TailnetNode "
                        + owner.getName()
                        + " that does not exist any more. For a new one of that name the operator makes a new"
                        + " template"));
        var name = node.getMetadata().getName();
        if (!wanted.equals(List.of(new Target(name, null, null, null, null)))) {
            throw new Refusal(Reason.TARGET_OVERRIDE_NOT_ALLOWED, true, RunLimits.onlyItsNode(template, name));
        }
        var ssh = node.getSpec().ssh();
        if (ssh == null) {
            throw notFound("TailnetNode " + name + " has no spec.join.ssh, which says where its machine is");
        }
        var host = new RunHost(name, ssh.address(), ssh.port(), ssh.user(), ssh.hostKey());
        expectPermitted(host, false, "spec.join.ssh.address of TailnetNode " + name);
        return new RunHosts(List.of(host), List.of());
    }

    private static RunHosts ofUser(
            AutomationTemplate template, List<Target> wanted, TreeMap<String, TailnetNode> byName) throws Refusal {
        if (wanted.isEmpty()) {
            throw notFound("the TailnetNodes that this run was started for are gone");
        }
        var missing = new ArrayList<String>();
        var homeless = new ArrayList<String>();
        var hosts = new ArrayList<RunHost>();
        var ssh = template.getSpec().ssh();
        for (var target : wanted) {
            var node = byName.get(target.name());
            var status = node == null ? null : node.getStatus();
            var address = target.address() != null ? target.address() : status == null ? null : status.address();
            if (node == null) {
                missing.add(target.name());
            } else if (address == null || target.address() == null && AddressRules.isForbidden(address)) {
                // No device has a forbidden address, whatever a control plane says: it must not hold the other
                // machines.
                homeless.add(target.name());
            } else {
                var host = new RunHost(
                        target.name(),
                        address,
                        target.port() == null ? ssh.port() : target.port(),
                        target.user() == null ? ssh.user() : target.user(),
                        target.hostKey());
                expectPermitted(host, true, "another AutomationRun");
                hosts.add(host);
            }
        }
        if (!missing.isEmpty()) {
            throw notFound("there is no TailnetNode " + RunLimits.named(missing) + " in this namespace");
        }
        if (hosts.isEmpty()) {
            throw notFound("not known where to find " + RunLimits.named(homeless)
                    + ": " + (homeless.size() == 1 ? "the machine has" : "the machines have")
                    + " no tailnet address yet; "
                    + (template.getSpec().targets().override()
                            ? "give one in targets.nodes[].address of another AutomationRun"
                            : "the run starts when it has joined"));
        }
        if (wanted.stream().map(Target::name).distinct().count() < wanted.size()) {
            throw new Refusal(Reason.TARGETS_NOT_FOUND, true, "targets.nodes names a machine twice");
        }
        if (wanted.size() > RunTargets.MAX_NODES) {
            throw notFound("targets.selector means " + wanted.size() + " machines; a run can have "
                    + RunTargets.MAX_NODES + ": narrow it, or make several runs");
        }
        hosts.sort(Comparator.comparing(RunHost::name));
        return new RunHosts(List.copyOf(hosts), homeless.stream().sorted().toList());
    }

    /** The runner's network policy would let it reach nothing there. @param place where another address can be given */
    private static void expectPermitted(RunHost host, boolean isFinal, String place) throws Refusal {
        if (AddressRules.isForbidden(host.address())) {
            throw new Refusal(
                    Reason.TARGETS_NOT_FOUND,
                    isFinal,
                    "the address " + host.address() + " of " + host.name()
                            + " is " + AddressRules.FORBIDDEN + ", which no run may connect to."
                            + " Give the machine's own address or name in " + place);
        }
    }

    private static Refusal notFound(String message) {
        return new Refusal(Reason.TARGETS_NOT_FOUND, false, message);
    }
}
