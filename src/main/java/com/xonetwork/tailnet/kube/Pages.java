package com.xonetwork.tailnet.kube;

/** How many objects are listed at a time. */
public final class Pages {

    /** Of kinds whose objects users can fill to the API server's limit of 1.5 MB: a page is held in memory as it was sent. */
    public static final long OF_LARGE = 25;

    private Pages() {}
}
