package com.xonetwork.tailnet.machine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.SshJoin;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * What a run is to do on a machine.
 *
 * @param reauthenticate the machine must log in anew, though it may believe that it is in the tailnet
 * @param id the same for the same wish: the action, a hash of the preferences and of where the machine is and, of a join, a hash
 *     of the key's ID, separated by {@code :}. It is the run's {@code requestId}
 */
public record MachineOrder(MachineAction action, Map<String, Object> parameters, boolean reauthenticate, String id) {

    private static final ObjectMapper JSON =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);
    private static final int HASH_DIGITS = 16;
    private static final String BETWEEN = ":";
    /** The role's parameter. */
    static final String ACTION = "tailscale_action";

    /** Parameters of a run that does this with the preferences that the machine has. */
    public static JsonNode parameters(MachineAction action) {
        return JSON.valueToTree(Map.of(ACTION, action.toString()));
    }

    /** Whether a run is one of the role's, which looks at the machine's tailscaled in the end. */
    public static boolean isOfRole(AutomationRun run) {
        var parameters = run.getSpec().parameters();
        return parameters != null && parameters.has(ACTION);
    }

    /** @param keyId of the join key; null where none is used */
    static MachineOrder of(
            MachineAction action,
            Preferences preferences,
            Map<String, Object> tailnet,
            SshJoin ssh,
            @Nullable String keyId,
            boolean reauthenticate) {
        var parameters = new TreeMap<>(preferences.parameters());
        parameters.putAll(tailnet);
        if (ssh.aptSource() != null) {
            parameters.put("tailscale_apt_source", ssh.aptSource());
        }
        var place = ssh.user() + "@" + ssh.address() + " " + ssh.port() + " " + ssh.hostKey();
        var id = action + BETWEEN + hash(json(parameters) + place) + (keyId == null ? "" : BETWEEN + hash(keyId));
        parameters.put(ACTION, action.toString());
        parameters.put("tailscale_reauthenticate", reauthenticate);
        return new MachineOrder(action, Map.copyOf(parameters), reauthenticate, id);
    }

    /** Whether a run of this {@code requestId}, if it succeeded, has brought the machine to these preferences. */
    boolean isAppliedBy(@Nullable String requestId) {
        var mine = id.split(BETWEEN, -1);
        var other = requestId == null ? new String[0] : requestId.split(BETWEEN, -1);
        return other.length > 1 && other[1].equals(mine[1]);
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
