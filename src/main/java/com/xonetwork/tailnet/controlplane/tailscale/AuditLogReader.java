package com.xonetwork.tailnet.controlplane.tailscale;

import com.xonetwork.tailnet.controlplane.tailscale.TailscaleMessages.ActorJson;
import com.xonetwork.tailnet.controlplane.tailscale.TailscaleMessages.AuditLogJson;
import com.xonetwork.tailnet.controlplane.tailscale.TailscaleMessages.AuditLogsJson;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the configuration audit log: entries in the order of time, failed changes among them. */
final class AuditLogReader {

    private AuditLogReader() {}

    /** Who made the last change to the device that succeeded. */
    static Optional<String> lastEditor(AuditLogsJson json, String deviceId) {
        return Objects.requireNonNullElse(json.logs(), List.<AuditLogJson>of()).stream()
                .flatMap(entry -> Stream.ofNullable((AuditLogJson) entry))
                .filter(entry -> entry.error() == null || entry.error().isEmpty())
                .filter(entry ->
                        entry.target() != null && deviceId.equals(entry.target().id()))
                .reduce((earlier, later) -> later)
                .flatMap(AuditLogReader::editor);
    }

    private static Optional<String> editor(AuditLogJson entry) {
        return Optional.ofNullable(entry.actor())
                .flatMap(AuditLogReader::name)
                .map(name -> entry.origin() == null ? name : name + " through " + entry.origin());
    }

    private static Optional<String> name(ActorJson actor) {
        return Stream.of(
                        Optional.ofNullable(actor.loginName()),
                        Optional.ofNullable(actor.displayName()),
                        Optional.ofNullable(actor.id()))
                .flatMap(Optional::stream)
                .filter(name -> !name.isBlank())
                .findFirst()
                .map(name -> actor.type() == null ? name : name + " (" + actor.type() + ")");
    }
}
