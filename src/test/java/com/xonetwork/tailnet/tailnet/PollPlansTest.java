package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.testing.TestAclPolicy.acl;
import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetPolicySpec;
import com.xonetwork.tailnet.config.OperatorConfig;
import com.xonetwork.tailnet.snapshot.SnapshotPoller.Plan;
import com.xonetwork.tailnet.testing.TestAclPolicy;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PollPlansTest {

    private final OperatorConfig config = new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(OperatorConfig.class)
            .build()
            .getConfigMapping(OperatorConfig.class);

    @Test
    void defaults() {
        assertThat(plan(tailnet("home").build()))
                .isEqualTo(new Plan(Duration.ofSeconds(60), Duration.ofSeconds(3 * 60 + 30), null, null));
    }

    @ParameterizedTest
    @CsvSource({"2s, 2", "5m, 300", "1h, 3600", "1h2m3s, 3723", "90s, 90", "1m30s, 90"})
    void readsDurationsAsTheCrdAllowsThem(String text, long seconds) {
        assertThat(plan(tailnet("home").pollInterval(text).build()).interval()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void aListIsBelievedForThreePollsAndOneCall() {
        assertThat(plan(tailnet("home").pollInterval("2s").build()).maxAge()).isEqualTo(Duration.ofSeconds(36));
    }

    @Test
    void thePolicyIsReadOnlyWhileThereIsAnAclPolicy() {
        assertThat(plan(tailnet("home").build(), acl("a", "{}")).policyInterval())
                .isEqualTo(Duration.ofMinutes(5));
        assertThat(plan(
                                tailnet("home")
                                        .policy(new TailnetPolicySpec(null, null, "30s"))
                                        .build(),
                                acl("a", "{}").observed())
                        .policyInterval())
                .isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void aUsersRequestIsPassedOn() {
        var tailnet = tailnet("home").build();
        tailnet.getMetadata().setAnnotations(Map.of(ApiGroup.RECONCILE_REQUEST_ANNOTATION, "now"));

        assertThat(plan(tailnet).requested()).isEqualTo("now");
    }

    private Plan plan(Tailnet tailnet, TestAclPolicy... policies) {
        return PollPlans.of(
                new TailnetScope(
                        tailnet,
                        null,
                        Stream.of(policies).map(TestAclPolicy::build).toList(),
                        List.of(),
                        List.of()),
                config);
    }
}
