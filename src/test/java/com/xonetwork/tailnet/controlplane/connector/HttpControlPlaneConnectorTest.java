package com.xonetwork.tailnet.controlplane.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.controlplane.CallBudget;
import com.xonetwork.tailnet.controlplane.CallObserver;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.Settings;
import com.xonetwork.tailnet.controlplane.StubServer;
import com.xonetwork.tailnet.controlplane.StubServer.Reply;
import com.xonetwork.tailnet.controlplane.headscale.HeadscaleAdapter;
import com.xonetwork.tailnet.controlplane.http.ConnectionRules;
import com.xonetwork.tailnet.controlplane.tailscale.TailscaleAdapter;
import java.net.URI;
import java.time.Clock;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HttpControlPlaneConnectorTest {

    @RegisterExtension
    final StubServer stub = new StubServer();

    private HttpControlPlaneConnector connector;

    @BeforeEach
    void make() {
        connector = new HttpControlPlaneConnector(
                stub.vertx(),
                ConnectionRules.defaults().withPlainHttpHosts(Set.of("127.0.0.1")),
                Clock.systemUTC(),
                CallObserver.NONE);
    }

    @Test
    void apiDecidesTheAdapterAndConnectingMakesNoCall() {
        try (var tailscale = connector.connect(Settings.tailscale(stub.url()));
                var headscale = connector.connect(Settings.headscale(stub.url()))) {
            assertThat(tailscale).isInstanceOf(TailscaleAdapter.class);
            assertThat(headscale).isInstanceOf(HeadscaleAdapter.class);
            assertThat(tailscale + " " + headscale).doesNotContain(Settings.API_KEY);
        }
        assertThat(stub.received()).isEmpty();
    }

    @Test
    void forbiddenUrlAndBadCaAreRefusedAtOnce() {
        assertThatThrownBy(() -> connector.connect(Settings.tailscale(URI.create("http://api.tailscale.com"))))
                .isInstanceOf(ControlPlaneException.Rejected.class);
        var good = Settings.tailscale(stub.url());
        var badCa = new ControlPlaneSettings(
                good.api(), good.url(), good.tailnet(), good.credentials(), "no pem", good.budget());
        assertThatThrownBy(() -> connector.connect(badCa)).isInstanceOf(ControlPlaneException.Rejected.class);
    }

    @Test
    void connectionsOfTheSameCredentialShareItsBudget() {
        stub.answers(Reply.json("{\"devices\":[]}"));
        var settings = Settings.tailscale(stub.url());
        var tight = new ControlPlaneSettings(
                settings.api(),
                settings.url(),
                settings.tailnet(),
                settings.credentials(),
                null,
                new CallBudget(0.01, 2));
        try (var one = connector.connect(tight);
                var two = connector.connect(tight)) {
            one.devices().list();
            two.devices().list();
            assertThatThrownBy(() -> one.devices().list()).isInstanceOf(ControlPlaneException.RateLimited.class);
            assertThatThrownBy(() -> two.devices().list()).isInstanceOf(ControlPlaneException.RateLimited.class);
        }
        assertThat(stub.received()).hasSize(2);
    }

    @Test
    void closingTwiceIsHarmless() {
        var plane = connector.connect(Settings.tailscale(stub.url()));
        plane.close();
        plane.close();
        assertThatThrownBy(() -> plane.devices().list()).isInstanceOf(ControlPlaneException.Unavailable.class);
    }
}
