package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** The configuration audit log, as far as changes to devices go. Safe for use by several threads. */
final class AuditLog {

    private final Clock clock;
    private final List<Entry> entries = new ArrayList<>();

    AuditLog(Clock clock) {
        this.clock = clock;
    }

    private record Entry(Instant at, String origin, String actorType, String actor, String deviceId) {}

    synchronized void byApi(Caller caller, String deviceId) {
        entries.add(new Entry(
                clock.instant(),
                "CONFIG_API",
                caller.tailnetOwned() ? "OAUTH_CLIENT" : "USER",
                caller.keyId(),
                deviceId));
    }

    synchronized void byHand(String deviceId) {
        entries.add(new Entry(clock.instant(), "ADMIN_CONSOLE", "USER", "amelie@example.com", deviceId));
    }

    synchronized Answer list(Call call) {
        var start = time(call, "start");
        var end = time(call, "end");
        var body = JsonNodeFactory.instance.objectNode();
        body.put("version", "1.1");
        var logs = body.putArray("logs");
        entries.stream()
                .filter(entry -> !entry.at().isBefore(start) && !entry.at().isAfter(end))
                .filter(entry ->
                        call.query("target").isEmpty() || entry.deviceId().contains(call.query("target")))
                .forEach(entry -> {
                    var log = logs.addObject();
                    log.put("eventTime", entry.at().toString());
                    log.put("type", "CONFIG");
                    log.put("origin", entry.origin());
                    log.put("action", "UPDATE");
                    log.putObject("actor")
                            .put("id", entry.actor())
                            .put("type", entry.actorType())
                            .put("loginName", entry.actor());
                    log.putObject("target").put("id", entry.deviceId()).put("type", "NODE");
                });
        return Answer.json(body);
    }

    /** The text of the refusal is ours: the live one is not known. */
    private static Instant time(Call call, String name) {
        try {
            return Instant.parse(call.query(name));
        } catch (DateTimeParseException e) {
            throw ApiError.badRequest("invalid " + name + " time");
        }
    }
}
