package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.testing.TestNode.node;
import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.joinkey.JoinKeyHolder;
import com.xonetwork.tailnet.joinkey.JoinKeyRecord;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.testing.TestView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JoinPlannerTest {

    @ParameterizedTest
    @CsvSource({
        // asked for, Joined, its reason, key out, lists since it was there -> what is done
        "false, False, DEVICE_NOT_FOUND, false, , NOTHING",
        "false, False, DEVICE_NOT_FOUND, true, , SETTLE",
        "false, Unknown, SNAPSHOT_STALE, true, , SETTLE",
        "true, True, JOINED, false, 0, NOTHING",
        "true, True, JOINED, true, 0, SETTLE",
        "true, False, DEVICE_NOT_FOUND, false, , ISSUE",
        "true, False, DEVICE_NOT_FOUND, true, , ISSUE",
        // a list that lacks a device that was there may be a partial one
        "true, False, DEVICE_NOT_FOUND, false, 0, WAIT",
        "true, False, DEVICE_NOT_FOUND, false, 2, WAIT",
        "true, False, DEVICE_NOT_FOUND, false, 3, ISSUE",
        // nothing is made on unknown
        "true, Unknown, SNAPSHOT_STALE, false, , WAIT",
        "true, Unknown, TAILNET_NOT_READY, true, , WAIT",
        "true, Unknown, SUSPENDED, false, , WAIT",
        "true, False, AMBIGUOUS, false, , WAIT",
        "true, False, DUPLICATE_NODE, true, , WAIT",
    })
    void steps(boolean asked, String status, Reason reason, boolean out, Long since, JoinPlanner.Step expected) {
        var node = asked ? node("web-1").joins("1h") : node("web-1");

        assertThat(JoinPlanner.step(
                        node.build().getSpec(),
                        new Fact(ConditionType.JOINED, status, reason, "why"),
                        out,
                        since,
                        false,
                        Mode.ENFORCE))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        // Joined, its reason, key out, a remedy wants one -> what is done in mode Observe
        "False, DEVICE_NOT_FOUND, false, false, NOTHING",
        "False, DEVICE_NOT_FOUND, false, true, NOTHING",
        "False, DEVICE_NOT_FOUND, true, false, SETTLE",
        "True, JOINED, false, true, NOTHING",
        "True, JOINED, true, true, SETTLE",
        // nothing is called on unknown
        "Unknown, SUSPENDED, true, true, WAIT",
        "Unknown, SNAPSHOT_STALE, false, true, WAIT",
    })
    void inModeObserveThereIsNoKey(
            String status, Reason reason, boolean out, boolean wanted, JoinPlanner.Step expected) {
        var spec = node("web-1").joins("1h").build().getSpec();
        assertThat(JoinPlanner.step(
                        spec, new Fact(ConditionType.JOINED, status, reason, "why"), out, null, wanted, Mode.OBSERVE))
                .isEqualTo(expected);
    }

    @Test
    void theOrderHasTheNodesOwnTags() {
        var order = JoinPlanner.order(
                node("web-1").tags("tag:b", "tag:a").joins("20m").build().getSpec());

        assertThat(order.tags()).containsExactly("tag:a", "tag:b");
        assertThat(order.validFor()).isEqualTo(Duration.ofMinutes(20));
    }

    @Test
    void theCommandNamesTheServerUnlessItIsTailscalesOwn() {
        assertThat(command(tailnet("home").build()))
                .isEqualTo("tailscale up --auth-key=file:join.key --hostname=web-1");
        assertThat(command(tailnet("home").headscale("https://hs.example.com/").build()))
                .isEqualTo(
                        "tailscale up --login-server=https://hs.example.com --auth-key=file:join.key --hostname=web-1");
    }

    @Test
    void theSecretsNameFitsWhateverTheNodesIs() {
        var longest = "n".repeat(253);

        assertThat(new JoinKeyHolder(node("web-1").build()).secretName()).isEqualTo("web-1-join");
        assertThat(new JoinKeyHolder(node(longest).build()).secretName())
                .hasSizeLessThanOrEqualTo(253)
                .endsWith("-join")
                .isNotEqualTo(
                        new JoinKeyHolder(node(longest.substring(0, 252) + "m").build()).secretName());
    }

    private static String command(Tailnet tailnet) {
        var node = node("web-1").joins("1h").build();
        var key = new JoinKeyRecord("k1", Instant.EPOCH, new TreeSet<>(), "1", "");
        return JoinPlanner.status(new JoinKeyHolder(node), tailnet.getSpec(), node.getSpec(), key)
                .command();
    }

    @ParameterizedTest
    @ValueSource(strings = {"169.254.169.254", "fd00:ec2::254", "::ffff:169.254.169.254", "0.0.0.0", "224.0.0.1"})
    void noKeyIsAskedForAMachineWhoseAddressNothingConnectsTo(String address) {
        var home = tailnet("home").build().getSpec();
        var view = TestView.of().build();

        assertThat(JoinPlanner.unfit(node("web-1").ssh(address).build().getSpec(), home, view))
                .hasValueSatisfying(why -> assertThat(why.message())
                        .contains("spec.join.ssh.address " + address, "Until then no join key is made"));
        for (var fine : List.of("10.0.0.7", "web-1.example.com", "fd00::7")) {
            assertThat(JoinPlanner.unfit(node("web-1").ssh(fine).build().getSpec(), home, view))
                    .isEmpty();
        }
    }

    @Test
    void noKeyIsAskedForWithATagThatTheControlPlaneDoesNotTake() {
        var spec = node("web-1").joins("1h").tags("tag:my_server").build().getSpec();
        var view = TestView.of().build();

        var fact = JoinPlanner.unfit(spec, tailnet("home").build().getSpec(), view);
        assertThat(fact)
                .hasValueSatisfying(why -> assertThat(why.message())
                        .contains("tag:my_server, which spec.tags sets", "Until then no join key is made"));
        assertThat(JoinPlanner.unfit(
                        spec,
                        tailnet("home")
                                .headscale("https://hs.example.com")
                                .build()
                                .getSpec(),
                        view))
                .isEmpty();
    }
}
