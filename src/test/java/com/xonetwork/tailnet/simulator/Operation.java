package com.xonetwork.tailnet.simulator;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The operations that are simulated, under the names of the API document ({@code operationId}). Scopes are those that the
 * document asks of a token; where they differ from what the live service was seen to ask, the service wins.
 */
public enum Operation {
    /** Stands in no API document: the name is ours. */
    OAUTH_TOKEN("oauthToken", "POST", "/oauth/token"),
    /** Stands in no API document either. */
    TOKEN_EXCHANGE("oauthTokenExchange", "POST", "/oauth/token-exchange"),

    LIST_DEVICES("listTailnetDevices", "GET", "/tailnet/{tailnet}/devices", "devices:core:read"),
    GET_DEVICE("getDevice", "GET", "/device/{deviceId}", "devices:core:read"),
    DELETE_DEVICE("deleteDevice", "DELETE", "/device/{deviceId}", "devices:core"),
    EXPIRE_DEVICE_KEY("expireDeviceKey", "POST", "/device/{deviceId}/expire", "devices:core"),
    LIST_DEVICE_ROUTES("listDeviceRoutes", "GET", "/device/{deviceId}/routes", "devices:routes:read"),
    SET_DEVICE_ROUTES("setDeviceRoutes", "POST", "/device/{deviceId}/routes", "devices:routes"),
    AUTHORIZE_DEVICE("authorizeDevice", "POST", "/device/{deviceId}/authorized", "devices:core"),
    SET_DEVICE_NAME("setDeviceName", "POST", "/device/{deviceId}/name", "devices:core"),
    SET_DEVICE_TAGS("setDeviceTags", "POST", "/device/{deviceId}/tags", "devices:core"),
    UPDATE_DEVICE_KEY("updateDeviceKey", "POST", "/device/{deviceId}/key", "devices:core"),
    SET_DEVICE_IP("setDeviceIp", "POST", "/device/{deviceId}/ip", "devices:core"),

    GET_POSTURE_ATTRIBUTES(
            "getDevicePostureAttributes", "GET", "/device/{deviceId}/attributes", "devices:posture_attributes:read"),
    SET_POSTURE_ATTRIBUTE(
            "setCustomDevicePostureAttributes",
            "POST",
            "/device/{deviceId}/attributes/{attributeKey}",
            "devices:posture_attributes"),
    DELETE_POSTURE_ATTRIBUTE(
            "deleteCustomDevicePostureAttributes",
            "DELETE",
            "/device/{deviceId}/attributes/{attributeKey}",
            "devices:posture_attributes"),
    UPDATE_POSTURE_ATTRIBUTES(
            "batchUpdateCustomDevicePostureAttributes",
            "PATCH",
            "/tailnet/{tailnet}/device-attributes",
            "devices:posture_attributes"),

    /** Any one of the scopes opens the door; what is behind it is then filtered or refused by the kind of key. */
    LIST_KEYS(
            "listTailnetKeys",
            "GET",
            "/tailnet/{tailnet}/keys",
            Need.ANY,
            "auth_keys:read",
            "oauth_keys:read",
            "federated_keys:read",
            "api_access_tokens:read"),
    CREATE_KEY("createKey", "POST", "/tailnet/{tailnet}/keys", Need.ANY, "auth_keys", "oauth_keys", "federated_keys"),
    GET_KEY(
            "getKey",
            "GET",
            "/tailnet/{tailnet}/keys/{keyId}",
            Need.ANY,
            "auth_keys:read",
            "oauth_keys:read",
            "federated_keys:read",
            "api_access_tokens:read"),
    DELETE_KEY(
            "deleteKey",
            "DELETE",
            "/tailnet/{tailnet}/keys/{keyId}",
            Need.ANY,
            "auth_keys",
            "oauth_keys",
            "federated_keys",
            "api_access_tokens"),
    SET_KEY("setKey", "PUT", "/tailnet/{tailnet}/keys/{keyId}", Need.ANY, "oauth_keys", "federated_keys"),

    GET_POLICY("getPolicyFile", "GET", "/tailnet/{tailnet}/acl", "policy_file:read"),
    /** The two read scopes are in no document; the live service was measured to want them. */
    SET_POLICY(
            "setPolicyFile",
            "POST",
            "/tailnet/{tailnet}/acl",
            "policy_file",
            "devices:core:read",
            "devices:posture_attributes:read"),
    VALIDATE_POLICY("validateAndTestPolicyFile", "POST", "/tailnet/{tailnet}/acl/validate", "policy_file:read"),

    PREVIEW_POLICY("previewRuleMatches", "POST", "/tailnet/{tailnet}/acl/preview", "policy_file:read"),

    LIST_NAMESERVERS("listDnsNameservers", "GET", "/tailnet/{tailnet}/dns/nameservers", "dns:read"),
    SET_NAMESERVERS("setDnsNameservers", "POST", "/tailnet/{tailnet}/dns/nameservers", "dns"),
    GET_DNS_PREFERENCES("getDnsPreferences", "GET", "/tailnet/{tailnet}/dns/preferences", "dns:read"),
    SET_DNS_PREFERENCES("setDnsPreferences", "POST", "/tailnet/{tailnet}/dns/preferences", "dns"),
    LIST_SEARCH_PATHS("listDnsSearchPaths", "GET", "/tailnet/{tailnet}/dns/searchpaths", "dns:read"),
    SET_SEARCH_PATHS("setDnsSearchPaths", "POST", "/tailnet/{tailnet}/dns/searchpaths", "dns"),
    GET_SPLIT_DNS("getSplitDns", "GET", "/tailnet/{tailnet}/dns/split-dns", "dns:read"),
    UPDATE_SPLIT_DNS("updateSplitDns", "PATCH", "/tailnet/{tailnet}/dns/split-dns", "dns"),
    SET_SPLIT_DNS("setSplitDns", "PUT", "/tailnet/{tailnet}/dns/split-dns", "dns"),
    GET_DNS_CONFIGURATION("getDnsConfiguration", "GET", "/tailnet/{tailnet}/dns/configuration", "dns:read"),
    SET_DNS_CONFIGURATION("setDnsConfiguration", "POST", "/tailnet/{tailnet}/dns/configuration", "dns"),

