package com.xonetwork.tailnet.controlplane.tailscale;

import static com.xonetwork.tailnet.controlplane.http.Operation.delete;
import static com.xonetwork.tailnet.controlplane.http.Operation.get;
import static com.xonetwork.tailnet.controlplane.http.Operation.repeatablePost;
import static com.xonetwork.tailnet.controlplane.http.Operation.singlePost;

import com.xonetwork.tailnet.controlplane.http.Operation;

/** The operations in use, with their names and OAuth scopes from the API document. */
final class TailscaleOperations {

    /** Outside the document's paths. Two tokens are as good as one. */
    static final Operation TOKEN = repeatablePost("createOAuthToken", null);

    /** Outside the document's paths as well: an identity token of somebody whom the tailnet trusts for an access token. */
    static final Operation EXCHANGE_TOKEN = repeatablePost("exchangeOAuthToken", null);

    static final Operation LIST_DEVICES = get("listTailnetDevices", "devices:core:read");
    static final Operation DELETE_DEVICE = delete("deleteDevice", "devices:core");
    static final Operation SET_AUTHORIZED = repeatablePost("authorizeDevice", "devices:core");
    static final Operation SET_NAME = repeatablePost("setDeviceName", "devices:core");
    static final Operation SET_TAGS = repeatablePost("setDeviceTags", "devices:core");
    static final Operation SET_KEY = repeatablePost("updateDeviceKey", "devices:core");
    static final Operation SET_ROUTES = repeatablePost("setDeviceRoutes", "devices:routes");

    static final Operation LIST_AUDIT_LOGS = get("listConfigurationAuditLogs", "logs:configuration:read");

    static final Operation CREATE_KEY = singlePost("createKey", "auth_keys");
    static final Operation LIST_KEYS = get("listTailnetKeys", "auth_keys:read");
    static final Operation DELETE_KEY = delete("deleteKey", "auth_keys");

    static final Operation GET_POLICY = get("getPolicyFile", "policy_file:read");

    /**
     * The service was seen to ask for the two read scopes besides. Repeatable because it is never sent without If-Match:
     * the second of two finds another policy and is refused.
     */
    static final Operation SET_POLICY =
            repeatablePost("setPolicyFile", "policy_file (with devices:core:read and devices:posture_attributes:read)");

    static final Operation VALIDATE_POLICY = repeatablePost("validateAndTestPolicyFile", "policy_file:read");

    static final Operation GET_SETTINGS = get("getTailnetSettings", "feature_settings:read");
    static final Operation GET_DNS_PREFERENCES = get("getDnsPreferences", "dns:read");
    static final Operation LIST_WEBHOOKS = get("listWebhooks", "webhooks:read");
    static final Operation LIST_SERVICES = get("listServices", "services:read");
    static final Operation GET_LOG_STREAM = get("getLogStreamingConfiguration", "log_streaming:read");

    private TailscaleOperations() {}
}
