package com.xonetwork.tailnet.simulator;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Everything that the API does, behind the checks that are the same for all of it. */
final class Endpoints {

    private final SimulatorOptions options;
    private static final Set<Operation> CHANGES_OF_DEVICES = EnumSet.of(
            Operation.AUTHORIZE_DEVICE,
            Operation.SET_DEVICE_NAME,
            Operation.SET_DEVICE_TAGS,
            Operation.UPDATE_DEVICE_KEY,
            Operation.SET_DEVICE_ROUTES);

    private final Map<Operation, Function<Call, Answer>> handlers = new EnumMap<>(Operation.class);

    Endpoints(SimulatorOptions options, TailnetState state) {
        this.options = options;
        var profile = options.profile();
        var clock = state.clock;
        var tagRules = new TagRules(state.policy);

        handlers.put(Operation.OAUTH_TOKEN, new TokenEndpoint(profile, state.credentials, tagRules)::issue);
        handlers.put(
                Operation.TOKEN_EXCHANGE,
                new TokenExchangeEndpoint(clock, state.keys, state.issuers, state.credentials)::exchange);

        var devices = new DeviceEndpoints(profile, state.devices, new DeviceJson(options.dnsSuffix()), tagRules);
        handlers.put(Operation.LIST_DEVICES, devices::list);
        handlers.put(Operation.GET_DEVICE, devices::get);
        handlers.put(Operation.DELETE_DEVICE, devices::delete);
        handlers.put(Operation.EXPIRE_DEVICE_KEY, devices::expire);
        handlers.put(Operation.AUTHORIZE_DEVICE, devices::authorize);
        handlers.put(Operation.SET_DEVICE_NAME, devices::name);
        handlers.put(Operation.SET_DEVICE_TAGS, devices::tags);
        handlers.put(Operation.UPDATE_DEVICE_KEY, devices::key);
        handlers.put(Operation.SET_DEVICE_IP, devices::ip);
        handlers.put(Operation.LIST_DEVICE_ROUTES, devices::routes);
        handlers.put(Operation.SET_DEVICE_ROUTES, devices::setRoutes);

        var posture = new PostureEndpoints(clock, state.devices, state.posture);
        handlers.put(Operation.GET_POSTURE_ATTRIBUTES, posture::get);
        handlers.put(Operation.SET_POSTURE_ATTRIBUTE, posture::set);
        handlers.put(Operation.DELETE_POSTURE_ATTRIBUTE, posture::delete);
        handlers.put(Operation.UPDATE_POSTURE_ATTRIBUTES, posture::update);

        var trust = new TrustCredentials(clock, options.tailnetId(), state.keys, state.credentials, tagRules);
        var keys = new KeyEndpoints(clock, state.keys, state.credentials, tagRules, trust, state.users);
        handlers.put(Operation.LIST_KEYS, keys::list);
        handlers.put(Operation.CREATE_KEY, keys::create);
        handlers.put(Operation.GET_KEY, keys::get);
        handlers.put(Operation.DELETE_KEY, keys::delete);
        handlers.put(Operation.SET_KEY, keys::set);

        var policy = new PolicyEndpoints(profile, state.policy);
        handlers.put(Operation.GET_POLICY, policy::get);
        handlers.put(Operation.SET_POLICY, policy::set);
        handlers.put(Operation.VALIDATE_POLICY, policy::validate);
        handlers.put(Operation.PREVIEW_POLICY, policy::preview);

        addDns(new DnsEndpoints(state.dns));
        addUsers(new UserEndpoints(state.users, state.devices));
        addWebhooks(new WebhookEndpoints(clock, state.webhooks));

        var settings = new SettingsEndpoints(profile, state.settings);
        handlers.put(Operation.GET_SETTINGS, settings::get);
        handlers.put(Operation.UPDATE_SETTINGS, settings::update);

        addServices(new ServiceEndpoints(state.devices));

        handlers.put(Operation.LIST_AUDIT_LOGS, state.audit::list);
        for (var change : CHANGES_OF_DEVICES) {
            handlers.computeIfPresent(change, (operation, handler) -> call -> {
                var answer = handler.apply(call);
                state.audit.byApi(call.caller(), call.parameter("deviceId"));
                return answer;
            });
        }
    }

