package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.HostKeyPolicy;
import com.xonetwork.tailnet.api.v1alpha1.RunTargets;
import com.xonetwork.tailnet.api.v1alpha1.RunTargets.Target;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.Abridged;
import com.xonetwork.tailnet.status.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a template does not let a run say or be. The secrets and the SSH key are the template's: who chooses the host that
 * gets them chooses who reads them.
 */
@Pure
public final class RunLimits {

    private static final int NAMED = 10;
    /** Parameter of a node's templates: what is to be done on the machine. */
    public static final String ACTION = "tailscale_action";

    private static final String MAY_ALLOW =
            "let the template's author set spec.targets.override: true, and create another"
                    + " AutomationRun after that";

    private RunLimits() {}

    /**
     * Nothing but another run can change it.
     *
     * @param message in words for a user, with what to do
     */
    public record Denial(Reason reason, String message) {}

    /** What is wrong with a run, in words for a user, as far as its template alone tells; empty when nothing is. */
    public static Optional<Denial> denial(AutomationRun run, AutomationTemplate template) {
        if (OperatorRuns.isForbidden(run, template)) {
            return Optional.of(new Denial(
                    Reason.RESERVED_FOR_OPERATOR,
                    named(template)
                            + " hands a join key to its machine, so only the operator runs it. "
                            + insteadOf(run)));
        }
        return ofTargets(template, run.getSpec().targets())
                .map(message -> new Denial(Reason.TARGET_OVERRIDE_NOT_ALLOWED, message));
    }

    /** What to do in place of what was asked of a template with a join key. */
    private static String insteadOf(AutomationRun run) {
        var parameters = run.getSpec().parameters();
        var asked = parameters == null ? "" : parameters.path(ACTION).asText();
        return switch (asked) {
            case "rekey" ->
                "This run asked for rekey. To make the machine log in anew, use a HealPolicy with the action Rekey";
            case "reprovision" ->
                "This run asked for reprovision. To set up a machine again that was installed anew, use a HealPolicy"
                        + " with the action Reprovision. To install and start what is missing, without a login, create an"
                        + " AutomationRun of the node's other template (its name ends with -machine) with " + ACTION
                        + ": configure";
            default ->
                "It does so when the machine has to join. To make the machine log in anew, use a HealPolicy with"
                        + " the action Rekey. To set up a machine again that was installed anew, use one with the action"
                        + " Reprovision";
        };
    }

    private static Optional<String> ofTargets(AutomationTemplate template, RunTargets targets) {
        var owner = OperatorRuns.nodeOf(template);
        if (owner.isPresent()) {
            var node = owner.get().getName();
            return targets.selector() == null
                            && !targets.nodes().equals(List.of(new Target(node, null, null, null, null)))
                    ? Optional.of(onlyItsNode(template, node))
                    : Optional.empty();
        }
        var fields = new ArrayList<String>();
        add(fields, "address", targets, target -> target.address() != null);
        add(fields, "port", targets, target -> target.port() != null);
        add(fields, "user", targets, target -> target.user() != null);
        add(fields, "hostKey", targets, target -> target.hostKey() != null);
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        if (!template.getSpec().targets().override()) {
            return Optional.of(named(template) + " does not let a run give " + String.join(", ", fields)
                    + " of a machine (" + namesOf(targets, target -> !isName(target))
                    + "). Create another AutomationRun without that: each machine is then reached at its tailnet address."
                    + " Or " + MAY_ALLOW);
        }
        return fields.contains("hostKey") && template.getSpec().ssh().hostKeys() == HostKeyPolicy.STRICT
                ? Optional.of(
                        named(template) + " has ssh.hostKeys: Strict, so a run cannot give the hostKey of a machine ("
                                + namesOf(targets, target -> target.hostKey() != null)
                                + "). Create another AutomationRun without it, and let the template's author add the key to the"
                                + " Secret of ssh.knownHostsSecretRef")
                : Optional.empty();
    }

    /** A node's template is for the machine of that node, and the node says where it is. */
    static String onlyItsNode(AutomationTemplate template, String node) {
        return named(template) + " is for the machine of TailnetNode " + node + " alone, and is run where the node's"
                + " spec.join.ssh says. Create another AutomationRun with targets: {nodes: [{name: " + node + "}]}";
    }

    private static void add(List<String> fields, String field, RunTargets targets, Predicate<Target> isThere) {
        if (targets.nodes().stream().anyMatch(isThere)) {
            fields.add(field);
        }
    }

    private static boolean isName(Target target) {
        return target.equals(new Target(target.name(), null, null, null, null));
    }

    private static String namesOf(RunTargets targets, Predicate<Target> which) {
        return named(targets.nodes().stream().filter(which).map(Target::name).toList());
    }

    private static String named(AutomationTemplate template) {
        return "AutomationTemplate " + template.getMetadata().getName();
    }

    /** The first of them, and how many more there are. */
    static String named(List<String> names) {
        return Abridged.list(names, NAMED);
    }
}
