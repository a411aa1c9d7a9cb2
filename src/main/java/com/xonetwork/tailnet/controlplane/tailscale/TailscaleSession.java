package com.xonetwork.tailnet.controlplane.tailscale;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.http.Answer;
import com.xonetwork.tailnet.controlplane.http.HttpCall;
import com.xonetwork.tailnet.controlplane.http.HttpConnection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Calls with credentials. */
final class TailscaleSession {

    private final HttpConnection http;
    private final BearerTokens tokens;

    TailscaleSession(HttpConnection http, BearerTokens tokens) {
        this.http = http;
        this.tokens = tokens;
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

    <T> boolean readEach(Answer answer, String member, Class<T> type, Consumer<@Nullable T> each) {
        return http.wire().readEach(answer, member, type, each);
    }

    <T> T read(Answer answer, Class<T> type) {
        return http.wire().read(answer, type);
    }

    HttpCall withJson(HttpCall call, Object body) {
        return call.withBody("application/json", http.wire().write(body));
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
