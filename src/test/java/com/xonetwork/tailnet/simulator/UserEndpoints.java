package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The operations on users. */
final class UserEndpoints {

    private static final Set<String> ROLES =
            Set.of("owner", "member", "admin", "it-admin", "network-admin", "billing-admin", "auditor");

    private final UserStore users;
    private final DeviceStore devices;

    UserEndpoints(UserStore users, DeviceStore devices) {
        this.users = users;
        this.devices = devices;
    }

    /** Members only, unless another type is asked for. */
    Answer list(Call call) {
        var type = call.query("type").isEmpty() ? "member" : call.query("type");
        var role = call.query("role").isEmpty() ? "all" : call.query("role");
        if (!Set.of("member", "shared", "all").contains(type) || !(role.equals("all") || ROLES.contains(role))) {
            throw ApiError.badRequest("invalid filter");
        }
        var body = Json.object();
        var list = body.putArray("users");
        var all = devices.all();
        users.all().stream()
                .filter(user -> type.equals("all") || user.type().equals(type))
                .filter(user -> role.equals("all") || user.role().equals(role))
                .forEach(user -> list.add(write(user, all)));
        return Answer.json(body);
    }

    Answer get(Call call) {
        return Answer.json(write(found(call), devices.all()));
    }

    /** An OAuth client is no user, and the live service falls over that: 500. */
    Answer role(Call call) {
        var role = call.json().path("role").asText("");
        if (!ROLES.contains(role)) {
            throw ApiError.badRequest("invalid role");
        }
        var user = found(call);
        if (call.caller().tailnetOwned()) {
            throw new ApiError(500, "failed to lookup actor info");
        }
        refuseForSelf(user, "role");
        return changed(user, "userRoleUpdated", before -> before.withRole(role));
    }

    Answer approve(Call call) {
        return changed(
                found(call),
                "userApproved",
                user -> user.status().equals("needs-approval") ? user.withStatus("active") : user);
    }

    Answer suspend(Call call) {
        var user = found(call);
        if (!call.caller().tailnetOwned()) {
            refuseForSelf(user, "status");
        }
        return changed(user, "userSuspended", before -> before.withStatus("suspended"));
    }

    Answer restore(Call call) {
        return changed(
                found(call),
                "userRestored",
                user -> user.status().equals("suspended") ? user.withStatus("active") : user);
    }

    Answer delete(Call call) {
        var user = found(call);
        if (!call.caller().tailnetOwned()) {
            refuseForSelf(user, "user");
        }
        users.remove(user);
        return Answer.empty(200);
    }

    private Answer changed(SimUser user, String event, UnaryOperator<SimUser> change) {
        users.update(user, event, change);
        return Answer.empty(200);
    }

    /** A user's own token is the owner's here. The text is the live one for the role; for the others it is ours. */
    private static void refuseForSelf(SimUser user, String what) {
        if (user.loginName().equals(SimUser.OWNER)) {
            throw ApiError.badRequest("not allowed to change own " + what);
        }
    }

    private SimUser found(Call call) {
        return users.find(call.parameter("userId")).orElseThrow(() -> new ApiError(404, "user not found"));
    }

    private ObjectNode write(SimUser user, List<SimDevice> all) {
        var own = all.stream()
                .filter(device -> device.user().equals(user.loginName()))
                .toList();
        var created = user.created() == null ? Instant.EPOCH : user.created();
        var lastSeen = own.stream()
                .map(SimDevice::lastSeen)
                .filter(seen -> seen != null)
                .max(Instant::compareTo)
                .orElse(created);
        return Json.object()
                .put("id", user.id())
                .put("displayName", user.displayName())
                .put("loginName", user.loginName())
                .put("profilePicUrl", "")
                .put("tailnetId", users.tailnetId())
                .put("created", Json.time(created))
                .put("type", user.type())
                .put("role", user.role())
                .put("status", user.status())
                .put("deviceCount", own.size())
                .put("lastSeen", Json.time(lastSeen))
                .put("currentlyConnected", own.stream().anyMatch(SimDevice::connected));
    }
}
