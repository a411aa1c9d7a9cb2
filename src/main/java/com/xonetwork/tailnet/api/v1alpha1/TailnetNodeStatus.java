package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator found out about a node. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TailnetNodeStatus(
        @JsonPropertyDescription("The metadata.generation that this status is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Ready sums up: the device is there, is as wanted and is online. Joined, Online, Approved, NameInSync,"
                        + " TagsInSync, KeyExpiryInSync, KeyValid and, with spec.join, JoinKeyReady and, with spec.join.ssh,"
                        + " MachineInSync say one fact each; Reconciling and Stalled are true when something is"
                        + " under way or waits for a human.")
        List<Condition> conditions,

        @JsonPropertyDescription("ID of the device that stands for this node now.") @Nullable
        String deviceId,

        @JsonPropertyDescription(
                "ID of the device that the node's machine says it is, in the newest run that told. Of several devices of one host"
                        + " name it is the one that stands for this node.")
        @Nullable
        String machineDeviceId,

        @JsonPropertyDescription(
                "ID of the device that the node's machine was before, as the operator saw it and by the machine's own word. Absent"
                        + " when there was none, or it is gone from the tailnet.")
        @Nullable
        String formerDeviceId,

        @JsonPropertyDescription("The device's MagicDNS name, first label.") @Nullable
        String name,

        @JsonPropertyDescription("The device's first IPv4 address, else its first address.") @Nullable
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

        @JsonPropertyDescription("Tags that the node should have, each with who wants it.")
        List<TagStatus> tags,

        @JsonPropertyDescription("NodeClasses that match, highest priority first.")
        List<String> classes,

        @JsonPropertyDescription("The join key that waits for the machine; absent while there is none.") @Nullable
        JoinStatus join,

        @JsonPropertyDescription("The first of deviceTags and how many more there are, for kubectl get.") @Nullable
        String tagSummary,

        @JsonPropertyDescription("The first of classes and how many more there are, for kubectl get.") @Nullable
        String classSummary)
        implements ConditionedStatus {

    public TailnetNodeStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        addresses = addresses == null ? List.of() : List.copyOf(addresses);
        deviceTags = deviceTags == null ? List.of() : List.copyOf(deviceTags);
        tags = tags == null ? List.of() : List.copyOf(tags);
        classes = classes == null ? List.of() : List.copyOf(classes);
    }

    /**
     * As the machine says by now which device it is.
     *
     * @param device null while it has said nothing
     * @param former that it was before; null when there was none
     */
    public TailnetNodeStatus saying(@Nullable String device, @Nullable String former) {
        return new TailnetNodeStatus(
                observedGeneration,
                conditions,
                deviceId,
                device,
                former,
                name,
                address,
                addresses,
                os,
                keyExpires,
                keyExpiresWithin,
                deviceTags,
                tags,
                classes,
                join,
                tagSummary,
                classSummary);
    }

    /** With summaries of the lists, of a machine that has said nothing. */
    public TailnetNodeStatus(
            @Nullable Long observedGeneration,
            List<Condition> conditions,
            @Nullable String deviceId,
            @Nullable String name,
            @Nullable String address,
            List<String> addresses,
            @Nullable String os,
            @Nullable String keyExpires,
            @Nullable String keyExpiresWithin,
            List<String> deviceTags,
            List<TagStatus> tags,
            List<String> classes,
            @Nullable JoinStatus join) {
        this(
                observedGeneration,
                conditions,
                deviceId,
                null,
                null,
                name,
                address,
                addresses,
                os,
                keyExpires,
                keyExpiresWithin,
                deviceTags,
                tags,
                classes,
                join,
                Shortened.of(deviceTags == null ? List.of() : deviceTags),
                Shortened.of(classes == null ? List.of() : classes));
    }
}
