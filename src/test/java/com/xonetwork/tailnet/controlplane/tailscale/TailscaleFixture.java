package com.xonetwork.tailnet.controlplane.tailscale;

import com.xonetwork.tailnet.controlplane.CallObserver;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.Settings;
import com.xonetwork.tailnet.controlplane.StubServer;
import com.xonetwork.tailnet.controlplane.StubServer.Reply;
import com.xonetwork.tailnet.controlplane.http.ConnectionRules;
import com.xonetwork.tailnet.controlplane.http.HttpCore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;

/** Adapters on a stub, under a clock that stands. */
final class TailscaleFixture {

    /** A clock to be moved by hand. */
    static final class TestClock extends Clock {
        private volatile Instant now = Instant.parse("2026-11-24T10:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private TailscaleFixture() {}

    static TailscaleAdapter connect(StubServer stub, ControlPlaneSettings settings, Clock clock) {
        var rules = ConnectionRules.defaults().withPlainHttpHosts(Set.of("127.0.0.1"));
        return new TailscaleAdapter(new HttpCore(stub.vertx(), rules, clock, CallObserver.NONE), settings, clock);
    }

    static TailscaleAdapter withApiKey(StubServer stub) {
        return connect(stub, Settings.tailscale(stub.url()), new TestClock());
    }

    /** As Tailscale itself: everything is there, some of it without the scope for it. */
    static void detectTailscale(StubServer stub, TailscaleAdapter plane) {
        stub.behaves(request -> switch (request.path()) {
            case "/api/v2/tailnet/-/webhooks" -> Reply.json(403, "{\"message\":\"calling actor\"}");
            case "/api/v2/tailnet/-/logging/configuration/stream" ->
                Reply.json(404, "{\"message\":\"not configured\"}");
            default -> Reply.json("{}");
        });
        plane.detectCapabilities();
    }

    /** As Headscale 0.30: the subset of the API, other paths unknown. */
    static void detectHeadscale(StubServer stub, TailscaleAdapter plane) {
        stub.behaves(TailscaleFixture::headscale);
        plane.detectCapabilities();
    }

    static Reply headscale(StubServer.Received request) {
        return switch (request.path()) {
            case "/api/v2/tailnet/-/settings" -> Reply.json("{\"devicesApprovalOn\":false}");
            case "/api/v2/tailnet/-/keys" -> Reply.json("{\"keys\":[]}");
            default -> Reply.of(404, "404 page not found\n");
        };
    }
}
