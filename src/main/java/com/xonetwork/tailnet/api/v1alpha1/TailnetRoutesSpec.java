package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/** How the routes of a tailnet's nodes are handled. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TailnetRoutesSpec(
        @Default("Keep")
        @JsonPropertyDescription(
                "Routes that are approved for a node and that no SubnetRoute or ExitNode declares: Keep leaves them, Remove"
                        + " takes the approval back. Concerns devices with a TailnetNode only.")
        UnmanagedRoutes unmanaged) {

    public static final TailnetRoutesSpec DEFAULT = new TailnetRoutesSpec(UnmanagedRoutes.KEEP);

    public TailnetRoutesSpec {
        unmanaged = unmanaged == null ? UnmanagedRoutes.KEEP : unmanaged;
    }
}
