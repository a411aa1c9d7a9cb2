package com.xonetwork.tailnet.controlplane.connector;

import com.xonetwork.tailnet.controlplane.CallObserver;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneConnector;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.MemoryBudget;
import com.xonetwork.tailnet.controlplane.headscale.HeadscaleAdapter;
import com.xonetwork.tailnet.controlplane.http.ConnectionRules;
import com.xonetwork.tailnet.controlplane.http.HostResolver;
import com.xonetwork.tailnet.controlplane.http.HttpCore;
import com.xonetwork.tailnet.controlplane.tailscale.TailscaleAdapter;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.function.BooleanSupplier;

/**
 * Connects to real control planes over HTTP. One for the whole operator, so that all connections with the same credential
 * share its call budget.
 */
public final class HttpControlPlaneConnector implements ControlPlaneConnector {

    private final HttpCore core;
    private final Clock clock;

    public HttpControlPlaneConnector(Vertx vertx, ConnectionRules rules, Clock clock, CallObserver observer) {
        this(vertx, rules, clock, observer, () -> true);
    }

    /** @param mayWrite asked right before a call that changes something; on no, it is not sent */
    public HttpControlPlaneConnector(
            Vertx vertx, ConnectionRules rules, Clock clock, CallObserver observer, BooleanSupplier mayWrite) {
        this(clock, new HttpCore(vertx, rules, clock, observer, HostResolver.system(), mayWrite));
    }

    /** With a name resolution of one's own. */
    public HttpControlPlaneConnector(
            Vertx vertx, ConnectionRules rules, Clock clock, CallObserver observer, HostResolver resolver) {
        this(clock, new HttpCore(vertx, rules, clock, observer, resolver));
    }

    private HttpControlPlaneConnector(Clock clock, HttpCore core) {
        this.core = core;
        this.clock = clock;
    }

    /** What is left of the call budget of which least is left, 0 to 1; 1 when no control plane was connected to. */
    public double budgetLeft() {
        return core.budgetLeft();
    }

    @Override
    public ControlPlane connect(ControlPlaneSettings settings) {
        return connect(settings, core);
    }

    @Override
    public ControlPlane connect(ControlPlaneSettings settings, String namespace, MemoryBudget memory) {
        return connect(settings, core.of(namespace, memory));
    }

    private ControlPlane connect(ControlPlaneSettings settings, HttpCore core) {
        return switch (settings.api()) {
            case TAILSCALE_V2 -> new TailscaleAdapter(core, settings, clock);
            case HEADSCALE_V1 -> new HeadscaleAdapter(core, settings, clock);
        };
    }
}
