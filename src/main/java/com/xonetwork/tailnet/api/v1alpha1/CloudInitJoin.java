package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A machine that is still to be made brings itself in at its first boot, by cloud-init. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CloudInitJoin(
        @JsonPropertyDescription("Network settings of the machine. Absent: DHCP on all Ethernet interfaces.") @Nullable
        CloudInitNetwork network,

        @Size(min = 1, max = 512)
        @Pattern(SshJoin.APT_SOURCE)
        @JsonPropertyDescription(
                "APT source line with a package tailscale, for machines that cannot reach pkgs.tailscale.com. Only used while"
                        + " tailscaled is not installed.")
        @Nullable
        String aptSource) {

    /** What netplan (version 2) is told of one Ethernet interface. */
    @ValidationRule(
            value = "!has(self.gateway) || has(self.addresses)",
            message = "a gateway needs addresses: without them the network comes from DHCP, and the gateway with it")
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record CloudInitNetwork(
            @Size(max = 17)
            @Pattern("^([0-9a-f]{2}:){5}[0-9a-f]{2}$")
            @JsonPropertyDescription(
                    "MAC address of the interface, for example 52:54:00:12:34:56. Absent: every interface whose name begins with"
                            + " e.")
            @Nullable
            String macAddress,

            @Size(min = 1, max = 8)
            @JsonPropertyDescription("Addresses with prefix length, such as 192.0.2.10/24. Absent: DHCP.")
            List<@Size(max = 49) @Pattern("^[0-9a-f.:]+/[0-9]{1,3}$") String> addresses,

            @Size(max = 45) @Pattern("^[0-9a-f.:]+$") @JsonPropertyDescription("Default gateway.") @Nullable
            String gateway,

            @Size(min = 1, max = 3) @JsonPropertyDescription("Addresses of DNS servers.")
            List<@Size(max = 45) @Pattern("^[0-9a-f.:]+$") String> nameservers) {

        public CloudInitNetwork {
            addresses = addresses == null ? List.of() : List.copyOf(addresses);
            nameservers = nameservers == null ? List.of() : List.copyOf(nameservers);
        }
    }
}
