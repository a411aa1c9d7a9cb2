package com.xonetwork.tailnet.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;

/**
 * What the API server sends with every object and nobody here reads. {@code managedFields} are about two thirds of a small
 * custom resource; to pass over them and make no objects of them took a start with 10,000 nodes from 18 s to 15. (JOSDK's
 * matcher for server-side apply would read them; nothing here uses it.)
 */
public final class UnreadFields {

    private UnreadFields() {}

    /** @param mapper that reads and writes what the API server and this operator send each other */
    public static void passOver(ObjectMapper mapper) {
        mapper.addMixIn(ObjectMeta.class, WithoutManagedFields.class);
    }

    @JsonIgnoreProperties("managedFields")
    private interface WithoutManagedFields {}
}
