package com.xonetwork.tailnet.controlplane.tailscale;

import com.xonetwork.tailnet.controlplane.http.RequestPath;
import java.util.stream.Stream;

/** Paths of the API below one tailnet. @param tailnet its name in the API */
record TailnetPath(String tailnet) {

    RequestPath of(String... elements) {
        return RequestPath.of(Stream.concat(Stream.of("api", "v2", "tailnet", tailnet), Stream.of(elements))
                .toArray(String[]::new));
    }
}
