package com.xonetwork.tailnet.controlplane.http;

import com.xonetwork.tailnet.controlplane.CallObserver;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.Credentials;
import com.xonetwork.tailnet.controlplane.MemoryBudget;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Opens {@link HttpConnection}s. One instance for the whole operator: connections that use the same credential at the
 * same host share its call budget, which works only if they come from here.
 */
public final class HttpCore {

    private final Vertx vertx;
    private final ConnectionRules rules;
    private final Clock clock;
    private final CallObserver observer;
    private final Lookups lookups;
    private final String namespace;
    private final BooleanSupplier mayWrite;
    private final Pacer pacer;
    private final RandomGenerator random;
    private final CallBudgets budgets;
    private final MemoryBudget memory;
    private final WireFormat wire;

    /** With the system's name resolution. The clock is for dates in answers. */
    public HttpCore(Vertx vertx, ConnectionRules rules, Clock clock, CallObserver observer) {
        this(vertx, rules, clock, observer, HostResolver.system());
    }

    public HttpCore(Vertx vertx, ConnectionRules rules, Clock clock, CallObserver observer, HostResolver resolver) {
        this(vertx, rules, clock, observer, resolver, () -> true);
    }

    /** @param mayWrite asked right before a call that is no GET; on no, it is not sent */
    public HttpCore(
            Vertx vertx,
            ConnectionRules rules,
            Clock clock,
            CallObserver observer,
            HostResolver resolver,
            BooleanSupplier mayWrite) {
        this(vertx, rules, clock, observer, resolver, mayWrite, Pacer.system(), RandomGenerator.getDefault());
    }

    HttpCore(
            Vertx vertx,
            ConnectionRules rules,
            Clock clock,
            CallObserver observer,
            HostResolver resolver,
            BooleanSupplier mayWrite,
            Pacer pacer,
            RandomGenerator random) {
        this.vertx = vertx;
        this.rules = rules;
        this.clock = clock;
        this.observer = observer;
        this.lookups = new Lookups(resolver);
        this.namespace = "";
        this.mayWrite = mayWrite;
        this.pacer = pacer;
        this.random = random;
        this.budgets = new CallBudgets(pacer);
        this.memory = MemoryBudget.unlimited();
        this.wire = new WireFormat();
    }

    private HttpCore(HttpCore core, String namespace, MemoryBudget memory) {
        this.vertx = core.vertx;
        this.rules = core.rules;
        this.clock = core.clock;
        this.observer = core.observer;
        this.lookups = core.lookups;
        this.namespace = namespace;
        this.mayWrite = core.mayWrite;
        this.pacer = core.pacer;
        this.random = core.random;
        this.budgets = core.budgets;
        this.wire = core.wire;
        this.memory = memory;
    }

    /** The same core, whose connections are one namespace's. @param budget counts what arrives of answers that are taken whole */
    public HttpCore of(String owner, MemoryBudget budget) {
        return new HttpCore(this, owner, budget);
    }

    /**
     * Prepares a connection; sends nothing yet.
     *
     * @param errors what the service's error answers mean
     * @throws ControlPlaneException.Rejected for a URL that the rules forbid or a CA bundle that does not parse
     */
    public HttpConnection open(ControlPlaneSettings settings, ErrorMapping errors) {
        var endpoint = Endpoint.of(settings.url(), rules.plainHttpHosts());
        var trust = settings.caPem() == null ? null : TrustBundle.withSystem(settings.caPem());
        var exchanges = new Exchanges(
                vertx, endpoint, rules, host -> lookups.resolve(namespace, host), () -> memory.open(namespace), trust);
        var lease = budgets.lease(
                endpoint.host() + ':' + endpoint.port() + ' ' + digest(settings.credentials()), settings.budget());
        var reader = new ErrorReader(wire, new Redaction(secrets(settings.credentials())), new RetryAfter(clock));
        return new HttpConnection(new HttpConnection.Parts(
                namespace,
                endpoint.host(),
                exchanges,
                lease,
                rules,
                observer,
                mayWrite,
                pacer,
                random,
                reader,
                errors,
                wire,
                new ServerClock(clock)));
    }

    /** What is left of the call budget of which least is left, 0 to 1. */
    public double budgetLeft() {
        return budgets.left();
    }

    private static List<String> secrets(Credentials credentials) {
        return switch (credentials) {
            case Credentials.OAuthClient client -> List.of(client.clientSecret());
            case Credentials.ApiKey apiKey -> List.of(apiKey.key());
            // Its tokens come and go; what looks like one is masked whatever it is.
            case Credentials.WorkloadIdentity identity -> List.of();
        };
    }

    /** Tells credentials apart in the budget's table without keeping another copy of them there. */
    private static String digest(Credentials credentials) {
        var sha256 = DigestUtils.updateDigest(DigestUtils.getSha256Digest(), credentials.label());
        secrets(credentials).forEach(secret -> DigestUtils.updateDigest(sha256, secret));
        return HexFormat.of().formatHex(sha256.digest());
    }
}
