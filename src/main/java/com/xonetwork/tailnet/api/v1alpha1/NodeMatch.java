package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which nodes a class is for: every field given must match; within a list one match is enough. */
@ValidationRule(
        value = "has(self.hostnames) && size(self.hostnames) > 0 || has(self.os) && size(self.os) > 0"
                + " || has(self.addresses) && size(self.addresses) > 0 || has(self.tags) && size(self.tags) > 0"
                + " || has(self.labels) && (has(self.labels.matchLabels) && size(self.labels.matchLabels) > 0"
                + " || has(self.labels.matchExpressions) && size(self.labels.matchExpressions) > 0)",
        message =
                "match needs at least one of hostnames, os, addresses, tags and labels; to match every node write hostnames:"
                        + " [\"*\"]")
@ValidationRule(
        value = "!has(self.addresses) || self.addresses.all(a, isCIDR(a))",
        message = "every entry of match.addresses must be a CIDR such as 100.64.0.0/10 or fd7a:115c:a1e0::/48")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NodeMatch(
        @Size(max = 64)
        @JsonPropertyDescription(
                "Host-name globs: * is any text, ? is one character; case is ignored. They are compared with the first label"
                        + " of the MagicDNS name and with the machine's own host name.")
        List<@Size(min = 1, max = 253) String> hostnames,

        @Size(max = 16)
        @JsonPropertyDescription(
                "Operating systems as the control plane names them (linux, windows, macOS, iOS, android); case is ignored."
                        + " Headscale does not report the operating system, so nothing matches there.")
        List<@Size(min = 1, max = 63) String> os,

        @Size(max = 64) @JsonPropertyDescription("CIDRs. One of the node's tailnet addresses must be in one of them.")
        List<@Size(min = 1, max = 64) String> addresses,

        @Size(max = 64)
        @JsonPropertyDescription(
                "Tags (tag:name). The device must have one of them. A tag that made a class match stays on the device.")
        List<@Size(max = 128) @Pattern(TailnetNodeSpec.TAG) String> tags,

        @JsonPropertyDescription("Selector over the labels of the TailnetNode.") @Nullable
        LabelSelector labels) {

    public NodeMatch {
        hostnames = hostnames == null ? List.of() : List.copyOf(hostnames);
        os = os == null ? List.of() : List.copyOf(os);
        addresses = addresses == null ? List.of() : List.copyOf(addresses);
        tags = tags == null ? List.of() : List.copyOf(tags);
    }
}
