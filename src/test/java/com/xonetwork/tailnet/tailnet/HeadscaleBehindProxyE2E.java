package com.xonetwork.tailnet.tailnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.FrontProxy;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.testbed.RealTailnet;
import com.xonetwork.tailnet.testbed.TailnetUnderTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** As {@link ControlPlaneBehindProxyIT}, with a real Headscale behind the proxy. */
@RunningOperator
@RealTailnet
class HeadscaleBehindProxyE2E {

    /** A minute, and what a busy machine takes. */
    private static final Duration SECOND_QUESTION = Duration.ofMinutes(3);

    @Test
    void whatAProxySaysInItsPlaceIsOutlived(Scene scene, TailnetUnderTest tailnet) {
        tailnet.startNode("db-1");
        try (var proxy = FrontProxy.before(tailnet.url(), tailnet.caPem())) {
            scene.secret("headscale", Map.of("api_key", tailnet.apiKey()));
            proxy.knowsNoPage();
            scene.apply("""
                    apiVersion: tailnet.xo-network.com/v1alpha1
                    kind: Tailnet
                    metadata: {name: home}
                    spec:
                      headscale: {url: "%s", credentials: {secretRef: {name: headscale}}}
                      pollInterval: 1s
                      deviceImport: All
                    """.formatted(proxy.url()));
            scene.awaitCondition(Tailnet.class, "home", "Reachable", "False", "ControlPlaneUnavailable");
            assertThat(scene.list(TailnetNode.class)).isEmpty();

            // The service is there, and its own description is not let through yet.
            proxy.knowsNoPage(FrontProxy.endingIn("openapiv2.json"));
            scene.awaitReady(TailnetNode.class, "db-1");
            assertThat(capabilities(scene)).contains("DEVICE_TAGS").doesNotContain("POLICY_VALIDATE");
            proxy.passesAll();
            Awaitility.await()
                    .atMost(SECOND_QUESTION)
                    .untilAsserted(
                            () -> assertThat(capabilities(scene)).contains("POLICY_VALIDATE", "KEY_EXPIRY_DISABLE"));

            proxy.knowsNoPage();
            scene.awaitCondition(TailnetNode.class, "db-1", "Ready", "Unknown", "SnapshotStale");
            proxy.passesAll();
            scene.awaitReady(TailnetNode.class, "db-1");
            assertThat(capabilities(scene)).contains("POLICY_VALIDATE", "KEY_EXPIRY_DISABLE");
            assertThat(tailnet.machine("db-1")).isPresent();
        }
    }

    private static List<String> capabilities(Scene scene) {
        return Objects.requireNonNull(scene.get(Tailnet.class, "home").getStatus())
                .capabilities();
    }
}
