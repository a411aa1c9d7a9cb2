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
                "Ready summarizes the others: the device exists, is as wanted and is online. Joined, Online, Approved,"
                        + " NameInSync, TagsInSync, RoutesApproved, KeyExpiryInSync, KeyValid and, with spec.join, JoinKeyReady and,"
                        + " with spec.join.ssh, MachineInSync state one fact each. Reconciling is True while work is in progress."
                        + " Stalled is True when a human must act.")
        List<Condition> conditions,

        @JsonPropertyDescription("ID of the device that stands for this node now.") @Nullable
        String deviceId,

        @JsonPropertyDescription(
                "ID of the device that the node's machine reported in the newest run that reported one. If several devices"
                        + " have the host name, this device stands for the node.")
        @Nullable
        String machineDeviceId,

        @JsonPropertyDescription(
                "ID of the former device of the node's machine, as seen by the operator and reported by the machine. Absent"
                        + " if there was none, or it has left the tailnet.")
        @Nullable
        String formerDeviceId,

        @JsonPropertyDescription("The device's MagicDNS name, first label.") @Nullable
        String name,

        @JsonPropertyDescription("The device's first IPv4 address, else its first address.") @Nullable
        String address,

        @JsonPropertyDescription("All tailnet addresses.") List<String> addresses,

        @JsonPropertyDescription("Operating system as the control plane names it.") @Nullable
        String os,

        @JsonPropertyDescription("When the node key expires (RFC 3339). Absent if it does not expire.") @Nullable
        String keyExpires,

        @JsonPropertyDescription(
                "The last threshold before keyExpires that has passed: 14 days, 7 days, 1 day, expired. Absent while"
                        + " keyExpires is further away.")
        @Nullable
        String keyExpiresWithin,

        @JsonPropertyDescription("Tags of the device, as last seen.")
        List<String> deviceTags,

        @JsonPropertyDescription("Wanted tags of the node, each with its sources.")
        List<TagStatus> tags,

        @JsonPropertyDescription("NodeClasses that match, highest priority first.")
        List<String> classes,

        @JsonPropertyDescription("The join key for the machine. Absent while there is none.") @Nullable
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
