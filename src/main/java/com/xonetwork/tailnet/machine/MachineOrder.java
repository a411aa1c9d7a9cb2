package com.xonetwork.tailnet.machine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.SshJoin;
import com.xonetwork.tailnet.automation.RunLimits;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * What a run is to do on a machine. The run itself says only the action: the values stand in the node's templates.
 *
 * @param id the same for the same wish: the action, a hash of the values and of where the machine is and, of a join, a hash
 *     of the key's ID, separated by {@code :}. It is the run's {@code requestId}. To log in anew is the same wish as to join
 */
public record MachineOrder(MachineAction action, String id) {

    private static final ObjectMapper JSON =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);
    private static final int HASH_DIGITS = 16;
    private static final String BETWEEN = ":";
    /** The role's parameter. */
    static final String ACTION = RunLimits.ACTION;

    /** Twice the values, as the only ones allowed and as the defaults, must fit into a schema of 64 KiB and 4,096 values. */
    static final int MOST_BYTES = 30 * 1024;

    static final int MOST_ROUTES = 1_500;

    /** Parameters of a run that does this. */
    public static JsonNode parameters(MachineAction action) {
        return JSON.valueToTree(Map.of(ACTION, action.toString()));
    }

    /** Whether a run only looked. */
    static boolean isPlan(AutomationRun run) {
        var requestId = run.getSpec().requestId();
        return requestId != null && requestId.startsWith(MachineAction.PLAN + BETWEEN);
    }

    /** Whether a run is one of the role's, which looks at the machine's tailscaled in the end. */
    public static boolean isOfRole(AutomationRun run) {
        var parameters = run.getSpec().parameters();
        return parameters != null && parameters.has(ACTION);
    }

    /** All that a machine is to be set to, as the role takes it: by names of the role's parameters. */
    static SortedMap<String, Object> values(MachineInput input) {
        var values = new TreeMap<>(input.preferences().parameters());
        values.putAll(input.tailnet());
        if (input.ssh().aptSource() != null) {
            values.put("tailscale_apt_source", input.ssh().aptSource());
        }
        return values;
    }

    /** Why the values do not fit into a template, in words for a user; empty when they do. */
    static Optional<String> tooLarge(MachineInput input) {
        var bytes = sizeOf(values(input));
        var routes = input.preferences().advertiseRoutes().size();
        return bytes <= MOST_BYTES && routes <= MOST_ROUTES
                ? Optional.empty()
                : Optional.of("The values for this machine have " + bytes + " bytes and " + routes + " routes. At most "
                        + MOST_BYTES + " bytes and " + MOST_ROUTES
                        + " routes can be set. Use fewer or larger routes in the SubnetRoutes, or fewer certificates in the"
                        + " Tailnet's caBundle");
    }

    /** In bytes, as JSON. */
    static int sizeOf(Map<String, Object> values) {
        return json(values).getBytes(StandardCharsets.UTF_8).length;
    }

    /** @param keyId of the join key; null where none is used */
    static MachineOrder of(MachineAction action, Map<String, Object> values, SshJoin ssh, @Nullable String keyId) {
        var place = ssh.user() + "@" + ssh.address() + " " + ssh.port() + " " + ssh.hostKey();
        var wish = action == MachineAction.REJOIN ? MachineAction.JOIN : action;
        return new MachineOrder(
                action, wish + BETWEEN + hash(json(values) + place) + (keyId == null ? "" : BETWEEN + hash(keyId)));
    }

    /** Whether a run, if it succeeded, has brought the machine to these values. */
    boolean isAppliedBy(AutomationRun run) {
        var mine = id.split(BETWEEN, -1);
        var requestId = run.getSpec().requestId();
        var other = requestId == null ? new String[0] : requestId.split(BETWEEN, -1);
        return other.length > 1 && other[1].equals(mine[1]) && wasRunAsOrdered(run);
    }

    /**
     * Whether a run has not started and never will: its template was deleted after the run was ordered, and the one that was made
     * anew counts its generations from 1.
     *
     * @param generation of the template as it is
     */
    static boolean waitsInVain(AutomationRun run, long generation) {
        var ordered = ordered(run);
        var status = run.getStatus();
        return ordered != null
                && ordered.matches("[0-9]{1,18}")
                && Long.parseLong(ordered) > generation
                && !RunPhase.of(status).isTerminal()
                && (status == null || status.attempt() == null);
    }

    private static @Nullable String ordered(AutomationRun run) {
        var annotations = run.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(ApiGroup.TEMPLATE_GENERATION_ANNOTATION);
    }

    /** A template that was changed after a run was ordered, and before it started, has other values than the run's ID says. */
    private static boolean wasRunAsOrdered(AutomationRun run) {
        var ordered = ordered(run);
        return Optional.ofNullable(run.getStatus())
                .map(AutomationRunStatus::inputs)
                .map(AutomationRunStatus.Inputs::templateGeneration)
                .map(String::valueOf)
                .filter(ran -> ordered != null && !ordered.equals(ran))
                .isEmpty();
    }

    static String hash(String text) {
        return DigestUtils.sha256Hex(text).substring(0, HASH_DIGITS);
    }

    private static String json(Map<String, Object> parameters) {
        try {
            return JSON.writeValueAsString(parameters);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("parameters that were just made cannot be written", e);
        }
    }
}
