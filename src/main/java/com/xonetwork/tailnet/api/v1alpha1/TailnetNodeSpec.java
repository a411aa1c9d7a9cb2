package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a user says about a node. */
@ValidationRule(
        value = "has(self.hostname) || has(self.deviceId)",
        message = "a node needs hostname, or deviceId, or both")
@ValidationRule(
        value = "self.tailnetRef == oldSelf.tailnetRef",
        message = "tailnetRef cannot change: delete this TailnetNode and create one for the other Tailnet")
@ValidationRule(
        value = "!has(self.join) || has(self.hostname) && !has(self.deviceId)",
        message = "a node with join needs hostname, and no deviceId: the device gets its ID when it joins")
@ValidationRule(
        value = "!has(self.join) || has(self.tags) && self.tags.size() > 0",
        message = "a node with join needs a tag: a join key must carry one")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TailnetNodeSpec(
        @Required @JsonPropertyDescription("The Tailnet that the node is part of, in the same namespace.")
        LocalRef tailnetRef,

        @Size(min = 1, max = 63)
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        @JsonPropertyDescription(
                "Host name: lower-case letters, digits and hyphens. The operator finds the device by it (first label of the"
                        + " MagicDNS name, or the machine's own host name). It is also the wanted MagicDNS name.")
        @Nullable
        String hostname,

        @Size(min = 1, max = 64)
        @Pattern("^[A-Za-z0-9]+$")
        @JsonPropertyDescription(
                "ID of the device. Set it if several devices have the host name. The device then keeps its name, unless hostname is"
                        + " set too.")
        @Nullable
        String deviceId,

        @Size(max = TailnetNodeSpec.MOST_TAGS)
        @JsonPropertyDescription(
                "Tags (tag:name) of the node, in addition to those of its classes. Together they replace all tags of the"
                        + " device, except tags that cannot be written here. If no resource sets a tag, the device's tags are not"
                        + " managed. Tailscale accepts letters, digits and hyphens; Headscale accepts nearly all characters, in lower"
                        + " case.")
        List<@Size(max = TailnetNodeSpec.LONGEST_TAG) @Pattern(TailnetNodeSpec.TAG) String> tags,

        @JsonPropertyDescription(
                "Disabled: the node key never expires. Enabled: it does. Overrides the NodeClasses. Absent here and in the"
                        + " classes: not managed.")
        @Nullable
        KeyExpiry keyExpiry,

        @JsonPropertyDescription(
                "true approves the device if the tailnet has device approval. false withdraws the approval. Overrides the"
                        + " NodeClasses. Absent here and in the classes: not managed.")
        @Nullable
        Boolean approved,

        @JsonPropertyDescription(
                "Enforce: the operator writes the wanted values to the device. Observe: it writes nothing, creates no join"
                        + " key, and only reports differences. Absent: the Tailnet's mode.")
        @Nullable
        Mode mode,

        @Default("Retain")
        @JsonPropertyDescription(
                "What happens to the device when this TailnetNode is deleted: Retain leaves it in the tailnet, Delete removes"
                        + " it.")
        DeletionPolicy deletionPolicy,

        @JsonPropertyDescription(
                "How the machine joins the tailnet. Absent: the operator does not make it join. Needs hostname, and a tag, which"
                        + " the join key"
                        + " carries.")
        @Nullable
        JoinSpec join,

        @JsonPropertyDescription(
                "Preferences of the machine's tailscaled. Each field overrides the NodeClasses. They need join.ssh, which"
                        + " keeps them as wanted, or join.cloudInit, which sets them at the first boot.")
        @Nullable
        NodePreferences preferences) {

    /**
     * What any control plane takes: Tailscale has letters, digits and hyphens; Headscale has nearly everything (no blanks, and no owner for
     * what JSON escapes). By whose rules a tag goes shows when its Tailnet is known.
     */
    static final String TAG = "^tag:[a-zA-Z][^\\s\\p{C}\\p{Z}\"\\\\]*$";

    /** Characters of a tag. */
    static final int LONGEST_TAG = 128;

    /** Tags of a node's own. */
    public static final int MOST_TAGS = 64;

    private static final java.util.regex.Pattern TAG_PATTERN = java.util.regex.Pattern.compile(TAG);

    /** Whether a tag that a device carries can be written into a spec. A long one, or one with a blank, cannot. */
    public static boolean canHold(String tag) {
        return tag.length() <= LONGEST_TAG && TAG_PATTERN.matcher(tag).matches();
    }

    /** How the machine is reached over SSH; null where it is not. */
    public @Nullable SshJoin ssh() {
        return join == null ? null : join.ssh();
    }

    /** How the machine brings itself in at its first boot; null where it does not. */
    public @Nullable CloudInitJoin cloudInit() {
        return join == null ? null : join.cloudInit();
    }

    public TailnetNodeSpec {
        tags = tags == null ? List.of() : List.copyOf(tags);
        deletionPolicy = deletionPolicy == null ? DeletionPolicy.RETAIN : deletionPolicy;
    }
}
