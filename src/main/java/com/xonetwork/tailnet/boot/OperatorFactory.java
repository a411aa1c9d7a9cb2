package com.xonetwork.tailnet.boot;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.automation.RunStore;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.kube.Recreation;
import com.xonetwork.tailnet.kube.StatusByPut;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.informer.InformerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.quarkiverse.operatorsdk.runtime.QuarkusConfigurationService;
import io.quarkiverse.operatorsdk.runtime.QuarkusControllerConfiguration;
import io.quarkiverse.operatorsdk.runtime.QuarkusInformerConfiguration;
import io.quarkus.arc.ClientProxy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/**
 * Makes the operator in place of the extension's own bean, whose build-time configuration (7.7.3) drops two settings of
 * {@link ControllerConfiguration}: {@code triggerReconcilerOnAllEvents}, without which a reconciler that has no
 * {@code Cleaner} never hears of deletions, and {@code retry}, in place of which it gives up after five tries. What is read of
 * TailnetNodes it has kept in the {@link TailnetNodeCache}, and of AutomationRuns in {@link RunStore}s.
 */
@Singleton
final class OperatorFactory {

    private final QuarkusConfigurationService configuration;
    private final TailnetNodeCache nodes;

    OperatorFactory(QuarkusConfigurationService configuration, TailnetNodeCache nodes) {
        this.configuration = configuration;
        this.nodes = nodes;
    }

    @Produces
    @ApplicationScoped
    Operator operator(Instance<Reconciler<? extends HasMetadata>> reconcilers) {
        var operator = new Operator(configuration);
        for (var reconciler : reconcilers) {
            register(operator, ClientProxy.unwrap(reconciler));
        }
        return operator;
    }

    private <P extends HasMetadata> void register(Operator operator, Reconciler<P> reconciler) {
        var declared = reconciler.getClass().getAnnotation(ControllerConfiguration.class);
        var built = configuration.<P>getConfigurationFor(reconciler);
        var onAllEvents = declared != null && declared.triggerReconcilerOnAllEvents();
        // Of a kind that it does not know the client first makes a generic object of each watch event, and then ours.
        configuration
                .getKubernetesClient()
                .getKubernetesSerialization()
                .registerKubernetesResource(built.getResourceClass());
        var written = new StatusByPut<>(reconciler);
        operator.register(
                onAllEvents ? new Recreation<>(written) : written,
                new Completed<>(built, informers(built), configuration, onAllEvents));
    }

    @SuppressWarnings("unchecked") // the resource class says what P is
    private <P extends HasMetadata> InformerConfiguration<P> informers(QuarkusControllerConfiguration<P> built) {
        var configured = built.getInformerConfig();
        if (built.getResourceClass().equals(TailnetNode.class)) {
            return (InformerConfiguration<P>)
                    new OfTailnetNodes((InformerConfiguration<TailnetNode>) configured, nodes);
        }
        return built.getResourceClass().equals(AutomationRun.class)
                ? (InformerConfiguration<P>) new OfRuns((InformerConfiguration<AutomationRun>) configured)
                : configured;
    }

    /** The SDK asks it for a store whenever it makes an informer: one for each namespace that it watches. */
    private static final class OfTailnetNodes extends QuarkusInformerConfiguration<TailnetNode> {

        private final TailnetNodeCache nodes;

        OfTailnetNodes(InformerConfiguration<TailnetNode> built, TailnetNodeCache nodes) {
            super(built);
            this.nodes = nodes;
        }

        @Override
        public ItemStore<TailnetNode> getItemStore() {
            return nodes.newStore();
        }
    }

    /** The same of AutomationRuns. */
    private static final class OfRuns extends QuarkusInformerConfiguration<AutomationRun> {

        OfRuns(InformerConfiguration<AutomationRun> built) {
            super(built);
        }

        @Override
        public ItemStore<AutomationRun> getItemStore() {
            return new RunStore();
        }
    }

    /** The built configuration, and the settings that it lost. */
    private static final class Completed<P extends HasMetadata> extends QuarkusControllerConfiguration<P> {

        private final boolean onAllEvents;

        Completed(
                QuarkusControllerConfiguration<P> built,
                InformerConfiguration<P> informers,
                QuarkusConfigurationService configuration,
                boolean onAllEvents) {
            super(
                    informers,
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
