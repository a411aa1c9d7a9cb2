package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;

/** How the routes of a tailnet's nodes are handled. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TailnetRoutesSpec(
        @Default("Keep")
        @JsonPropertyDescription(
                "What happens to approved routes of a node that no SubnetRoute or ExitNode declares. Keep leaves them. Remove"
                        + " withdraws the approval. Only devices with a TailnetNode are affected.")
        UnmanagedRoutes unmanaged) {

    public static final TailnetRoutesSpec DEFAULT = new TailnetRoutesSpec(UnmanagedRoutes.KEEP);

    public TailnetRoutesSpec {
        unmanaged = unmanaged == null ? UnmanagedRoutes.KEEP : unmanaged;
    }
}
