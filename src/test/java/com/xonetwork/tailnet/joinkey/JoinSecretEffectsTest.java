package com.xonetwork.tailnet.joinkey;

import static com.xonetwork.tailnet.testing.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.controlplane.JoinKey;
import com.xonetwork.tailnet.joinkey.JoinKeyRecords.NameTaken;
import com.xonetwork.tailnet.testing.MemoryApiServer;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class JoinSecretEffectsTest {

    private static final Instant END = Instant.parse("2026-03-01T12:00:00Z");
    private static final String HERE = "https://here.example.com/-";

    @RegisterExtension
    private final MemoryApiServer api = new MemoryApiServer();

    private final JoinKeyHolder holder = new JoinKeyHolder(node("web-1").build());
    private JoinSecretEffects effects;

    @BeforeEach
    void start() {
        effects = new JoinSecretEffects(api.client());
    }

    private static JoinKey key(String id) {
        var tags = new TreeSet<>(Set.of("tag:web", "tag:a,b"));
        return new JoinKey(id, "secret-" + id, "xo uid-web-1", tags, END, true);
    }

    private JoinKeyRecord create(String id) {
        return effects.create(holder, key(id), END, HERE);
    }

    private Secret secret() {
        return api.get(Secret.class, "net", "web-1-join");
    }

    private void somebodyElses() {
        api.has(new SecretBuilder()
                .withNewMetadata()
                .withNamespace("net")
                .withName("web-1-join")
                .endMetadata()
                .addToStringData("authkey", "theirs")
                .addToStringData("expires", END.toString())
                .build());
    }

    @Test
    void whatIsWrittenIsFoundAndCannotBeChanged() {
        var written = create("k1");

        assertThat(effects.find(holder)).contains(written);
        assertThat(written.tags()).containsExactly("tag:a,b", "tag:web");
        assertThat(secret().getImmutable()).isTrue();
        assertThat(effects.authKey(holder, END.minusSeconds(1))).contains("secret-k1");
    }

    @Test
    void aKeyThatEndsTooSoonIsNotHandedOver() {
        create("k1");

        assertThat(effects.authKey(holder, END)).isEmpty();
    }

    /** A machine must not log in with a key that a stranger put there, and no key may go into a stranger's Secret. */
    @Test
    void aSecretOfSomebodyElseIsNeitherReadNorOverwritten() {
        somebodyElses();

        assertThatThrownBy(() -> effects.find(holder)).isInstanceOf(NameTaken.class);
        assertThatThrownBy(() -> effects.authKey(holder, END.minusSeconds(1))).isInstanceOf(NameTaken.class);
        assertThatThrownBy(() -> create("k1"))
                .isInstanceOf(NameTaken.class)
                .hasMessage("there is a Secret web-1-join that does not belong to this resource");
        assertThat(secret().getData()).containsOnlyKeys("authkey", "expires");
    }

    @Test
    void theSecondKeyDoesNotReplaceTheFirst() {
        create("k1");

        assertThatThrownBy(() -> create("k2")).isInstanceOf(NameTaken.class);
        assertThat(effects.find(holder)).map(JoinKeyRecord::keyId).contains("k1");
    }

    /** What the server refuses, it may quote. */
    @Test
    void aRefusalSaysNothingOfTheKey() {
        api.refuses("POST", "secrets", 403, "denied: stringData.authkey secret-k1");

        assertThatThrownBy(() -> create("k1"))
                .isInstanceOf(JoinSecretEffects.NotRecorded.class)
                .hasNoCause()
                .hasMessageContaining("HTTP status 403")
                .hasMessageNotContaining("secret-k1");
        assertThat(api.names()).isEmpty();
    }

    @Test
    void onlyTheRecordThatWasReadIsDeleted() {
        var first = create("k1");
        effects.delete(holder, first);
        assertThat(api.names()).isEmpty();

        effects.delete(holder, first);
        assertThat(api.names()).as("gone already is a success").isEmpty();

        create("k2");
        effects.delete(holder, first);
        assertThat(effects.find(holder))
                .as("another by now")
                .map(JoinKeyRecord::keyId)
                .contains("k2");
    }

    @Test
    void aDeletionThatFailsIsToldToTheCaller() {
        var first = create("k1");
        api.refuses("DELETE", "secrets", 503, "no etcd");

        assertThatThrownBy(() -> effects.delete(holder, first)).isInstanceOf(KubernetesClientException.class);
        assertThat(api.names()).containsExactly("secrets/web-1-join");
    }

    /** Somebody with the rights has changed it by hand: it is replaced as one that has run out. */
    @Test
    void aRecordThatCannotBeReadHasRunOut() {
        create("k1");
        api.has(new SecretBuilder(secret())
                .addToStringData("expires", "soon")
                .addToStringData("tags", "tag:a,tag:b")
                .build());

        assertThat(effects.find(holder)).hasValueSatisfying(found -> {
            assertThat(found.expires()).isEqualTo(Instant.EPOCH);
            assertThat(found.tags()).as("as earlier versions wrote them").containsExactly("tag:a", "tag:b");
        });
        assertThat(effects.authKey(holder, Instant.EPOCH)).isEmpty();
    }
}
