package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.testing.MemoryApiServer;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AnnotationEffectsTest {

    private static final String OWNS = ApiGroup.ownsAnnotation(DocumentKind.POLICY.id());

    @RegisterExtension
    private final MemoryApiServer api = new MemoryApiServer();

    private AnnotationEffects effects;
    private Tailnet read;

    @BeforeEach
    void aTailnet() {
        var home = new Tailnet();
        home.setMetadata(new ObjectMetaBuilder()
                .withNamespace("net")
                .withName("home")
                .withAnnotations(Map.of("mine", "stays"))
                .build());
        home.setSpec(
                tailnet("home").tailscale("https://example.com", "-").build().getSpec());
        api.has(home);
        read = stored();
        effects = new AnnotationEffects(api.client());
    }

    private Tailnet stored() {
        return api.get(Tailnet.class, "net", "home");
    }

    private String version() {
        return read.getMetadata().getResourceVersion();
    }

    @Test
    void whatWasRemovedIsNotedBesideWhatOthersWrote() {
        effects.collections(read, "2026-11-24T10:00:00Z dead-0");
        effects.collections(read, "2026-11-24T10:00:00Z dead-0,2026-11-24T10:01:00Z dead-1");

        assertThat(stored().getMetadata().getAnnotations())
                .containsEntry("mine", "stays")
                .containsEntry(
                        ApiGroup.COLLECTED_ANNOTATION, "2026-11-24T10:00:00Z dead-0,2026-11-24T10:01:00Z dead-1");
        assertThat(version())
                .as("the status that follows goes on from here")
                .isEqualTo(stored().getMetadata().getResourceVersion());
    }

    @Test
    void aClaimThatIsThereAlreadyIsNoWrite() {
        effects.claim(read, DocumentKind.POLICY, "one");
        assertThat(stored().getMetadata().getAnnotations())
                .containsEntry(OWNS, "https://example.com/-")
                .containsEntry(ApiGroup.publishedAnnotation("policy"), "one");
        var before = api.writes().size();

        effects.claim(read, DocumentKind.POLICY, "one");
        assertThat(api.writes()).hasSize(before);

        effects.claim(read, DocumentKind.POLICY, "two");
        assertThat(api.writes()).hasSize(before + 1);
        assertThat(stored().getMetadata().getAnnotations())
                .containsEntry(ApiGroup.publishedAnnotation("policy"), "two");
    }

    /** What must be noted before an effect is not taken for noted. */
    @Test
    void aRefusalReachesWhoAsked() {
        api.refuses("PATCH", "tailnets", 403, "no");
        var before = version();

        assertThatThrownBy(() -> effects.collections(read, "2026-11-24T10:00:00Z dead-0"))
                .isInstanceOf(KubernetesClientException.class);
        assertThat(version()).isEqualTo(before);
        assertThat(stored().getMetadata().getAnnotations()).doesNotContainKey(ApiGroup.COLLECTED_ANNOTATION);
    }
}
