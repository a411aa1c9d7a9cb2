package com.xonetwork.tailnet.controlplane.tailscale;

import com.xonetwork.tailnet.controlplane.AuditLog;
import com.xonetwork.tailnet.controlplane.http.HttpCall;
import java.time.Instant;
import java.util.Optional;

/** The configuration audit log of the Tailscale API v2. */
final class TailscaleAuditLog implements AuditLog {

    private final TailscaleSession session;
    private final TailnetPath tailnet;

    TailscaleAuditLog(TailscaleSession session, TailnetPath tailnet) {
        this.session = session;
        this.tailnet = tailnet;
    }

    @Override
    public Optional<String> lastEditor(String deviceId, Instant since, Instant until) {
        var answer = session.send(HttpCall.of(
                TailscaleOperations.LIST_AUDIT_LOGS,
                tailnet.of("logging", "configuration")
                        .query("start", since.toString())
                        .query("end", until.toString())
                        .query("target", deviceId)));
        return AuditLogReader.lastEditor(session.read(answer, TailscaleMessages.AuditLogsJson.class), deviceId);
    }
}
