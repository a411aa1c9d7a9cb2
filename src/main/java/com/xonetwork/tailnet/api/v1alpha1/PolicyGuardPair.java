package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Who and where to, in the words of the policy file. */
@ValidationRule(
        value = "!has(self.dst) || !self.dst.startsWith('autogroup:self:')",
        message = "dst cannot be autogroup:self: name a user, a tag, a host or an address")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyGuardPair(
        @Required
        @Size(min = 1, max = 256)
        @JsonPropertyDescription(
                "A selector as in the policy file: a tag, group, user, host, ipset, autogroup, address or *. It stands for"
                        + " all of its machines.")
        String src,

        @Required
        @Size(min = 3, max = 320)
        @Pattern("^[^ ]+:([*]|[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*)$")
        @JsonPropertyDescription("A selector and ports as in acls: tag:web:443, 10.0.0.0/8:22,80-90, tag:db:*.")
        String dst,

        @Size(min = 1, max = 20)
        @Pattern("^[A-Za-z0-9-]+$")
        @JsonPropertyDescription(
                "The protocol, as in acls: tcp, udp, icmp or a number. Absent: mustReach needs TCP or UDP, and mustNotReach"
                        + " forbids both.")
        @Nullable
        String proto) {

    @Override
    public String toString() {
        return src + " -> " + dst + (proto == null ? "" : " " + proto);
    }
}