    LIST_USERS("listUsers", "GET", "/tailnet/{tailnet}/users", "users:read"),
    GET_USER("getUser", "GET", "/users/{userId}", "users:read"),
    UPDATE_USER_ROLE("updateUserRole", "POST", "/users/{userId}/role", "users"),
    APPROVE_USER("approveUser", "POST", "/users/{userId}/approve", "users"),
    SUSPEND_USER("suspendUser", "POST", "/users/{userId}/suspend", "users"),
    RESTORE_USER("restoreUser", "POST", "/users/{userId}/restore", "users"),
    DELETE_USER("deleteUser", "POST", "/users/{userId}/delete", "users"),

    /** Any token may ask: what it may not see is left out. */
    GET_SETTINGS("getTailnetSettings", "GET", "/tailnet/{tailnet}/settings"),
    /** Each field asks for a scope of its own. */
    UPDATE_SETTINGS("updateTailnetSettings", "PATCH", "/tailnet/{tailnet}/settings"),

    LIST_WEBHOOKS("listWebhooks", "GET", "/tailnet/{tailnet}/webhooks", "webhooks:read"),
    CREATE_WEBHOOK("createWebhook", "POST", "/tailnet/{tailnet}/webhooks", "webhooks"),
    GET_WEBHOOK("getWebhook", "GET", "/webhooks/{endpointId}", "webhooks:read"),
    UPDATE_WEBHOOK("updateWebhook", "PATCH", "/webhooks/{endpointId}", "webhooks"),
    DELETE_WEBHOOK("deleteWebhook", "DELETE", "/webhooks/{endpointId}", "webhooks"),
    TEST_WEBHOOK("testWebhook", "POST", "/webhooks/{endpointId}/test", "webhooks"),
    ROTATE_WEBHOOK_SECRET("rotateWebhookSecret", "POST", "/webhooks/{endpointId}/rotate", "webhooks"),

    LIST_AUDIT_LOGS(
            "listConfigurationAuditLogs", "GET", "/tailnet/{tailnet}/logging/configuration", "logs:configuration:read"),

    LIST_SERVICES("listServices", "GET", "/tailnet/{tailnet}/services", "services:read"),
    GET_SERVICE("getService", "GET", "/tailnet/{tailnet}/services/{serviceName}", "services:read"),
    SET_SERVICE("updateService", "PUT", "/tailnet/{tailnet}/services/{serviceName}", "services"),
    DELETE_SERVICE("deleteService", "DELETE", "/tailnet/{tailnet}/services/{serviceName}", "services"),
    /** The older paths of the same operations, still those of the official Go client. */
    LIST_VIP_SERVICES("listServices", "GET", "/tailnet/{tailnet}/vip-services", "services:read"),
    GET_VIP_SERVICE("getService", "GET", "/tailnet/{tailnet}/vip-services/{serviceName}", "services:read"),
    SET_VIP_SERVICE("updateService", "PUT", "/tailnet/{tailnet}/vip-services/{serviceName}", "services"),
    DELETE_VIP_SERVICE("deleteService", "DELETE", "/tailnet/{tailnet}/vip-services/{serviceName}", "services");

    private enum Need {
        ANY,
        ALL
    }

    private final String id;
    private final String method;
    private final List<String> segments;
    private final Need need;
    private final List<String> scopes;

    Operation(String id, String method, String path, String... scopes) {
        this(id, method, path, Need.ALL, scopes);
    }

    Operation(String id, String method, String path, Need need, String... scopes) {
        this.id = id;
        this.method = method;
        this.segments = List.of(path.substring(1).split("/"));
        this.need = need;
        this.scopes = List.of(scopes);
    }

    /** The API document's name, as the ledger and the fault switches use it. */
    public String id() {
        return id;
    }

    /** The HTTP method. */
    public String method() {
        return method;
    }

    /** Whether a token with these scopes may call this. */
    public boolean allowedWith(Scopes granted) {
        if (need == Need.ANY) {
            return scopes.stream().anyMatch(granted::cover);
        }
        return scopes.stream().allMatch(granted::cover);
    }

    /** Whether this trades credentials for an access token: no token is needed, and the body is secret. */
    boolean isTokenRequest() {
        return this == OAUTH_TOKEN || this == TOKEN_EXCHANGE;
    }

    /** Whether an operation of this name changes nothing in the tailnet, whatever its method. */
    static boolean changesNothing(String id) {
        return Stream.of(OAUTH_TOKEN, TOKEN_EXCHANGE, VALIDATE_POLICY, PREVIEW_POLICY)
                .anyMatch(operation -> operation.id.equals(id));
    }

    List<String> segments() {
        return segments;
    }

    /** Refuses a name that no operation has: a test that counts or breaks a misspelt operation would prove nothing. */
    static String checked(String id) {
        if (Arrays.stream(values()).noneMatch(operation -> operation.id.equals(id))) {
            throw new IllegalArgumentException("no simulated operation is called '" + id + "'; there are: "
                    + Arrays.stream(values()).map(Operation::id).distinct().collect(Collectors.joining(", ")));
        }
        return id;
    }
}
