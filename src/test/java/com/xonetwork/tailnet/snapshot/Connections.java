package com.xonetwork.tailnet.snapshot;

import com.xonetwork.tailnet.controlplane.CallGate;
import com.xonetwork.tailnet.controlplane.CallShares;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneSettings;
import com.xonetwork.tailnet.controlplane.Settings;
import java.net.URI;
import java.time.Clock;

/** Connections without a poller: what is known of a tailnet is what the test says. */
public final class Connections {

    private Connections() {}

    /** As a poller does that is told of other settings. */
    public static Connection connect(
            SnapshotStore store, TailnetKey tailnet, ControlPlaneSettings settings, ControlPlane controlPlane) {
        var connection = new Connection(
                settings, controlPlane, new CallGate(tailnet.namespace(), CallShares.defaults(), Clock.systemUTC()));
        var former = store.view(tailnet).connection();
        if (former != null) {
            former.end();
        }
        store.connected(tailnet, connection, false);
        return connection;
    }

    public static Connection connect(SnapshotStore store, TailnetKey tailnet, ControlPlane controlPlane) {
        return connect(store, tailnet, Settings.tailscale(URI.create("https://example.com")), controlPlane);
    }

    /** As a poller does that has nothing to connect to any more. */
    public static void disconnect(SnapshotStore store, TailnetKey tailnet) {
        var connection = store.view(tailnet).connection();
        if (connection != null) {
            connection.end();
        }
        store.unwatched(tailnet);
    }

    public static void forget(SnapshotStore store, TailnetKey tailnet) {
        store.forget(tailnet);
    }
}
