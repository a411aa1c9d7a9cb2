package com.xonetwork.tailnet;

import com.xonetwork.tailnet.config.JitteredRetry;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.quarkiverse.operatorsdk.runtime.QuarkusConfigurationService;
import io.quarkiverse.operatorsdk.runtime.QuarkusControllerConfiguration;
import io.quarkus.arc.ClientProxy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/**
 * Makes the operator in place of the extension's own bean, whose build-time configuration (7.7.3) drops two settings of
 * {@link ControllerConfiguration}: {@code triggerReconcilerOnAllEvents}, without which a reconciler that has no
 * {@code Cleaner} never hears of deletions, and {@code retry}, in place of which it gives up after five tries.
 */
@Singleton
final class OperatorBean {

    @Produces
    @ApplicationScoped
    Operator operator(
            QuarkusConfigurationService configuration, Instance<Reconciler<? extends HasMetadata>> reconcilers) {
        var operator = new Operator(configuration);
        for (var reconciler : reconcilers) {
            register(operator, configuration, ClientProxy.unwrap(reconciler));
        }
        return operator;
    }

    private static <P extends HasMetadata> void register(
            Operator operator, QuarkusConfigurationService configuration, Reconciler<P> reconciler) {
        var declared = reconciler.getClass().getAnnotation(ControllerConfiguration.class);
        var built = configuration.<P>getConfigurationFor(reconciler);
        var onAllEvents = declared != null && declared.triggerReconcilerOnAllEvents();
        operator.register(reconciler, new Completed<>(built, configuration, onAllEvents));
    }

    /** The built configuration, and the settings that it lost. */
    private static final class Completed<P extends HasMetadata> extends QuarkusControllerConfiguration<P> {

        private final boolean onAllEvents;

        Completed(
                QuarkusControllerConfiguration<P> built,
                QuarkusConfigurationService configuration,
                boolean onAllEvents) {
            super(
                    built.getInformerConfig(),
                    built.getName(),
                    built.isGenerationAware(),
                    built.getAssociatedReconcilerClassName(),
                    new JitteredRetry(),
                    built.getRateLimiter(),
                    built.maxReconciliationInterval().orElse(null),
                    built.getFinalizerName(),
                    built.fieldManager(),
                    built.getWorkflow(),
                    built.getResourceTypeName(),
                    built.getResourceClass());
            this.onAllEvents = onAllEvents;
            setParent(configuration);
        }

        @Override
        public boolean triggerReconcilerOnAllEvents() {
            return onAllEvents;
        }
    }
}