    private void addServices(ServiceEndpoints services) {
        handlers.put(Operation.LIST_SERVICES, services::list);
        handlers.put(Operation.GET_SERVICE, services::get);
        handlers.put(Operation.SET_SERVICE, services::set);
        handlers.put(Operation.DELETE_SERVICE, services::delete);
        handlers.put(Operation.LIST_VIP_SERVICES, services::list);
        handlers.put(Operation.GET_VIP_SERVICE, services::get);
        handlers.put(Operation.SET_VIP_SERVICE, services::set);
        handlers.put(Operation.DELETE_VIP_SERVICE, services::delete);
    }

    private void addDns(DnsEndpoints dns) {
        handlers.put(Operation.LIST_NAMESERVERS, dns::nameservers);
        handlers.put(Operation.SET_NAMESERVERS, dns::setNameservers);
        handlers.put(Operation.GET_DNS_PREFERENCES, dns::preferences);
        handlers.put(Operation.SET_DNS_PREFERENCES, dns::setPreferences);
        handlers.put(Operation.LIST_SEARCH_PATHS, dns::searchPaths);
        handlers.put(Operation.SET_SEARCH_PATHS, dns::setSearchPaths);
        handlers.put(Operation.GET_SPLIT_DNS, dns::splitDns);
        handlers.put(Operation.UPDATE_SPLIT_DNS, dns::updateSplitDns);
        handlers.put(Operation.SET_SPLIT_DNS, dns::setSplitDns);
        handlers.put(Operation.GET_DNS_CONFIGURATION, dns::configuration);
        handlers.put(Operation.SET_DNS_CONFIGURATION, dns::setConfiguration);
    }

    private void addUsers(UserEndpoints users) {
        handlers.put(Operation.LIST_USERS, users::list);
        handlers.put(Operation.GET_USER, users::get);
        handlers.put(Operation.UPDATE_USER_ROLE, users::role);
        handlers.put(Operation.APPROVE_USER, users::approve);
        handlers.put(Operation.SUSPEND_USER, users::suspend);
        handlers.put(Operation.RESTORE_USER, users::restore);
        handlers.put(Operation.DELETE_USER, users::delete);
    }

    private void addWebhooks(WebhookEndpoints webhooks) {
        handlers.put(Operation.LIST_WEBHOOKS, webhooks::list);
        handlers.put(Operation.CREATE_WEBHOOK, webhooks::create);
        handlers.put(Operation.GET_WEBHOOK, webhooks::get);
        handlers.put(Operation.UPDATE_WEBHOOK, webhooks::update);
        handlers.put(Operation.DELETE_WEBHOOK, webhooks::delete);
        handlers.put(Operation.TEST_WEBHOOK, webhooks::test);
        handlers.put(Operation.ROTATE_WEBHOOK_SECRET, webhooks::rotate);
    }

    /** Answers one call. A refusal is an {@link ApiError}. */
    Answer answer(Call call) {
        if (!call.operation().isTokenRequest()) {
            checkCaller(call);
            checkTailnet(call);
        }
        var handler = handlers.get(call.operation());
        if (handler == null) {
            throw new IllegalStateException("no handler for " + call.operation());
        }
        return handler.apply(call);
    }

    private static void checkCaller(Call call) {
        var caller = call.caller();
        if (caller.equals(Caller.NOBODY) || caller.equals(Caller.STRANGER)) {
            throw ApiError.tokenInvalid();
        }
        // Every credential may look at its own key.
        var ownKey =
                call.operation() == Operation.GET_KEY && call.parameter("keyId").equals(caller.keyId());
        if (!ownKey && !call.operation().allowedWith(caller.scopes())) {
            throw ApiError.noPermission();
        }
    }

    private void checkTailnet(Call call) {
        var tailnet = call.parameters().getOrDefault("tailnet", "-");
        var known = tailnet.equals("-") || (tailnet.equals(options.tailnetId()) && options.profile() == Profile.SAAS);
        if (!known) {
            throw new ApiError(404, "tailnet \"" + tailnet + "\" not found");
        }
    }
}
