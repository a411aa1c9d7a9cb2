package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator found out about a node. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TailnetNodeStatus(
        @JsonPropertyDescription("The metadata.generation that this status speaks of.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Ready sums up: the device is there, is as wanted and is online. Joined, Online, Approved, NameInSync,"
                        + " TagsInSync, KeyExpiryInSync, KeyValid and, with spec.join, JoinKeyReady and, with spec.join.ssh, MachineInSync say one fact each; Reconciling and Stalled are true when something is"
                        + " under way or waits for a human.")
        List<Condition> conditions,

        @JsonPropertyDescription("ID of the device that stands for this node now.") @Nullable
        String deviceId,

        @JsonPropertyDescription("The device's MagicDNS name, first label.") @Nullable
        String name,

        @JsonPropertyDescription("The device's first tailnet address.") @Nullable
        String address,

        @JsonPropertyDescription("All tailnet addresses.") List<String> addresses,

        @JsonPropertyDescription("Operating system as the control plane names it.") @Nullable
        String os,

        @JsonPropertyDescription("When the node key expires (RFC 3339); absent when it does not.") @Nullable
        String keyExpires,

        @JsonPropertyDescription(
                "The threshold before that date which is passed: 14 days, 7 days, 1 day, expired. Absent while the date is"
                        + " further away.")
        @Nullable
        String keyExpiresWithin,

        @JsonPropertyDescription("Tags that the device carries, as last seen.")
        List<String> deviceTags,

        @JsonPropertyDescription("Tags that the node should carry, each with who wants it.")
        List<TagStatus> tags,

        @JsonPropertyDescription("NodeClasses that match, highest priority first.")
        List<String> classes,

        @JsonPropertyDescription("The join key that waits for the machine; absent while there is none.") @Nullable
        JoinStatus join)
        implements ConditionedStatus {

    public TailnetNodeStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        addresses = addresses == null ? List.of() : List.copyOf(addresses);
        deviceTags = deviceTags == null ? List.of() : List.copyOf(deviceTags);
        tags = tags == null ? List.of() : List.copyOf(tags);
        classes = classes == null ? List.of() : List.copyOf(classes);
    }
}
