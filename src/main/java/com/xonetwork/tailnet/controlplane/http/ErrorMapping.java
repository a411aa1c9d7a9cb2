package com.xonetwork.tailnet.controlplane.http;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;

/** Says what an error answer means. Adapters put their service's peculiarities in front of {@link StandardErrors}. */
@FunctionalInterface
public interface ErrorMapping {

    ControlPlaneException toException(ErrorAnswer answer);
}
