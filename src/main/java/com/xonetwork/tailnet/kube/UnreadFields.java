package com.xonetwork.tailnet.kube;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;

/**
 * What the API server sends with every object and nobody here reads. {@code managedFields} are about two thirds of a small
 * custom resource; to pass over them and make no objects of them took a start with 10,000 nodes from 18 s to 15. (JOSDK's
 * matcher for server-side apply would read them; nothing here uses it.)
 */
public final class UnreadFields {

    /**
     * One object that cannot be read makes the whole list unreadable, and the operator cannot start: what the API server takes
     * must be readable, however silly. It bounds objects itself.
     */
    private static final StreamReadConstraints AS_THE_API_SERVER = StreamReadConstraints.builder()
            .maxNestingDepth(20_000)
            .maxNameLength(4 * 1024 * 1024)
            .build();

    private UnreadFields() {}

    /** @param mapper that reads and writes what the API server and this operator send each other */
    public static void passOver(ObjectMapper mapper) {
        mapper.addMixIn(ObjectMeta.class, WithoutManagedFields.class);
        mapper.getFactory().setStreamReadConstraints(AS_THE_API_SERVER);
    }

    @JsonIgnoreProperties("managedFields")
    private interface WithoutManagedFields {}
}
