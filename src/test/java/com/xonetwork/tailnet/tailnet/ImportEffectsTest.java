package com.xonetwork.tailnet.tailnet;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestTailnet.tailnet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.DeletionPolicy;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.tailnet.ImportPlan.Adoption;
import com.xonetwork.tailnet.testing.StubApiServer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and contents of imported nodes: both come from machines that call themselves what they like. */
class ImportEffectsTest {

    private static final String DNS_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

    @RegisterExtension
    private final StubApiServer kubernetes = new StubApiServer();

    @Provide
    Arbitrary<String> hostNames() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(300),
                Arbitraries.strings()
                        .withChars("abcXYZ019-._ /\u00fc\u0130\u4e2d")
                        .ofMaxLength(80),
                Arbitraries.strings().withChars('-').ofMaxLength(70));
    }

    @Property
    void everyNameIsAValidLabel(@ForAll("hostNames") String hostname, @ForAll String id) {
        var named = device(id, hostname).build();

        for (var name : List.of(ImportEffects.name(named), ImportEffects.nameWithHash(named))) {
            assertThat(name).matches(DNS_LABEL).hasSizeBetween(1, 63);
        }
    }

    @Property(tries = 200)
    void theNameIsTheSameEachTime(@ForAll("hostNames") String hostname, @ForAll String id) {
        assertThat(ImportEffects.name(device(id, hostname).build()))
                .isEqualTo(ImportEffects.name(
                        device(id, hostname).tags("tag:a").offline().build()));
    }

    @Property(tries = 200)
    void twoDevicesOfOneNameGetTwo(
            @ForAll("hostNames") String hostname, @ForAll @StringLength(max = 64) String one, @ForAll String other) {
        assertThat(ImportEffects.nameWithHash(device(one, hostname).build())
                        .equals(ImportEffects.nameWithHash(
                                device(other, hostname).build())))
                .isEqualTo(one.equals(other));
    }

    @ParameterizedTest
    @CsvSource({
        "web-1, web-1",
        "0, 0",
        "Web_1, web-1-6b86b273ff",
        "web-, web-6b86b273ff",
        "--, device-6b86b273ff",
        "'', device-6b86b273ff",
        "a.b.c, a-b-c-6b86b273ff",
        "'Anna''s MacBook Pro', anna-s-macbook-pro-6b86b273ff",
    })
    void readsLikeTheHostName(String hostname, String expected) {
        assertThat(ImportEffects.name(device("1", hostname).build())).isEqualTo(expected);
    }

    @Test
    void theLongestNames() {
        var longest = "a".repeat(63);

        assertThat(ImportEffects.name(device("1", longest).build())).isEqualTo(longest);
        assertThat(ImportEffects.name(device("1", longest + "a").build())).isEqualTo("a".repeat(50) + "-6b86b273ff");
    }

    @Test
    void standsForTheDeviceAndForNothingElse() {
        var home = tailnet("home").build();

        var node = ImportEffects.node(
                home, new Adoption(device("n123CNTRL", "Web 1").build(), new TreeSet<>(Set.of("tag:old"))), "web-1-x");

        assertThat(node.getMetadata().getName()).isEqualTo("web-1-x");
        assertThat(node.getMetadata().getNamespace()).isEqualTo("net");
        assertThat(node.getMetadata().getLabels()).containsEntry(ApiGroup.IMPORTED_LABEL, "true");
        assertThat(node.getMetadata().getFinalizers()).isEmpty();
        assertThat(node.getMetadata().getOwnerReferences()).singleElement().satisfies(owner -> {
            assertThat(owner.getKind()).isEqualTo("Tailnet");
            assertThat(owner.getApiVersion()).isEqualTo("tailnet.xo-network.com/v1alpha1");
            assertThat(owner.getName()).isEqualTo("home");
            assertThat(owner.getUid()).isEqualTo("uid-home");
            assertThat(owner.getController()).isTrue();
        });
        assertThat(node.getSpec().tailnetRef()).isEqualTo(new LocalRef("home"));
        assertThat(node.getSpec().hostname()).isNull();
        assertThat(node.getSpec().deviceId()).isEqualTo("n123CNTRL");
        assertThat(node.getSpec().tags()).containsExactly("tag:old");
        assertThat(node.getSpec().deletionPolicy()).isEqualTo(DeletionPolicy.RETAIN);
        assertThat(node.getSpec().keyExpiry()).isNull();
        assertThat(node.getSpec().approved()).isNull();
    }

    @Provide
    Arbitrary<Set<String>> tags() {
        return Arbitraries.oneOf(
                        Arbitraries.strings().ofMaxLength(200),
                        Arbitraries.strings()
                                .withChars("abcXYZ019-_.:@,ü\n \"\u202e")
                                .ofMaxLength(140)
                                .map(name -> "tag:" + name))
                .set()
                .ofMaxSize(60);
    }

    /** Else one device with a strange tag would make every import fail at the API server. */
    @Property(tries = 200)
    void noTagBreaksTheSpec(@ForAll("tags") Set<String> tags) {
        assertThat(adopting(tags).getSpec().tags())
                .hasSizeLessThanOrEqualTo(64)
                .allSatisfy(tag -> assertThat(tag)
                        .matches("tag:[a-zA-Z][^\\s\\p{C}\\p{Z}\"\\\\]*")
                        .hasSizeLessThanOrEqualTo(128)
                        .isIn(tags));
    }

    @Property(tries = 100)
    void aProperTagIsKept(@ForAll @AlphaChars @StringLength(min = 1, max = 60) String name) {
        assertThat(adopting(Set.of("tag:" + name)).getSpec().tags()).containsExactly("tag:" + name);
    }

    @Test
    void tagsOfHeadscaleAreWrittenDown() {
        var tags = Set.of("tag:my_server", "tag:location:sgp1", "tag:prod.eu", "tag:büro", "tag:a,b", "tag:Web");
        assertThat(adopting(tags).getSpec().tags()).containsExactlyInAnyOrderElementsOf(tags);
    }

    @Test
    void aDeviceWithMoreTagsThanASpecHoldsIsNotImported() {
        var many = new TreeSet<String>();
        IntStream.range(0, 64).forEach(i -> many.add("tag:t" + i));
        many.add("tag:not one to write down");
        assertThat(adopting(many).getSpec().tags()).hasSize(64);

        many.add("tag:one-more");
        assertThatThrownBy(() -> adopting(many))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65 tags")
                .hasMessageContaining("loses none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../secrets", "a b", "a\nb", "1;2", "\u00fc"})
    void nothingIsCreatedForAHostileId(String id) {
        perform(id);

        assertThat(kubernetes.requests()).isEmpty();
    }

    @Test
    void nothingIsCreatedForAnEndlessId() {
        perform("9".repeat(65));

        assertThat(kubernetes.requests()).isEmpty();
    }

    @Test
    void aProperIdIsCreated() {
        perform("n123CNTRL");

        assertThat(kubernetes.created("tailnetnodes"))
                .singleElement()
                .satisfies(body -> assertThat(body).contains("\"deviceId\":\"n123CNTRL\""));
    }

    private void perform(String id) {
        new ImportEffects(kubernetes.client())
                .perform(
                        tailnet("home").build(),
                        TailnetView.NOTHING,
                        new ImportPlan(
                                List.of(new Adoption(device(id, "web-1").build(), new TreeSet<>())),
                                List.of(),
                                Fact.yes(ConditionType.DEVICES_IMPORTED, Reason.IMPORTED, "all are there")));
    }

    private static TailnetNode adopting(Set<String> tags) {
        return ImportEffects.node(
                tailnet("home").build(), new Adoption(device("1", "web-1").build(), new TreeSet<>(tags)), "web-1");
    }
}
