package com.xonetwork.tailnet.controlplane.headscale;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.controlplane.CallBudget;
import com.xonetwork.tailnet.controlplane.CallObserver;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.Credentials;
import com.xonetwork.tailnet.controlplane.PolicyFile;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition.NeverSet;
import com.xonetwork.tailnet.controlplane.connector.HttpControlPlaneConnector;
import com.xonetwork.tailnet.controlplane.http.ConnectionRules;
import com.xonetwork.tailnet.testing.SyntaxTable;
import com.xonetwork.tailnet.testing.SyntaxTable.Row;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of tags and destinations against a real Headscale: that it still answers so, and that our checker agrees with it. */
class HeadscaleSyntaxIT {

    @Test
    void theServerSaysWhatTheTableAndOurCheckerSay(@TempDir Path directory) throws Exception {
        var vertx = Vertx.vertx();
        var wrong = new ArrayList<String>();
        try (var server = HeadscaleProcess.start(directory);
                var plane = connect(vertx, server)) {
            plane.detectCapabilities();
            plane.require(PolicyFile.class).publish(SyntaxTable.ownerOfAll(), new NeverSet());
            var device = server.registerNode("one");
            for (var row : SyntaxTable.rows()) {
                var accepted = row.isOfDevice() ? carries(plane, device, row) : isValid(plane, row);
                if (accepted != row.accepted() || accepted != row.acceptedByUs()) {
                    wrong.add(row + ": Headscale " + accepted + ", table " + row.accepted() + ", checker "
                            + row.acceptedByUs());
                }
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
        assertThat(wrong).isEmpty();
    }

    private static ControlPlane connect(Vertx vertx, HeadscaleProcess server) {
        var rules = ConnectionRules.defaults().withPlainHttpHosts(Set.of("127.0.0.1"));
        return new HttpControlPlaneConnector(vertx, rules, Clock.systemUTC(), CallObserver.NONE)
                .connect(new ControlPlaneSettings(
                        ControlPlaneSettings.Api.HEADSCALE_V1,
                        server.url(),
                        "-",
                        new Credentials.ApiKey(server.apiKey()),
                        null,
                        new CallBudget(1000, 1000)));
    }

    private static boolean isValid(ControlPlane plane, Row row) {
        return plane.require(PolicyFile.class).validate(row.policy()).isEmpty();
    }

    private static boolean carries(ControlPlane plane, String device, Row row) {
        try {
            plane.devices().setTags(device, Set.of(row.text()));
            return true;
        } catch (ControlPlaneException.Rejected e) {
            return false;
        }
    }
}
