package com.xonetwork.tailnet.tailnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The control plane's clock is another than the operator's. */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class ClockSkewIT {

    private static final String TAG_OWNED = "{\"tagOwners\": {\"tag:web\": [\"autogroup:admin\"]}, \"acls\": []}";
    private static final String JOINS = "hostname: web-1\ntags: [\"tag:web\"]\njoin: {manual: {keyValidFor: 10m}}";

    @ParameterizedTest
    @CsvSource({"-10,10m ahead of", "10,10m behind"})
    void tenMinutesAreToldAndMakeOneKey(long theirs, String words, Scene scene) {
        var there = scene.addSimulator(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(theirs)));
        there.setPolicyByHand(TAG_OWNED);
        scene.node("web-1", JOINS);
        scene.tailnetAt(there.url(), "home", "");

        var told = scene.awaitCondition(Tailnet.class, "home", "ClockInSync", "False", "ClockSkew");
        assertThat(told.message()).contains("the operator's clock is " + words, "chrony");
        scene.awaitCondition(TailnetNode.class, "web-1", "JoinKeyReady", "True", "KeyIssued");
        scene.awaitReady(Tailnet.class, "home");
        scene.soon().untilAsserted(() -> assertThat(scene.eventReasons("home")).contains("ClockSkew"));

        scene.letPollsGoBy(there, 2);
        var version = scene.get(Tailnet.class, "home").getMetadata().getResourceVersion();
        scene.letPollsGoBy(there, 10);
        assertThat(there.ledger().count("createKey")).isEqualTo(1);
        assertThat(scene.get(Tailnet.class, "home").getMetadata().getResourceVersion())
                .isEqualTo(version);
        assertThat(scene.eventReasons("home")).filteredOn("ClockSkew"::equals).hasSize(1);
    }

    @Test
    void hoursMakeNoKey(Scene scene) {
        var there = scene.addSimulator(Clock.offset(Clock.systemUTC(), Duration.ofHours(3)));
        there.setPolicyByHand(TAG_OWNED);
        scene.node("web-1", JOINS);
        scene.tailnetAt(there.url(), "home", "");

        scene.awaitCondition(Tailnet.class, "home", "ClockInSync", "False", "ClockTooFarOff");
        scene.awaitCondition(TailnetNode.class, "web-1", "JoinKeyReady", "False", "ClockTooFarOff");
        scene.letPollsGoBy(there, 5);
        assertThat(there.ledger().count("createKey")).isZero();
    }

    @Test
    void clocksThatAgreeSaySo(Scene scene) {
        scene.tailnet("home", "");

        scene.awaitCondition(Tailnet.class, "home", "ClockInSync", "True", "InSync");
    }
}
