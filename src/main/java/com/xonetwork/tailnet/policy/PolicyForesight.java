package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.api.v1alpha1.PolicyGuards;
import com.xonetwork.tailnet.policy.PolicyOutlook.Difference;
import com.xonetwork.tailnet.policy.document.PolicyView;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import com.xonetwork.tailnet.policy.topology.Topology;
import com.xonetwork.tailnet.snapshot.DeviceList;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Says of one tailnet's policies what they would do before anybody has them ({@link PolicyOutlook}). Every answer depends on the question
 * alone; the last ones are remembered, because one on 5,000 machines takes seconds and is asked at every reconciliation. A fault
 * in the engine must not stop the tailnet: it ends in the log, and holds back only what a guard should have judged.
 */
public final class PolicyForesight {

    private static final Logger LOG = Logger.getLogger(PolicyForesight.class);

    /** As many observed fragments as are looked at, and the policies around them. */
    private static final int REMEMBERED = 32;

    private final Recent<Compared, Optional<Difference>> outlooks = new Recent<>(REMEMBERED);
    private final Recent<Judged, List<Objection>> objections = new Recent<>(REMEMBERED);
    private final Recent<Guarded, List<String>> violations = new Recent<>(REMEMBERED);
    private final TailnetKey tailnet;
    private volatile @Nullable Machines latest;

    /** @param tailnet whose policies they are; named in the log */
    PolicyForesight(TailnetKey tailnet) {
        this.tailnet = tailnet;
    }

    /** @param number of the topology: comparing two of 5,000 machines again and again would cost more than the answers */
    record Machines(DeviceList devices, Topology topology, long number) {}

    private record Compared(String before, String after, long machines, PolicySyntax syntax) {}

    private record Judged(String policy, long machines, PolicySyntax syntax) {}

    private record Guarded(String policy, PolicyGuards guards, long machines, PolicySyntax syntax) {}

    /** The tailnet's machines; the same number as long as nothing changed that a policy depends on. */
    Machines machines(DeviceList devices) {
        var before = latest;
        if (before != null && before.devices() == devices) {
            return before;
        }
        var topology = TailnetTopology.of(devices.devices());
        Machines now;
        if (before != null && before.topology().equals(topology)) {
            now = new Machines(devices, before.topology(), before.number());
        } else {
            now = new Machines(devices, topology, before == null ? 1 : before.number() + 1);
        }
        latest = now;
        return now;
    }

    /**
     * As {@link PolicyOutlook#objections} says.
     *
     * @param syntax while it is not known, nothing is judged
     */
    List<Objection> objections(PolicyView policy, Optional<Machines> machines, Optional<PolicySyntax> syntax) {
        if (syntax.isEmpty()) {
            return List.of();
        }
        var number = machines.map(Machines::number).orElse(0L);
        try {
            return objections.get(
                    new Judged(policy.fingerprint(), number, syntax.get()),
                    () -> PolicyOutlook.objections(policy, machines.map(Machines::topology), syntax.get()));
        } catch (RuntimeException e) {
            LOG.warnf(
                    e,
                    "Tailnet %s: the operator failed to check policy %s; the control plane checks it",
                    tailnet,
                    policy.fingerprint());
            return List.of();
        }
    }

    /**
     * What changes between the machines if one policy takes the place of another, bounded for a status. Empty if that
     * cannot be worked out.
     */
    Optional<Difference> outlook(PolicyView before, PolicyView after, Machines machines, PolicySyntax syntax) {
        try {
            return outlooks.get(
                    new Compared(before.fingerprint(), after.fingerprint(), machines.number(), syntax),
                    () -> PolicyOutlook.tooMuch(before, after, machines.topology())
                                    .isPresent()
                            ? Optional.empty()
                            : Optional.of(PolicyOutlook.compare(before, after, machines.topology(), syntax)));
        } catch (RuntimeException e) {
            LOG.warnf(
                    e,
                    "Tailnet %s: the operator failed to compute what policy %s would change",
                    tailnet,
                    after.fingerprint());
            return Optional.empty();
        }
    }

    /** Which of the pairs a policy does not keep to, and how. */
    List<String> violations(PolicyView policy, PolicyGuards guards, Machines machines, PolicySyntax syntax) {
        try {
            return violations.get(
                    new Guarded(policy.fingerprint(), guards, machines.number(), syntax),
                    () -> PolicyOutlook.violations(policy, guards, machines.topology(), syntax));
        } catch (RuntimeException e) {
            LOG.warnf(
                    e,
                    "Tailnet %s: the operator failed to check policy.guards for policy %s",
                    tailnet,
                    policy.fingerprint());
            return List.of("the operator failed to check policy.guards. Report the error that is in its log");
        }
    }
}
