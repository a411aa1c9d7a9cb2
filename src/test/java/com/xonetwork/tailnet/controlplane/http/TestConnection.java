package com.xonetwork.tailnet.controlplane.http;

import com.xonetwork.tailnet.controlplane.CallBudget;
import com.xonetwork.tailnet.controlplane.CallObserver;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.Credentials;
import com.xonetwork.tailnet.controlplane.Settings;
import com.xonetwork.tailnet.controlplane.StubServer;
import java.net.InetAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A connection to a stub under rules that a test can bend. */
final class TestConnection {

    static final Operation READ = Operation.get("readThing", "things:read");
    static final Operation WRITE = Operation.repeatablePost("writeThing", "things");
    static final Operation CREATE = Operation.singlePost("createThing", "things");

    final FakePacer pacer = new FakePacer();
    final List<String> observed = new ArrayList<>();
    final List<Duration> throttled = new ArrayList<>();
    ConnectionRules rules = new ConnectionRules(
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            1_000_000,
            3,
            Duration.ofSeconds(5),
            Set.of("127.0.0.1", "control.test"));
    CallBudget budget = Settings.AMPLE;
    HostResolver resolver = host -> List.of(InetAddress.getByName("127.0.0.1"));
    String caPem;
    Clock clock = Clock.fixed(Instant.parse("2026-11-24T10:00:00Z"), ZoneOffset.UTC);

    HttpConnection open(StubServer stub) {
        return open(stub, stub.url());
    }

    HttpConnection open(StubServer stub, URI url) {
        return core(stub).open(settings(url), new StandardErrors());
    }

    HttpCore core(StubServer stub) {
        var observer = new CallObserver() {
            @Override
            public void called(String operation, int status, Duration took) {
                observed.add(operation + " " + status);
            }

            @Override
            public void throttled(Duration waited) {
                throttled.add(waited);
            }
        };
        return new HttpCore(stub.vertx(), rules, clock, observer, resolver, () -> true, pacer, new Random(1));
    }

    ControlPlaneSettings settings(URI url) {
        return new ControlPlaneSettings(
                ControlPlaneSettings.Api.TAILSCALE_V2,
                url,
                "-",
                new Credentials.ApiKey(Settings.API_KEY),
                caPem,
                budget);
    }

    static HttpCall call(Operation operation) {
        return HttpCall.of(operation, RequestPath.of("thing")).withBearer(Settings.API_KEY);
    }
}
