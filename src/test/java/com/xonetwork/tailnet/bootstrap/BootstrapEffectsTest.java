package com.xonetwork.tailnet.bootstrap;

import static com.xonetwork.tailnet.bootstrap.CloudInitSecretEffectsTest.NOW;
import static com.xonetwork.tailnet.bootstrap.CloudInitSecretEffectsTest.wish;
import static com.xonetwork.tailnet.testing.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.api.v1alpha1.CloudInitJoin;
import com.xonetwork.tailnet.api.v1alpha1.JoinSpec;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.bootstrap.BootstrapEffects.Answer;
import com.xonetwork.tailnet.controlplane.JoinKey;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.joinkey.JoinKeyHolder;
import com.xonetwork.tailnet.joinkey.JoinSecretEffects;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.testing.FakeEvents;
import com.xonetwork.tailnet.testing.MemoryApiServer;
import com.xonetwork.tailnet.testing.TestNode;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One key for one token, once, and the same answer to every stranger. */
class BootstrapEffectsTest {

    @RegisterExtension
    private final MemoryApiServer api = new MemoryApiServer();

    private final ManualClock clock = new ManualClock(NOW);
    private final FakeEvents events = new FakeEvents();
    private final TailnetNodeCache nodes = new TailnetNodeCache();
    private final JoinKeyHolder holder = new JoinKeyHolder(vm(node("vm-1")));
    private CloudInitSecretEffects files;
    private JoinSecretEffects keys;
    private BootstrapEffects effects;

    private static TailnetNode vm(TestNode wanted) {
        return wanted.join(new JoinSpec(null, null, new CloudInitJoin(null, null)))
                .build();
    }

    @BeforeEach
    void start() {
        files = new CloudInitSecretEffects(api.client(), Duration.ofHours(24), clock);
        keys = new JoinSecretEffects(api.client());
        effects = new BootstrapEffects(nodes, files, keys, new EventRecorder(events.client(), clock), clock);
    }

    @AfterEach
    void close() {
        nodes.close();
    }

    private void isCached(TailnetNode... there) {
        nodes.fillBy(() -> {
            var store = nodes.newStore();
            for (var one : there) {
                store.put(store.getKey(one), one);
            }
        });
    }

    /** @return its token */
    private String hasFiles() {
        isCached((TailnetNode) holder.owner());
        files.keep(holder, wish("one"));
        return files.find(holder).orElseThrow().token();
    }

    private void hasKey(Instant expires) {
        var tags = new TreeSet<>(Set.of("tag:web"));
        keys.create(holder, new JoinKey("k1", "tskey-1", "xo uid-vm-1", tags, expires, true), expires, "here");
    }

    private Answer redeem(String token) {
        return effects.redeem("net", "vm-1", token);
    }

    @Test
    void theKeyIsGivenOnce() {
        var token = hasFiles();
        hasKey(NOW.plusSeconds(600));

        assertThat(redeem(token)).isEqualTo(new Answer.Key("tskey-1"));
        assertThat(events.reasons()).containsExactly("JoinKeyFetched");
        assertThat(redeem(token)).isEqualTo(new Answer.Refused());
        assertThat(events.reasons()).hasSize(1);
    }

    @Test
    void aTokenIsNotUsedWhileThereIsNoKeyForIt() {
        var token = hasFiles();

        assertThat(redeem(token)).isEqualTo(new Answer.NotYet());
        hasKey(NOW.plusSeconds(600));
        assertThat(redeem(token)).isInstanceOf(Answer.Key.class);
    }

    @Test
    void aKeyThatEndsBeforeTheMachineCanUseItIsNotGiven() {
        var token = hasFiles();
        hasKey(NOW.plusSeconds(120));

        assertThat(redeem(token)).isEqualTo(new Answer.NotYet());
        assertThat(files.find(holder).orElseThrow().used()).isNull();
    }

    /** Whoever was first has the key. */
    @Test
    void whoComesSecondAtTheSameTimeGetsNone() {
        var token = hasFiles();
        hasKey(NOW.plusSeconds(600));
        api.before(
                "PUT",
                "secrets",
                () -> api.has(new SecretBuilder(api.get(Secret.class, "net", "vm-1-cloud-init"))
                        .editMetadata()
                        .addToAnnotations(CloudInitSecretEffects.USED, NOW.toString())
                        .endMetadata()
                        .build()));

        assertThat(redeem(token)).isEqualTo(new Answer.NotYet());
        assertThat(events.reasons()).isEmpty();
    }

    /** Otherwise it could be given twice. */
    @Test
    void noKeyIsGivenWhereTheTokenCannotBeMarked() {
        var token = hasFiles();
        hasKey(NOW.plusSeconds(600));
        api.refuses("PUT", "secrets", 500, "no etcd");

        assertThatThrownBy(() -> redeem(token)).isInstanceOf(CloudInitSecretEffects.NotWritten.class);
        assertThat(events.reasons()).isEmpty();
        api.relents();
        assertThat(redeem(token)).isInstanceOf(Answer.Key.class);
    }

    @Test
    void strangersAllGetTheSameAnswer() {
        var token = hasFiles();
        hasKey(NOW.plusSeconds(600));

        assertThat(redeem("guess")).isEqualTo(new Answer.Refused());
        assertThat(redeem("")).isEqualTo(new Answer.Refused());
        assertThat(effects.redeem("net", "vm-2", token)).isEqualTo(new Answer.Refused());
        assertThat(effects.redeem("other", "vm-1", token)).isEqualTo(new Answer.Refused());
        assertThat(redeem(token)).as("the owner, after all of them").isInstanceOf(Answer.Key.class);
    }

    @Test
    void aNodeThatIsBeingDeletedOrJoinsOtherwiseGetsNone() {
        isCached(
                vm(node("vm-1").deleting("2026-03-01T11:00:00Z")),
                node("vm-2").joins("1h").build());

        assertThat(redeem("any")).isEqualTo(new Answer.Refused());
        assertThat(effects.redeem("net", "vm-2", "any")).isEqualTo(new Answer.Refused());
        assertThat(api.requests()).isEmpty();
    }

    /** A start takes a moment, and a machine that is refused does not come again. */
    @Test
    void beforeTheNodesAreKnownNobodyIsRefused() {
        assertThat(redeem("any")).isEqualTo(new Answer.NotYet());
        isCached();
        assertThat(redeem("any")).isEqualTo(new Answer.Refused());
    }

    @Test
    void aSecretOfSomebodyElseIsNone() {
        isCached((TailnetNode) holder.owner());
        for (var name : new String[] {"vm-1-cloud-init", "vm-1-join"}) {
            api.has(new SecretBuilder()
                    .withNewMetadata()
                    .withNamespace("net")
                    .withName(name)
                    .endMetadata()
                    .addToStringData("token", "theirs")
                    .addToStringData("authkey", "theirs")
                    .build());
        }

        assertThat(redeem("theirs")).isEqualTo(new Answer.Refused());
    }
}
