package com.xonetwork.tailnet.bootstrap;

import static com.xonetwork.tailnet.testing.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.api.v1alpha1.Adoption;
import com.xonetwork.tailnet.api.v1alpha1.CloudInitJoin;
import com.xonetwork.tailnet.joinkey.JoinKeyHolder;
import com.xonetwork.tailnet.joinkey.JoinKeyRecords.NameTaken;
import com.xonetwork.tailnet.machine.Preferences;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.testing.MemoryApiServer;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CloudInitSecretEffectsTest {

    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration VALID = Duration.ofHours(24);

    @RegisterExtension
    private final MemoryApiServer api = new MemoryApiServer();

    private final ManualClock clock = new ManualClock(NOW);
    private final JoinKeyHolder holder = new JoinKeyHolder(node("vm-1").build());
    private CloudInitSecretEffects effects;

    static CloudInit wish(String hostname) {
        return new CloudInit(
                "net",
                "vm-1",
                new CloudInitJoin(null, null),
                new Preferences(
                        hostname, new TreeSet<>(), false, true, null, null, null, null, null, Adoption.PLAN, null),
                "https://headscale.example.com",
                "https://xo.example.com",
                List.of());
    }

    @BeforeEach
    void start() {
        api.at(NOW);
        effects = new CloudInitSecretEffects(api.client(), VALID, clock);
    }

    private CloudInitRecord recorded() {
        return effects.find(holder).orElseThrow();
    }

    private Secret secret() {
        return api.get(Secret.class, "net", "vm-1-cloud-init");
    }

    @Test
    void filesAreWrittenOnceAndNotAgainWhileNothingChanges() {
        var kept = effects.keep(holder, wish("one"));

        assertThat(kept.tokenExpires()).isEqualTo(NOW.plus(VALID));
        assertThat(recorded().token()).matches("[0-9a-f]{64}");
        assertThat(effects.keep(holder, wish("one")).tokenExpires()).isEqualTo(NOW.plus(VALID));
        assertThat(api.writes()).hasSize(1);
    }

    @Test
    void otherPreferencesKeepTheTokenAndItsEnd() {
        effects.keep(holder, wish("one"));
        var token = recorded().token();
        clock.advance(Duration.ofHours(1));
        effects.keep(holder, wish("two"));

        assertThat(recorded().token()).isEqualTo(token);
        assertThat(recorded().expires()).isEqualTo(NOW.plus(VALID));
        assertThat(recorded().files().get("user-data")).contains("two");
    }

    @Test
    void aTokenIsUsedOnce() {
        effects.keep(holder, wish("one"));
        var seen = recorded();

        assertThat(effects.use(holder, seen)).isTrue();
        assertThat(effects.use(holder, seen))
                .as("a second machine with the same files")
                .isFalse();
        assertThat(effects.find(holder, seen.token())).isEmpty();
        assertThat(new CloudInitSecretEffects(api.client(), VALID, clock).find(holder, seen.token()))
                .as("by another replica")
                .isEmpty();
    }

    /** Files that changed since they were read may have another token. */
    @Test
    void aTokenOfFilesThatChangedMeanwhileIsNotMarked() {
        effects.keep(holder, wish("one"));
        var seen = recorded();
        effects.keep(holder, wish("two"));

        assertThat(effects.use(holder, seen)).isFalse();
        assertThat(recorded().used()).isNull();
    }

    @Test
    void aTokenIsNotMarkedWhereTheServerRefusesIt() {
        effects.keep(holder, wish("one"));
        var seen = recorded();
        api.refuses("PUT", "secrets", 403, "denied: " + seen.token());

        assertThatThrownBy(() -> effects.use(holder, seen))
                .isInstanceOf(CloudInitSecretEffects.NotWritten.class)
                .hasNoCause()
                .hasMessageContaining("HTTP status 403")
                .hasMessageNotContaining(seen.token());
        api.relents();
        assertThat(effects.find(holder, seen.token())).as("it is good still").isPresent();
    }

    @Test
    void whatStrangersSendCostsNoCall() {
        effects.keep(holder, wish("one"));
        var before = api.requests().size();
        for (var tried = 0; tried < 50; tried++) {
            assertThat(effects.find(holder, "guess-" + tried)).isEmpty();
        }

        assertThat(api.requests()).hasSize(before);
    }

    @Test
    void aTokenEnds() {
        effects.keep(holder, wish("one"));
        var token = recorded().token();
        clock.advance(VALID);

        assertThat(effects.find(holder, token)).isEmpty();
        effects.keep(holder, wish("one"));
        assertThat(recorded().token()).isNotEqualTo(token);
        assertThat(recorded().expires()).isEqualTo(NOW.plus(VALID).plus(VALID));
    }

    @Test
    void aMarkThatCannotBeReadMeansUsed() {
        effects.keep(holder, wish("one"));
        var token = recorded().token();
        api.has(new SecretBuilder(secret())
                .editMetadata()
                .addToAnnotations(CloudInitSecretEffects.USED, "yesterday")
                .endMetadata()
                .build());

        assertThat(effects.find(holder, token)).isEmpty();
    }

    @Test
    void aSecretOfSomebodyElseIsLeftAlone() {
        api.has(new SecretBuilder()
                .withNewMetadata()
                .withNamespace("net")
                .withName("vm-1-cloud-init")
                .endMetadata()
                .addToStringData("token", "theirs")
                .build());

        assertThatThrownBy(() -> effects.keep(holder, wish("one"))).isInstanceOf(NameTaken.class);
        assertThatThrownBy(() -> effects.find(holder, "theirs")).isInstanceOf(NameTaken.class);
        assertThat(secret().getData()).containsOnlyKeys("token");
    }

    @Test
    void twoReplicasMakeOneToken() {
        api.before(
                "POST",
                "secrets",
                () -> api.has(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace("net")
                        .withName("vm-1-cloud-init")
                        .endMetadata()
                        .build()));

        assertThatThrownBy(() -> effects.keep(holder, wish("one")))
                .isInstanceOf(CloudInitSecretEffects.NotWritten.class)
                .hasMessageContaining("409");
        assertThat(secret().getData()).as("the other's").isNullOrEmpty();
    }
}
