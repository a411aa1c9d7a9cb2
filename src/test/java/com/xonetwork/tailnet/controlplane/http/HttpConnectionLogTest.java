package com.xonetwork.tailnet.controlplane.http;

import static com.xonetwork.tailnet.controlplane.http.TestConnection.CREATE;
import static com.xonetwork.tailnet.controlplane.http.TestConnection.READ;
import static com.xonetwork.tailnet.controlplane.http.TestConnection.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.StubServer;
import com.xonetwork.tailnet.controlplane.StubServer.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What support needs to find an exchange is in the log, and only there. */
class HttpConnectionLogTest {

    private static final String REQUEST_ID = "x-tailscale-request-id";

    @RegisterExtension
    final StubServer stub = new StubServer();

    private final TestConnection test = new TestConnection();
    private final Logger logger = Logger.getLogger(HttpConnection.class.getName());
    private final List<String> debug = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord logged) {
            var line = logged instanceof org.jboss.logmanager.ExtLogRecord extended
                    ? extended.getFormattedMessage()
                    : logged.getMessage();
            (logged.getLevel().intValue() >= Level.WARNING.intValue() ? warnings : debug).add(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        logger.setLevel(Level.FINE);
        logger.addHandler(handler);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(handler);
        logger.setLevel(null);
    }

    private ControlPlaneException fail(HttpCall call) {
        try (var connection = test.open(stub)) {
            return catchThrowableOfType(ControlPlaneException.class, () -> connection.send(call));
        }
    }

    @Test
    void everyExchangeIsADebugLineWithItsRequestId() {
        stub.answers(
                Reply.of(502, "").with(REQUEST_ID, "REQ-1"), Reply.json("{}").with(REQUEST_ID, "REQ-2"));
        try (var connection = test.open(stub)) {
            connection.send(call(READ));
        }
        assertThat(debug).hasSize(2);
        assertThat(debug.get(0)).contains("readThing: status 502 in ", "attempt 1, request REQ-1");
        assertThat(debug.get(1)).contains("readThing: status 200 in ", "attempt 2, request REQ-2");
        assertThat(warnings).as("in the end it worked").isEmpty();
    }

    @Test
    void aFailureIsOneWarningThatNamesExchangeAndScope() {
        stub.answers(Reply.json(403, "{\"message\":\"calling actor\"}").with(REQUEST_ID, "REQ-3"));

        var problem = fail(call(CREATE));

        assertThat(warnings)
                .containsExactly(
                        "createThing: calling actor (HTTP 403), scope needed: things, control plane 127.0.0.1, request REQ-3");
        assertThat(problem).hasMessage("createThing: calling actor (HTTP 403)");
        assertThat(problem.requestId()).contains("REQ-3");
    }

    @Test
    void anAnswerThatNeverCameHasNoRequestId() {
        stub.answers(Reply.of(200, "").sent(StubServer.Manner.DROP));

        assertThat(fail(call(CREATE)).requestId()).isEmpty();
        assertThat(warnings).hasSize(1).first().asString().endsWith("request -");
    }

    @Test
    void whatCallersCountOnIsNoWarning() {
        for (var reply : List.of(
                Reply.json(404, "{\"message\":\"no manageable device\"}"),
                Reply.json(412, "{\"message\":\"precondition failed\"}"))) {
            stub.answers(reply);
            fail(call(CREATE));
        }
        stub.answers(Reply.json(403, "{\"message\":\"calling actor\"}"));
        fail(call(CREATE).asTentative());

        assertThat(warnings).isEmpty();
        assertThat(debug).hasSize(3);
    }
}
