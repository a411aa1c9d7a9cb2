package com.xonetwork.tailnet.controlplane.tailscale;

import com.xonetwork.tailnet.controlplane.ClockSkew;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.ListIntake;
import com.xonetwork.tailnet.controlplane.http.Answer;
import com.xonetwork.tailnet.controlplane.http.DeviceListReader;
import com.xonetwork.tailnet.controlplane.http.HttpCall;
import com.xonetwork.tailnet.controlplane.http.HttpConnection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Calls with credentials. */
final class TailscaleSession {

    private final HttpConnection http;
    private final BearerTokens tokens;

    TailscaleSession(HttpConnection http, BearerTokens tokens) {
        this.http = http;
        this.tokens = tokens;
    }

    /**
     * Makes sure that there is a token.
     *
     * @throws ControlPlaneException when none can be had: what the token endpoint says
     */
    void authenticate() {
        tokens.current();
    }

    /**
     * Sends the call. A token that is refused although it should still be good (revoked, or the service restarted) is
     * replaced once; that holds for every operation, because a 401 comes before anything is done.
     */
    Answer send(HttpCall call) {
        var token = tokens.current();
        try {
            return http.send(call.withBearer(token));
        } catch (ControlPlaneException.Unauthorized e) {
            if (!tokens.refused(token)) {
                throw e;
            }
            return http.send(call.withBearer(tokens.current()));
        }
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

    HttpCall withJson(HttpCall call, Object body) {
        return call.withBody("application/json", http.wire().write(body));
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
