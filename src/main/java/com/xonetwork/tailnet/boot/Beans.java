package com.xonetwork.tailnet.boot;

import com.xonetwork.tailnet.automation.AttemptSecretEffects;
import com.xonetwork.tailnet.automation.RunnerSettings;
import com.xonetwork.tailnet.bootstrap.BootstrapPlace;
import com.xonetwork.tailnet.bootstrap.CloudInitSecretEffects;
import com.xonetwork.tailnet.config.OperatorConfig;
import com.xonetwork.tailnet.controlplane.CallShares;
import com.xonetwork.tailnet.controlplane.ControlPlaneConnector;
import com.xonetwork.tailnet.controlplane.MemoryBudget;
import com.xonetwork.tailnet.controlplane.connector.HttpControlPlaneConnector;
import com.xonetwork.tailnet.controlplane.http.ConnectionRules;
import com.xonetwork.tailnet.controlplane.http.ForwardProxy;
import com.xonetwork.tailnet.document.TailnetDocument;
import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.joinkey.JoinKeyEffects;
import com.xonetwork.tailnet.joinkey.JoinSecretEffects;
import com.xonetwork.tailnet.kube.UnreadFields;
import com.xonetwork.tailnet.leadership.FencedWrites;
import com.xonetwork.tailnet.leadership.LeaderElection;
import com.xonetwork.tailnet.leadership.LeaderForwarder;
import com.xonetwork.tailnet.leadership.Leadership;
import com.xonetwork.tailnet.leadership.Replica;
import com.xonetwork.tailnet.observability.CallMetrics;
import com.xonetwork.tailnet.observability.HttpSeries;
import com.xonetwork.tailnet.observability.Metric;
import com.xonetwork.tailnet.observability.WebhookMetrics;
import com.xonetwork.tailnet.runner.RunEventStore;
import com.xonetwork.tailnet.runner.RunnerEndpoint;
import com.xonetwork.tailnet.service.Access;
import com.xonetwork.tailnet.service.ClientAddresses;
import com.xonetwork.tailnet.service.KubernetesReviews;
import com.xonetwork.tailnet.service.RunEventStreams;
import com.xonetwork.tailnet.service.StreamShares;
import com.xonetwork.tailnet.snapshot.IpForwardingReports;
import com.xonetwork.tailnet.snapshot.SnapshotPoller;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.webhook.Webhooks;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.quarkus.kubernetes.client.KubernetesClientObjectMapperCustomizer;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Makes what is shared and cannot be a mere {@code @Singleton}: what takes settings, chooses an implementation, or must be closed. Nothing
 * else needs CDI.
 */
@Singleton
final class Beans {

    /** A caller that would wait longer than this for the call budget gets an answer instead, and comes back later. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    /** Not as a {@code Clock}: who wants the time of day must not get it. */
    @Produces
    @Singleton
    @Typed(SteadyClock.class)
    SteadyClock steadyClock(Clock clock) {
        return new SteadyClock(System::nanoTime, clock.instant());
    }

    @Produces
    @Singleton
    Leadership leadership(OperatorConfig config, Clock clock, MeterRegistry metrics) {
        var election = config.leaderElection();
        var leadership = election.enabled()
                ? new Leadership(System::nanoTime, clock, election.renewDeadline())
                : new Leadership();
        Metric.LEADER.gauge(metrics, leadership, it -> it.leads() ? 1 : 0);
        return leadership;
    }

    @Produces
    @Singleton
    Optional<LeaderElection> leaderElection(
            KubernetesClient kubernetes, OperatorConfig config, Clock clock, Leadership leadership) {
        var election = config.leaderElection();
        return election.enabled()
                ? Optional.of(new LeaderElection(
                        kubernetes,
                        new LeaderElection.Settings(
                                election.namespace()
                                        .orElseThrow(() -> new IllegalArgumentException(
                                                "leader election needs a place for its Lease: set"
                                                        + " tailnet-operator.leader-election.namespace")),
                                election.lease(),
                                new Replica(election.name(), election.address().orElse(null)),
                                election.leaseDuration(),
                                election.renewDeadline(),
                                election.renewPeriod(),
                                election.retryPeriod()),
                        clock,
                        leadership))
                : Optional.empty();
    }

    @Produces
    @Singleton
    LeaderForwarder leaderForwarder(
            Vertx vertx,
            Leadership leadership,
            SteadyClock steady,
            @ConfigProperty(name = "quarkus.http.ssl.certificate.files") Optional<List<String>> certificates) {
        return new LeaderForwarder(vertx, leadership, certificates.map(List::getFirst), steady);
    }

    @Produces
    @Singleton
    KubernetesClientObjectMapperCustomizer withoutUnreadFields() {
        return UnreadFields::passOver;
    }

    /** In place of the extension's, which has no interceptors. */
    @Produces
    @ApplicationScoped
    KubernetesClient kubernetes(KubernetesSerialization serialization, Config config, Leadership leadership) {
        return new KubernetesClientBuilder()
                .withKubernetesSerialization(serialization)
                .withConfig(config)
                .withHttpClientBuilderConsumer(
                        http -> http.addOrReplaceInterceptor(FencedWrites.NAME, new FencedWrites(leadership)))
                .build();
    }

    void close(@Disposes KubernetesClient kubernetes) {
        kubernetes.close();
    }

