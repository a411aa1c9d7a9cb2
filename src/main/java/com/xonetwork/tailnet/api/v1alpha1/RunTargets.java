package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The machines that a run is for. */
@ValidationRule(
        value = "has(self.nodes) != has(self.selector)",
        message = "targets must have exactly one of nodes and selector")
@ValidationRule(
        value = "!has(self.selector) || has(self.selector.matchLabels) || has(self.selector.matchExpressions)",
        message = "an empty selector would mean every node: name at least one label")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RunTargets(
        @Size(min = 1, max = RunTargets.MAX_NODES) @JsonPropertyDescription("TailnetNodes by name.")
        List<Target> nodes,

        @JsonPropertyDescription("Labels of TailnetNodes. The operator determines the nodes when the run starts.")
        @Nullable
        LabelSelector selector) {

    /** The order for the runner, with all its machines, must fit into one Secret. */
    public static final int MAX_NODES = 2000;

    public RunTargets {
        nodes = nodes == null ? List.of() : List.copyOf(nodes);
    }

    /** One machine. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Target(
            @Required
            @Size(min = 1, max = 253)
            @Pattern(LocalRef.NAME)
            @JsonPropertyDescription("Name of the TailnetNode.")
            String name,

            @Size(min = 1, max = 253)
            @Pattern(Target.ADDRESS)
            @JsonPropertyDescription(
                    "SSH address of the machine, if not its tailnet address: an IP address or DNS name. Needs targets.override:"
                            + " true in the template, as do port, user and hostKey.")
            @Nullable
            String address,

            @Min(1) @Max(65535) @JsonPropertyDescription("SSH port, if not the template's.") @Nullable
            Integer port,

            @Size(min = 1, max = 32)
            @Pattern(AutomationSsh.USER)
            @JsonPropertyDescription("User to log in as, if not the template's.")
            @Nullable
            String user,

            @Size(min = 1, max = 2048)
            @Pattern(SshJoin.HOST_KEY)
            @JsonPropertyDescription(
                    "Public host key of the machine, for example \"ssh-ed25519 AAAA...\", if the template does not have it. Not"
                            + " allowed with ssh.hostKeys: Strict in the template.")
            @Nullable
            String hostKey) {

        /** Never an option to ssh, a list, or a template. */
        static final String ADDRESS = "^[a-zA-Z0-9]([a-zA-Z0-9.:-]*[a-zA-Z0-9])?$";
    }
}
