package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import io.javaoperatorsdk.operator.api.reconciler.ResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** AutomationTemplates as their controller has read them, for others than controllers: perhaps a moment old. */
@Singleton
public final class KnownTemplates {

    private volatile @Nullable ResourceCache<AutomationTemplate> cache;

    /** @param filled that shows what is in the watched namespaces from now on */
    public void readFrom(ResourceCache<AutomationTemplate> filled) {
        cache = filled;
    }

    /** @return empty also where its namespace is not watched, and before the caches are filled */
    public Optional<AutomationTemplate> find(String namespace, String name) {
        var filled = cache;
        return filled == null ? Optional.empty() : filled.get(new ResourceID(name, namespace));
    }
}
