package com.xonetwork.tailnet.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class RecreationTest {

    private final List<Event> heard = new CopyOnWriteArrayList<>();
    private Optional<Tailnet> there = Optional.empty();

    private static Tailnet tailnet(String uid) {
        var tailnet = new Tailnet();
        tailnet.setMetadata(new ObjectMetaBuilder()
                .withNamespace("net")
                .withName("home")
                .withUid(uid)
                .build());
        return tailnet;
    }

    @SuppressWarnings("unchecked")
    private static <T> T answering(Class<? super T> type, String name, Object answer) {
        return (T) Proxy.newProxyInstance(
                RecreationTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo(name);
                    return answer;
                });
    }

    @SuppressWarnings("unchecked")
    private void deleted(String uid) throws Exception {
        var cache = (IndexerResourceCache<Tailnet>) Proxy.newProxyInstance(
                RecreationTest.class.getClassLoader(),
                new Class<?>[] {IndexerResourceCache.class},
                (proxy, method, arguments) -> there);
        var recreation = new Recreation<Tailnet>((resource, unused) -> UpdateControl.noUpdate());
        EventSourceContext<Tailnet> sources = new EventSourceContext<>(cache, null, null, Tailnet.class);
        var source = recreation.prepareEventSources(sources).getLast();
        source.setEventHandler(heard::add);
        source.start();
        Context<Tailnet> context = answering(Context.class, "isPrimaryResourceDeleted", true);

        recreation.reconcile(tailnet(uid), context);
    }

    @Test
    void whatWasMadeAnewIsHeard() throws Exception {
        there = Optional.of(tailnet("2"));
        deleted("1");
        await().until(() -> heard.size() == 1);
    }

    /** The SDK hands over what its cache has of the name by now, although it is the deletion that is looked at. */
    @Test
    void alsoWhereTheDeletionIsLookedAtWithTheNewOne() throws Exception {
        there = Optional.of(tailnet("2"));
        deleted("2");
        await().until(() -> heard.size() == 1);
    }

    @Test
    void whereNothingIsThereNothingIsHeard() throws Exception {
        deleted("1");
        await().during(Recreation.AFTER.plus(Duration.ofMillis(300)))
                .atMost(Duration.ofSeconds(5))
                .until(heard::isEmpty);
    }
}
