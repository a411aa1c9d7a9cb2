package com.xonetwork.tailnet.boot;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import io.fabric8.kubernetes.client.Config;
import io.quarkus.kubernetes.client.KubernetesConfigCustomizer;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Has the operator call the API server under its own name. It stands in audit logs, and where no field manager is given the API server
 * takes it for {@code managedFields}: {@code kubectl get --show-managed-fields} says then who wrote a status.
 */
@Singleton
final class UserAgent implements KubernetesConfigCustomizer {

    private final String version;

    UserAgent(@ConfigProperty(name = "quarkus.application.version") String version) {
        this.version = version;
    }

    @Override
    public void customize(Config config) {
        config.setUserAgent(ApiGroup.OPERATOR + "/" + version);
    }
}
