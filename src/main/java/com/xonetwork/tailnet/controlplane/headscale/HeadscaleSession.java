package com.xonetwork.tailnet.controlplane.headscale;

import com.xonetwork.tailnet.controlplane.ClockSkew;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.Credentials;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.ListIntake;
import com.xonetwork.tailnet.controlplane.http.Answer;
import com.xonetwork.tailnet.controlplane.http.DeviceListReader;
import com.xonetwork.tailnet.controlplane.http.HttpCall;
import com.xonetwork.tailnet.controlplane.http.HttpConnection;
import com.xonetwork.tailnet.controlplane.http.HttpCore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Calls with the API key. */
final class HeadscaleSession {

    private final HttpConnection http;
    private final String apiKey;

    private HeadscaleSession(HttpConnection http, String apiKey) {
        this.http = http;
        this.apiKey = apiKey;
    }

    /** @throws ControlPlaneException.Rejected for credentials that API v1 has no use for */
    static HeadscaleSession open(HttpCore core, ControlPlaneSettings settings) {
        return switch (settings.credentials()) {
            case Credentials.ApiKey key -> new HeadscaleSession(core.open(settings, new HeadscaleErrors()), key.key());
            case Credentials.OAuthClient client -> throw unfit("an OAuth client");
            case Credentials.WorkloadIdentity identity -> throw unfit("a workload identity");
        };
    }

    private static ControlPlaneException unfit(String credentials) {
        return new ControlPlaneException.Rejected(0, "Headscale's API v1 takes an API key, not " + credentials);
    }

    Answer send(HttpCall call) {
        return http.send(call.withBearer(apiKey));
    }

    Answer send(HttpCall call, Object body) {
        return send(call.withBody("application/json", http.wire().write(body)));
    }

    /** A device list, read while it arrives. @param member of the answer's object that holds it */
    <J> List<Device> devices(
            HttpCall call, String member, Class<J> type, Function<J, Optional<Device>> mapping, ListIntake intake) {
        var reader = new DeviceListReader<>(http.wire(), member, type, mapping, intake);
        send(call.readBy(reader));
        return reader.devices();
    }

    <T> T read(Answer answer, Class<T> type) {
        return http.wire().read(answer, type);
    }

    Optional<ClockSkew> clockSkew() {
        return http.clockSkew();
    }

    /** What the service's clock shows, as far as is known. */
    Instant there(Instant here) {
        return http.clockSkew().map(skew -> skew.there(here)).orElse(here);
    }

    String tidy(String text) {
        return http.tidy(text);
    }

    void close() {
        http.close();
    }

    @Override
    public String toString() {
        return http.toString();
    }
}
