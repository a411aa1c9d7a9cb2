package com.xonetwork.tailnet.tailnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class DeletedTailnetsTest {

    /** The SDK tells sources of events that are {@link ResourceEventAware}, without asking whether a reconciliation is due. */
    @Test
    @SuppressWarnings("unchecked")
    void aTailnetThatIsGoneIsForgottenWithoutAReconciliation() {
        var forgotten = new ArrayList<TailnetKey>();
        Object source = new DeletedTailnets(forgotten::add);
        var tailnet = new Tailnet();
        tailnet.setMetadata(
                new ObjectMetaBuilder().withNamespace("net").withName("home").build());
        var told = (ResourceEventAware<Tailnet>) source;

        told.onResourceCreated(tailnet);
        told.onResourceUpdated(tailnet, tailnet);
        assertThat(forgotten).isEmpty();

        told.onResourceDeleted(tailnet);
        assertThat(forgotten).containsExactly(new TailnetKey("net", "home"));
    }
}
