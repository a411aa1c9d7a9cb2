package com.xonetwork.tailnet.kube;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets an update through that a decision may depend on: spec, labels (NodeClasses select by them), the begin of deletion, a
 * request to reconcile now, a human's approval. Not our own status writes.
 */
public final class SpecOrLabelsChanged<R extends HasMetadata> implements OnUpdateFilter<R> {

    /** Annotations by which a human or a tool asks for something. */
    private static final List<String> ASKING =
            List.of(ApiGroup.RECONCILE_REQUEST_ANNOTATION, ApiGroup.APPROVE_ANNOTATION);

    @Override
    public boolean accept(R now, R before) {
        var metadata = now.getMetadata();
        var old = before.getMetadata();
        // Deleted and made anew while nobody watched: it is another object, of the same generation.
        return !Objects.equals(metadata.getUid(), old.getUid())
                || !Objects.equals(metadata.getGeneration(), old.getGeneration())
                || !Objects.equals(metadata.getLabels(), old.getLabels())
                || !Objects.equals(metadata.getDeletionTimestamp(), old.getDeletionTimestamp())
                || ASKING.stream()
                        .anyMatch(annotation -> !Objects.equals(
                                value(metadata.getAnnotations(), annotation), value(old.getAnnotations(), annotation)));
    }

    private static @Nullable String value(@Nullable Map<String, String> annotations, String annotation) {
        return annotations == null ? null : annotations.get(annotation);
    }
}
