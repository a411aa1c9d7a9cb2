package com.xonetwork.tailnet.leadership;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;

/** Keeps a leader whose Lease may be another's from writing to the API server. The Lease itself is always to be had. */
public final class FencedWrites implements Interceptor {

    /** As the client calls it. */
    public static final String NAME = "xo-fenced-writes";

    private static final String LEASES = "/apis/coordination.k8s.io/";

    private final Leadership leadership;

    public FencedWrites(Leadership leadership) {
        this.leadership = leadership;
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        if (!request.method().equals("GET") && !request.uri().getPath().contains(LEASES) && !leadership.mayWrite()) {
            throw new LeadershipLost();
        }
    }
}