    @Produces
    @Singleton
    ControlPlaneConnector connector(
            Vertx vertx, OperatorConfig config, Clock clock, MeterRegistry metrics, Leadership leadership) {
        var rules = config.controlPlane();
        var connector = new HttpControlPlaneConnector(
                vertx,
                new ConnectionRules(
                                rules.connectTimeout(),
                                rules.callTimeout(),
                                rules.maxBodyBytes(),
                                rules.maxAttempts(),
                                LONGEST_WAIT,
                                rules.plainHttpHosts().orElse(Set.of()))
                        .through(rules.proxy()
                                .url()
                                .map(url -> proxy(url, rules.proxy()))
                                .orElse(null)),
                clock,
                new CallMetrics(metrics),
                leadership::mayWrite);
        Metric.BUDGET_LEFT.gauge(metrics, connector, HttpControlPlaneConnector::budgetLeft);
        return connector;
    }

    private static ForwardProxy proxy(URI url, OperatorConfig.ControlPlane.Proxy proxy) {
        return ForwardProxy.of(
                url, proxy.credentialsDirectory(), proxy.noProxy().orElse(List.of()));
    }

    @Produces
    @Singleton
    SnapshotStore snapshots(Clock clock, SteadyClock steady, OperatorConfig config) {
        return new SnapshotStore(clock, steady, config.snapshot().suspectPolls());
    }

    @Produces
    @Singleton
    MeterFilter httpSeries() {
        return new HttpSeries();
    }

    @Produces
    @Singleton
    SnapshotPoller poller(
            ControlPlaneConnector connector, SnapshotStore snapshots, OperatorConfig config, SteadyClock steady) {
        return new SnapshotPoller(
                connector,
                snapshots,
                steady,
                CallShares.of(config.controlPlane().threads()),
                MemoryBudget.ofHeap(Runtime.getRuntime().maxMemory()),
                config.snapshot().maxDevices());
    }

    void close(@Disposes SnapshotPoller poller) {
        poller.close();
    }

    @Produces
    @Singleton
    TailnetNodeCache nodes() {
        return new TailnetNodeCache();
    }

    void close(@Disposes TailnetNodeCache nodes) {
        nodes.close();
    }

    @Produces
    @Singleton
    Webhooks webhooks(
            Vertx vertx,
            OperatorConfig config,
            SnapshotPoller poller,
            SnapshotStore snapshots,
            IpForwardingReports reports,
            Clock clock,
            MeterRegistry metrics) {
        var settings = config.webhooks();
        return new Webhooks(
                vertx,
                new Webhooks.Settings(settings.host(), settings.port(), settings.pollSpacing()),
                poller,
                snapshots,
                reports,
                clock,
                new WebhookMetrics(metrics));
    }

    void close(@Disposes Webhooks webhooks) {
        webhooks.close();
    }

    @Produces
    @Singleton
    TailnetDocument.Keeping documents(
            SnapshotStore snapshots, SnapshotPoller poller, SteadyClock steady, OperatorConfig config) {
        return new TailnetDocument.Keeping(snapshots, poller, steady, config.rejectedRetry());
    }

    @Produces
    @Singleton
    JoinKeyEffects joinKeys(JoinSecretEffects secrets, Clock clock, SteadyClock steady) {
        return new JoinKeyEffects(secrets, clock, steady);
    }

    @Produces
    @Singleton
    CloudInitSecretEffects cloudInitFiles(KubernetesClient kubernetes, OperatorConfig config, Clock clock) {
        return new CloudInitSecretEffects(kubernetes, config.bootstrap().tokenValidity(), clock);
    }

    @Produces
    @Singleton
    BootstrapPlace bootstrapPlace(OperatorConfig config) {
        return BootstrapPlace.of(config);
    }

    @Produces
    @Singleton
    RunEventStore runEvents(OperatorConfig config, Clock clock) {
        var runs = config.runs();
        return new RunEventStore(
                Path.of(runs.directory()),
                new RunEventStore.Limits(
                        runs.eventsOfAttempt(),
                        runs.bytesOfAttempt(),
                        runs.bytes(),
                        runs.bytesOfNamespace(),
                        runs.retention()),
                clock);
    }

    void close(@Disposes RunEventStore events) {
        events.close();
    }

    @Produces
    @Singleton
    Access access(KubernetesClient kubernetes, OperatorConfig config) {
        var service = config.service();
        return new Access(
                new KubernetesReviews(kubernetes, service.tokenAudiences().orElse(List.of())),
                new Access.Settings(service.requestsPerSecond(), service.newTokensPerSecond(), service.reviewsKept()));
    }

    @Produces
    @Singleton
    ClientAddresses clientAddresses(OperatorConfig config) {
        return new ClientAddresses(config.service().trustedProxies().orElse(List.of()));
    }

    @Produces
    @Singleton
    RunEventStreams runEventStreams(RunEventStore events, OperatorConfig config) {
        var service = config.service();
        return new RunEventStreams(
                events,
                new StreamShares(new StreamShares.Limits(
                        service.mostStreams(), service.mostStreamsOfCaller(), service.mostStreamsOfNamespace())));
    }

    @Produces
    @Singleton
    RunnerSettings runnerSettings(OperatorConfig config) {
        var runs = config.runs();
        return new RunnerSettings(
                runs.image(),
                runs.imagePullSecrets().orElse(List.of()),
                runs.callbackUrl(),
                runs.mostAtOnce(),
                Math.toIntExact(runs.keepJobs().toSeconds()),
                runs.startTimeout(),
                runs.dnsAnywhere());
    }

    @Produces
    @Singleton
    RunnerEndpoint runnerEndpoint(Vertx vertx, AttemptSecretEffects attempts, RunEventStore events) {
        return new RunnerEndpoint(vertx, attempts, events);
    }

    void close(@Disposes RunnerEndpoint endpoint) {
        endpoint.close();
    }
}
