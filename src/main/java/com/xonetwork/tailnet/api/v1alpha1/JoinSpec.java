package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How a machine gets into the tailnet. */
@ValidationRule(
        value = "[has(self.manual), has(self.ssh), has(self.cloudInit)].filter(one, one).size() == 1",
        message = "join must have exactly one way to join: manual, ssh or cloudInit")
@ValidationRule(
        value =
                "!has(self.manual) || !has(self.manual.keyValidFor) || duration(self.manual.keyValidFor) >= duration('10m') &&"
                        + " duration(self.manual.keyValidFor) <= duration('1h')",
        message = "join.manual.keyValidFor must be between 10m and 1h")
@ValidationRule(
        value =
                "!has(self.ssh) || has(self.ssh.hostKey) || has(self.ssh.hostKeys) && self.ssh.hostKeys == 'TrustOnFirstUse'",
        message = "join.ssh needs hostKey, as ssh-keyscan prints it without the address, or hostKeys: TrustOnFirstUse")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JoinSpec(
        @JsonPropertyDescription(
                "While the machine has not joined, the Secret NAME-join holds a join key for one use (key authkey)."
                        + " status.join has the command to run on the machine.")
        @Nullable
        ManualJoin manual,

        @JsonPropertyDescription(
                "The operator logs in over SSH, installs Tailscale, lets the machine join and keeps its preferences as wanted.")
        @Nullable
        SshJoin ssh,

        @JsonPropertyDescription(
                "While the machine has not joined, the Secret NAME-cloud-init holds user-data, meta-data and network-config"
                        + " for its first boot. The join key is not in it: the machine fetches the key from the operator once.")
        @Nullable
        CloudInitJoin cloudInit) {}
