package com.xonetwork.tailnet.simulator;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/** Everything that the API does, behind the checks that are the same for all of it. */
final class Endpoints {

    private final SimulatorOptions options;
    private final Map<Operation, Function<Call, Answer>> handlers = new EnumMap<>(Operation.class);

    Endpoints(
            SimulatorOptions options,
            DeviceStore deviceStore,
            PolicyStore policyStore,
            KeyStore keyStore,
            CredentialTable credentials) {
        this.options = options;
        var profile = options.profile();
        var tagRules = new TagRules(policyStore);

        handlers.put(Operation.OAUTH_TOKEN, new TokenEndpoint(profile, credentials, tagRules)::issue);

        var devices = new DeviceEndpoints(profile, deviceStore, new DeviceJson(options.dnsSuffix()), tagRules);
        handlers.put(Operation.LIST_DEVICES, devices::list);
        handlers.put(Operation.GET_DEVICE, devices::get);
        handlers.put(Operation.DELETE_DEVICE, devices::delete);
        handlers.put(Operation.EXPIRE_DEVICE_KEY, devices::expire);
        handlers.put(Operation.AUTHORIZE_DEVICE, devices::authorize);
        handlers.put(Operation.SET_DEVICE_NAME, devices::name);
        handlers.put(Operation.SET_DEVICE_TAGS, devices::tags);
        handlers.put(Operation.UPDATE_DEVICE_KEY, devices::key);
        handlers.put(Operation.LIST_DEVICE_ROUTES, devices::routes);
        handlers.put(Operation.SET_DEVICE_ROUTES, devices::setRoutes);

        var keys = new KeyEndpoints(options.clock(), keyStore, credentials, tagRules);
        handlers.put(Operation.LIST_KEYS, keys::list);
        handlers.put(Operation.CREATE_KEY, keys::create);
        handlers.put(Operation.GET_KEY, keys::get);
        handlers.put(Operation.DELETE_KEY, keys::delete);

        var policy = new PolicyEndpoints(profile, policyStore);
        handlers.put(Operation.GET_POLICY, policy::get);
        handlers.put(Operation.SET_POLICY, policy::set);
        handlers.put(Operation.VALIDATE_POLICY, policy::validate);

        handlers.put(
                Operation.GET_DNS_PREFERENCES, call -> Answer.json(Json.object().put("magicDNS", true)));
        handlers.put(Operation.LIST_WEBHOOKS, call -> emptyList("webhooks"));
        handlers.put(Operation.LIST_SERVICES, call -> emptyList("vipServices"));
        handlers.put(Operation.LIST_VIP_SERVICES, call -> emptyList("vipServices"));
    }

    private static Answer emptyList(String name) {
        var body = Json.object();
        body.putArray(name);
        return Answer.json(body);
    }

    /** Answers one call. A refusal is an {@link ApiError}. */
    Answer answer(Call call) {
        if (call.operation() != Operation.OAUTH_TOKEN) {
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
