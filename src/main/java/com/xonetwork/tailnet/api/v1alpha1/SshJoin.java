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

/** The operator brings the machine in and keeps it as wanted, through runs that log in to it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SshJoin(
        @Required
        @Size(min = 1, max = 253)
        @Pattern(RunTargets.Target.ADDRESS)
        @JsonPropertyDescription(
                "SSH address of the machine outside the tailnet: an IP address or DNS name. After a change, the operator"
                        + " configures the machine again at the new address.")
        String address,

        @Default("22") @Min(1) @Max(65535) @JsonPropertyDescription("SSH port.")
        Integer port,

        @Default("root")
        @Size(min = 1, max = 32)
        @Pattern(AutomationSsh.USER)
        @JsonPropertyDescription("User to log in as: root, or a user who may use sudo without a password.")
        String user,

        @Required @JsonPropertyDescription("The key of a Secret that holds the private SSH key.")
        KeyRef keySecretRef,

        @Size(min = 1, max = 2048)
        @Pattern(SshJoin.HOST_KEY)
        @JsonPropertyDescription(
                "The machine's public host key, for example \"ssh-ed25519 AAAA...\": what ssh-keyscan prints after the address.")
        @Nullable
        String hostKey,

        @Default("Strict")
        @JsonPropertyDescription(
                "Strict: only hostKey is trusted. TrustOnFirstUse: without hostKey, the first key of the machine is trusted"
                        + " and recorded in the ConfigMap NAME-join-known-hosts or NAME-machine-known-hosts.")
        HostKeyPolicy hostKeys,

        @Size(min = 1, max = 512)
        @Pattern(SshJoin.APT_SOURCE)
        @JsonPropertyDescription(
                "APT source line with a package tailscale, for machines that cannot reach pkgs.tailscale.com, for example"
                        + " \"deb [signed-by=/etc/apt/keyrings/mirror.gpg] https://mirror.example.com/tailscale bookworm main\". Only"
                        + " used while tailscaled is not installed.")
        @Nullable
        String aptSource) {

    /** Type and key in base64, nothing else: a line of known_hosts is made of it. */
    static final String HOST_KEY = "^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]+=*$";

    static final String APT_SOURCE = "^deb (\\[[^\\]\\n]+\\] )?https?://[^\\s]+ [^\\n]+$";

    public SshJoin {
        port = port == null ? 22 : port;
        user = user == null ? "root" : user;
        hostKeys = hostKeys == null ? HostKeyPolicy.STRICT : hostKeys;
    }
}
