package com.xonetwork.tailnet.observability;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.xonetwork.tailnet.testing.WrittenFile;
import org.junit.jupiter.api.Test;

/** The file is what {@link Dashboard} says. {@code hack/crds} writes it. */
class DashboardTest {

    @Test
    void theFileSaysWhatTheCodeDoes() throws JsonProcessingException {
        WrittenFile.assertSays(Dashboard.FILE, Dashboard.json());
    }
}
