package com.xonetwork.tailnet.controlplane.headscale;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.DeviceRoutes;
import com.xonetwork.tailnet.controlplane.Devices;
import com.xonetwork.tailnet.controlplane.ListIntake;
import com.xonetwork.tailnet.controlplane.headscale.HeadscaleMessages.NodeJson;
import com.xonetwork.tailnet.controlplane.http.Answer;
import com.xonetwork.tailnet.controlplane.http.HttpCall;
import com.xonetwork.tailnet.controlplane.http.RequestPath;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Nodes of Headscale's API v1, as devices. */
final class HeadscaleDevices implements Devices {

    private final HeadscaleSession session;
    private final Set<Capability> found;
    private final NodeReader reader = new NodeReader();

    /** @param found what the server can do with devices, and more */
    HeadscaleDevices(HeadscaleSession session, Set<Capability> found) {
        this.session = session;
        this.found = Set.copyOf(found);
    }

    @Override
    public List<Device> list(ListIntake intake) {
        return session.devices(
                HttpCall.of(HeadscaleOperations.LIST_NODES, RequestPath.of("api", "v1", "node")),
                "nodes",
                NodeJson.class,
                reader::read,
                intake);
    }

    /** The server takes tags only from the policy's {@code tagOwners}, and never takes the last one off. */
    @Override
    public void setTags(String deviceId, Set<String> tags) {
        var sorted = tags.stream().sorted().toList();
        session.send(
                HttpCall.of(HeadscaleOperations.SET_TAGS, nodePath(deviceId, "tags")),
                new HeadscaleMessages.TagsJson(sorted));
    }

    /** Sent in lower case: the server takes {@code WEB} beside {@code web}, and DNS cannot tell the two apart. */
    @Override
    public void setName(String deviceId, String name) {
        if (name.isBlank() || name.indexOf('/') >= 0) {
            // The name is a part of the path here, and the server does not take an encoded slash in it.
            throw new ControlPlaneException.Rejected(0, "\"" + name + "\" is not a valid name for a device");
        }
        session.send(HttpCall.of(
                HeadscaleOperations.RENAME_NODE,
                RequestPath.of("api", "v1", "node", deviceId, "rename", name.toLowerCase(Locale.ROOT))));
    }

    /** {@code true} is done without a call: a registered node is authorized. */
    @Override
    public void setAuthorized(String deviceId, boolean authorized) {
        if (!authorized) {
            throw new ControlPlaneException.NotSupported(Capability.DEVICE_APPROVAL);
        }
    }

    @Override
    public void setKeyExpiryDisabled(String deviceId, boolean disabled) {
        (disabled ? Capability.KEY_EXPIRY_DISABLE : Capability.KEY_EXPIRY_ENABLE).requireIn(found);
        // Only as a query parameter: in the body it is ignored, and the node would expire now.
        var answer = session.send(HttpCall.of(
                HeadscaleOperations.EXPIRE_NODE, nodePath(deviceId, "expire").query("disableExpiry", "true")));
        if (NodeReader.instant(node(answer).expiry()) != null) {
            throw answer.unusable("the node's key still expires");
        }
    }

    /** One of the two exit routes brings the other along. */
    @Override
    public DeviceRoutes setEnabledRoutes(String deviceId, Set<String> routes) {
        var sorted = routes.stream().sorted().toList();
        return reader.routes(node(session.send(
                HttpCall.of(HeadscaleOperations.SET_APPROVED_ROUTES, nodePath(deviceId, "approve_routes")),
                new HeadscaleMessages.RoutesJson(sorted))));
    }

    @Override
    public void delete(String deviceId) {
        try {
            session.send(HttpCall.of(HeadscaleOperations.DELETE_NODE, RequestPath.of("api", "v1", "node", deviceId)));
        } catch (ControlPlaneException.NotFound e) {
            // gone already
        }
    }

    private NodeJson node(Answer answer) {
        var node = session.read(answer, HeadscaleMessages.OneNodeJson.class).node();
        if (node == null) {
            throw answer.unusable("it holds no node");
        }
        return node;
    }

    private static RequestPath nodePath(String deviceId, String verb) {
        return RequestPath.of("api", "v1", "node", deviceId, verb);
    }
}
