package com.xonetwork.tailnet.controlplane.tailscale;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.DeviceRoutes;
import com.xonetwork.tailnet.controlplane.Devices;
import com.xonetwork.tailnet.controlplane.ListIntake;
import com.xonetwork.tailnet.controlplane.http.Answer;
import com.xonetwork.tailnet.controlplane.http.HttpCall;
import com.xonetwork.tailnet.controlplane.http.Operation;
import com.xonetwork.tailnet.controlplane.http.RequestPath;
import java.util.List;
import java.util.Set;

/** Devices of the Tailscale API v2. */
final class TailscaleDevices implements Devices {

    private final TailscaleSession session;
    private final TailnetPath tailnet;
    private final DeviceReader reader;
    private final Set<Capability> found;

    /** @param found what the service can do with devices, and more */
    TailscaleDevices(TailscaleSession session, TailnetPath tailnet, DeviceReader reader, Set<Capability> found) {
        this.session = session;
        this.tailnet = tailnet;
        this.reader = reader;
        this.found = Set.copyOf(found);
    }

    /**
     * In one call, with {@code fields=all}. The API knows {@code default} and {@code all} only; routes come with all alone,
     * and the document's list of the default fields lacks {@code tags} and {@code isEphemeral} as well, which older
     * documentation has in it. A device whose tags are merely not shown would look untagged, and its tags be set again: so
     * all fields are asked for, always. A service that does not know the parameter ignores it.
     */
    @Override
    public List<Device> list(ListIntake intake) {
        return session.devices(
                HttpCall.of(
                        TailscaleOperations.LIST_DEVICES, tailnet.of("devices").query("fields", "all")),
                "devices",
                TailscaleMessages.DeviceJson.class,
                reader::read,
                intake);
    }

    @Override
    public void setTags(String deviceId, Set<String> tags) {
        var sorted = tags.stream().sorted().toList();
        write(TailscaleOperations.SET_TAGS, deviceId, "tags", new TailscaleMessages.TagsJson(sorted));
    }

    @Override
    public void setName(String deviceId, String name) {
        if (name.isBlank()) {
            // The service would take it as "name it after its host name again".
            throw new ControlPlaneException.Rejected(0, "a device's name must not be blank");
        }
        write(TailscaleOperations.SET_NAME, deviceId, "name", new TailscaleMessages.NameJson(name));
    }

    /** Where devices need no approval, all of them are authorized: {@code true} is then done without a call. */
    @Override
    public void setAuthorized(String deviceId, boolean authorized) {
        if (!found.contains(Capability.DEVICE_APPROVAL)) {
            if (!authorized) {
                throw new ControlPlaneException.NotSupported(Capability.DEVICE_APPROVAL);
            }
            return;
        }
        write(
                TailscaleOperations.SET_AUTHORIZED,
                deviceId,
                "authorized",
                new TailscaleMessages.AuthorizedJson(authorized));
    }

    @Override
    public void setKeyExpiryDisabled(String deviceId, boolean disabled) {
        (disabled ? Capability.KEY_EXPIRY_DISABLE : Capability.KEY_EXPIRY_ENABLE).requireIn(found);
        write(TailscaleOperations.SET_KEY, deviceId, "key", new TailscaleMessages.KeyExpiryJson(disabled));
    }

    @Override
    public DeviceRoutes setEnabledRoutes(String deviceId, Set<String> routes) {
        var sorted = routes.stream().sorted().toList();
        var answer = write(
                TailscaleOperations.SET_ROUTES, deviceId, "routes", new TailscaleMessages.EnabledRoutesJson(sorted));
        var json = session.read(answer, TailscaleMessages.RoutesJson.class);
        return new DeviceRoutes(
                DeviceReader.sorted(json.advertisedRoutes()), DeviceReader.sorted(json.enabledRoutes()));
    }

    /** A device that is shared in from another tailnet ends in {@link ControlPlaneException.NotFound}: it is not ours. */
    @Override
    public void delete(String deviceId) {
        try {
            session.send(
                    HttpCall.of(TailscaleOperations.DELETE_DEVICE, RequestPath.of("api", "v2", "device", deviceId)));
        } catch (ControlPlaneException.NotFound e) {
            if (e.status() != 404) {
                throw e;
            }
        }
    }

    private Answer write(Operation operation, String deviceId, String field, Object body) {
        var path = RequestPath.of("api", "v2", "device", deviceId, field);
        return session.send(session.withJson(HttpCall.of(operation, path), body));
    }
}
