package com.xonetwork.tailnet.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The file is what {@link Dashboard} says. {@code hack/crds} writes it. */
class DashboardTest {

    @Test
    void theFileSaysWhatTheCodeDoes() throws IOException {
        var json = Dashboard.json();
        if (Boolean.getBoolean("crds.update")) {
            Files.writeString(Dashboard.FILE, json);
        }
        assertThat(Files.readString(Dashboard.FILE)).as("run hack/crds").isEqualTo(json);
    }
}
