package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** Devices of a tailnet, counted. */
public record DeviceCounts(
        @JsonPropertyDescription("Devices in the tailnet.") int total,

        @JsonPropertyDescription("Of these, devices that are connected and whose key has not expired.")
        int online,

        @JsonPropertyDescription("Of these, devices that a TailnetNode stands for.")
        int managed) {}
