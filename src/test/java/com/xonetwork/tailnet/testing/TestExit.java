package com.xonetwork.tailnet.testing;

import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.ExitNodeSpec;
import com.xonetwork.tailnet.api.v1alpha1.ExitNodeSpec.Candidate;
import com.xonetwork.tailnet.api.v1alpha1.ExitNodeSpec.OnNoneHealthy;
import com.xonetwork.tailnet.api.v1alpha1.ExitNodeStatus;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.ArrayList;
import java.util.List;

/** Builds an {@link ExitNode} of the Tailnet {@code home}. */
public final class TestExit {

    private final String name;
    private final List<Candidate> candidates = new ArrayList<>();
    private OnNoneHealthy onNoneHealthy;
    private String failbackDelay;
    private String minDwell;
    private ExitNodeStatus status;

    private TestExit(String name) {
        this.name = name;
    }

    public static TestExit exit(String name) {
        return new TestExit(name);
    }

    public TestExit candidate(String node, int priority) {
        candidates.add(new Candidate(node, priority));
        return this;
    }

    public TestExit onNoneHealthy(OnNoneHealthy value) {
        onNoneHealthy = value;
        return this;
    }

    public TestExit failbackDelay(String value) {
        failbackDelay = value;
        return this;
    }

    public TestExit minDwell(String value) {
        minDwell = value;
        return this;
    }

    public TestExit status(ExitNodeStatus value) {
        status = value;
        return this;
    }

    public ExitNode build() {
        var exit = new ExitNode();
        exit.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace("net")
                .withUid("uid-" + name)
                .withGeneration(1L)
                .withCreationTimestamp("2026-01-01T00:00:00Z")
                .build());
        exit.setSpec(new ExitNodeSpec(new LocalRef("home"), candidates, failbackDelay, minDwell, onNoneHealthy));
        exit.setStatus(status);
        return exit;
    }
}
