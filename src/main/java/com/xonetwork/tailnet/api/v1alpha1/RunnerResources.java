package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;

/** Resource requests and limits of the runner's container. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunnerResources(
        @Default("50m")
        @Size(min = 1, max = 16)
        @Pattern(RunnerResources.QUANTITY)
        @JsonPropertyDescription("CPU request.")
        String cpuRequest,

        @Default("128Mi")
        @Size(min = 1, max = 16)
        @Pattern(RunnerResources.QUANTITY)
        @JsonPropertyDescription("Memory request.")
        String memoryRequest,

        @Default("512Mi")
        @Size(min = 1, max = 16)
        @Pattern(RunnerResources.QUANTITY)
        @JsonPropertyDescription("Memory limit. A runner needs about 100 MiB, and 15 MiB for each fork.")
        String memoryLimit) {

    static final String QUANTITY = "^[0-9]+(\\.[0-9]+)?(m|[KMGT]i?|k)?$";

    public static final RunnerResources DEFAULT = new RunnerResources("50m", "128Mi", "512Mi");

    public RunnerResources {
        cpuRequest = cpuRequest == null ? "50m" : cpuRequest;
        memoryRequest = memoryRequest == null ? "128Mi" : memoryRequest;
        memoryLimit = memoryLimit == null ? "512Mi" : memoryLimit;
    }
}
