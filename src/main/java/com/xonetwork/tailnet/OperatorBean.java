package com.xonetwork.tailnet;

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
 * Makes the operator in place of the extension's own bean, whose build-time configuration (7.7.3) drops
 * {@code triggerReconcilerOnAllEvents}: without it a reconciler that has no {@code Cleaner} never hears of deletions.
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
        operator.register(
                reconciler,
                declared != null && declared.triggerReconcilerOnAllEvents()
                        ? new OnAllEvents<>(built, configuration)
                        : built);
    }

    /** The built configuration, and the one setting that it lost. */
    private static final class OnAllEvents<P extends HasMetadata> extends QuarkusControllerConfiguration<P> {

        OnAllEvents(QuarkusControllerConfiguration<P> built, QuarkusConfigurationService configuration) {
            super(
                    built.getInformerConfig(),
                    built.getName(),
                    built.isGenerationAware(),
                    built.getAssociatedReconcilerClassName(),
                    built.getRetry(),
                    built.getRateLimiter(),
                    built.maxReconciliationInterval().orElse(null),
                    built.getFinalizerName(),
                    built.fieldManager(),
                    built.getWorkflow(),
                    built.getResourceTypeName(),
                    built.getResourceClass());
            setParent(configuration);
        }

        @Override
        public boolean triggerReconcilerOnAllEvents() {
            return true;
        }
    }
}
