package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.testing.TestPolicy.policy;
import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetPolicySpec;
import com.xonetwork.tailnet.config.OperatorConfig;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.route.RouteIntents;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PollPlansTest {

    /** The defaults: stale after three polls and one call. */
    private static final OperatorConfig CONFIG = new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(OperatorConfig.class)
            .build()
            .getConfigMapping(OperatorConfig.class);

    @ParameterizedTest
    @CsvSource({"60s, 60", "2s, 2", "1m, 60", "1m30s, 90", "1h, 3600", "1h1m1s, 3661"})
    void anIntervalAsTheCrdAllowsIt(String text, int seconds) {
        assertThat(plan(tailnet("home").pollInterval(text).build()).interval()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void everyMinuteWhereNobodySays() {
        assertThat(plan(tailnet("home").build()).interval()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aListIsOldAfterThreePollsAndACall() {
        assertThat(plan(tailnet("home").pollInterval("20s").build()).maxAge()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void thePolicyIsReadOnlyWhileThereIsAnAclPolicy() {
        var home = tailnet("home")
                .policy(new TailnetPolicySpec(null, null, "7m", null, null))
                .build();

        assertThat(plan(home).documents()).isEmpty();
        assertThat(plan(home, policy("base").build()).documents())
                .isEqualTo(Map.of(DocumentKind.POLICY, Duration.ofMinutes(7)));
    }

    /** Else it is never read, and its planner waits for ever. */
    @Test
    void eachKindOfDocumentIsReadForSomebody() throws ReflectiveOperationException {
        var all = new ArrayList<DocumentKind<?>>();
        for (var constant : DocumentKind.class.getFields()) {
            all.add((DocumentKind<?>) constant.get(null));
        }
        assertThat(plan(tailnet("home").build(), policy("base").build())
                        .documents()
                        .keySet())
                .as("PollPlans says who wants each kind of document read; let this Tailnet want all")
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void aRequestIsPassedOn() {
        var home = tailnet("home").build();
        assertThat(plan(home).requested()).isNull();

        home.getMetadata().setAnnotations(Map.of(ApiGroup.RECONCILE_REQUEST_ANNOTATION, "now"));
        assertThat(plan(home).requested()).isEqualTo("now");
    }

    private static SnapshotPoller.Plan plan(Tailnet home, AclPolicy... policies) {
        return PollPlans.of(
                new TailnetScope(
                        home,
                        List.of(home),
                        List.of(policies),
                        List.of(),
                        List.of(),
                        RouteIntents.of(List.of(), List.of())),
                CONFIG);
    }
}
