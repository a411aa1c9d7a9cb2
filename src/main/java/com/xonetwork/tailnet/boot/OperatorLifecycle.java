package com.xonetwork.tailnet.boot;

import com.xonetwork.tailnet.config.OperatorConfig;
import com.xonetwork.tailnet.leadership.LeaderElection;
import com.xonetwork.tailnet.leadership.LeaderForwarder;
import com.xonetwork.tailnet.ports.HeadDeadline;
import com.xonetwork.tailnet.runner.RunnerEndpoint;
import com.xonetwork.tailnet.service.Access;
import com.xonetwork.tailnet.service.ClientAddresses;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.HttpURLConnection;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Every replica fills its caches and then takes part in the election. Only the leader reconciles. At the end of the process,
 * reconciliations finish first, then the Lease is released.
 */
@Singleton
final class OperatorLifecycle implements LeaderElection.Listener {

    private static final Logger LOG = Logger.getLogger(OperatorLifecycle.class);
    /** Before every route of the API. */
    private static final int FIRST = -100_000;

    private final Controllers reconcilers;
    private final OperatorConfig config;
    private final Optional<LeaderElection> election;
    private final LeaderForwarder forwarder;
    private final RunnerEndpoint runners;
    private final Access access;
    private final ClientAddresses addresses;
    private final Vertx vertx;
    private volatile boolean ending;

    OperatorLifecycle(
            Controllers reconcilers,
            OperatorConfig config,
            Optional<LeaderElection> election,
            LeaderForwarder forwarder,
            RunnerEndpoint runners,
            Access access,
            ClientAddresses addresses,
            Vertx vertx) {
        this.access = access;
        this.addresses = addresses;
        this.vertx = vertx;
        this.reconcilers = reconcilers;
        this.config = config;
        this.election = election;
        this.forwarder = forwarder;
        this.runners = runners;
    }

    void management(@Observes ManagementInterface ports) {
        tellDeadline(ports.router());
    }

    private static void tellDeadline(Router router) {
        router.route().order(Integer.MIN_VALUE).handler(exchange -> {
            HeadDeadline.began(exchange.request())
                    .ifPresent(deadline -> exchange.addEndHandler(unused -> deadline.ended()));
            exchange.next();
        });
    }

    void routes(@Observes Router router) {
        tellDeadline(router);
        // The events of a run are where its runner reports to.
        router.routeWithRegex("/api/runs/[^/]+/(?:events|log)").order(FIRST).handler(exchange -> {
            if (forwarder.isStandby()) {
                handOnKnown(exchange.request());
            } else {
                exchange.next();
            }
        });
    }

    private void handOnKnown(HttpServerRequest request) {
        // What follows the head is for the leader.
        request.pause();
        var authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        var address = addresses.of(request);
        vertx.executeBlocking(() -> access.refusal(authorization, address), false)
                .onSuccess(refusal -> {
                    if (refusal.isEmpty()) {
                        forwarder.forward(request);
                    } else {
                        answer(request, refusal.getAsInt());
                    }
                })
                .onFailure(_ -> answer(request, HttpURLConnection.HTTP_UNAVAILABLE));
    }

    private static void answer(HttpServerRequest request, int status) {
        var response = request.response().setStatusCode(status);
        if (status == HttpURLConnection.HTTP_UNAUTHORIZED) {
            response.putHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        } else {
            response.putHeader(HttpHeaders.RETRY_AFTER, "1");
        }
        response.end();
    }

    /** What only the leader can take, where this is not it. */
    private boolean handedOn(HttpServerRequest request) {
        if (forwarder.isStandby()) {
            forwarder.forward(request);
            return true;
        }
        return false;
    }

    void start(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER + 200) StartupEvent event) {
        // Nobody is told of a port that has no URL: then it is not opened either.
        if (config.runs().callbackUrl().isPresent()) {
            runners.open(config.runs().host(), config.runs().port(), this::handedOn);
        }
        if (election.isEmpty()) {
            reconcilers.fill();
            reconcilers.begin();
            return;
        }
        // Opened again by the leader, and only when a Tailnet wants it.
        forwarder.open(config.webhooks().host(), config.webhooks().port());
        // The process serves the API and its own health meanwhile.
        Thread.ofPlatform().name("cache-filler").daemon().start(this::takePart);
    }

    /** Who could not lead does not ask to. */
    private void takePart() {
        try {
            reconcilers.fill();
            election.orElseThrow().start(this);
        } catch (RuntimeException e) {
            if (!ending) {
                LOG.error("the caches could not be filled; the process ends", e);
                halt();
            }
        }
    }

    @Override
    public void won() {
        try {
            forwarder.close();
            reconcilers.begin();
        } catch (RuntimeException e) {
            if (!ending) {
                LOG.error(
                        "this replica is the leader but could not start; the process ends so that another replica can lead",
                        e);
                halt();
            }
        }
    }

    @Override
    public void lost() {
        LOG.error("this replica has lost the Lease; the process ends at once and starts again as a standby");
        halt();
    }

    /** Not {@code exit}, whose hooks wait for work that must not be finished any more. */
    private static void halt() {
        Runtime.getRuntime().halt(1);
    }

    void stop(@Observes ShutdownEvent event) {
        ending = true;
        reconcilers.stop();
        election.ifPresent(LeaderElection::close);
        forwarder.close();
    }
}
