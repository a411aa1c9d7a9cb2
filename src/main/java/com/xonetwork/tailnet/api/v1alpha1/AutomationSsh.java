package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** How the runner logs in to the machines. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AutomationSsh(
        @Required @JsonPropertyDescription("The key of a Secret that holds the private key.")
        KeyRef keySecretRef,

        @Default("root")
        @Size(min = 1, max = 32)
        @Pattern(AutomationSsh.USER)
        @JsonPropertyDescription("User to log in as, if a target sets none.")
        String user,

        @Default("22") @Min(1) @Max(65535) @JsonPropertyDescription("Port to connect to, if a target sets none.")
        Integer port,

        @JsonPropertyDescription(
                "The key of a Secret that holds host keys, in the form of an OpenSSH known_hosts file.")
        @Nullable
        KeyRef knownHostsSecretRef,

        @Default("Strict")
        @JsonPropertyDescription(
                "Strict: a machine whose host key is not in knownHostsSecretRef counts as unreachable. TrustOnFirstUse: the"
                        + " first key of a machine is trusted and recorded in the ConfigMap <template>-known-hosts.")
        HostKeyPolicy hostKeys) {

    /** A login name as useradd takes it; never an option to ssh. */
    static final String USER = "^[a-z_][a-z0-9_-]*$";

    public AutomationSsh {
        user = user == null ? "root" : user;
        port = port == null ? 22 : port;
        hostKeys = hostKeys == null ? HostKeyPolicy.STRICT : hostKeys;
    }
}
