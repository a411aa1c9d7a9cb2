package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.simulator.PolicyStore.Complaint;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The operations on the policy file. */
final class PolicyEndpoints {

    private static final String TS_DEFAULT = "ts-default";

    private final Profile profile;
    private final PolicyStore policy;

    PolicyEndpoints(Profile profile, PolicyStore policy) {
        this.profile = profile;
        this.policy = policy;
    }

    Answer get(Call call) {
        return call.query("details").equals("true") ? details() : stored(call);
    }

    private Answer details() {
        var current = policy.current();
        var body = Json.object()
                .put("acl", Base64.getEncoder().encodeToString(current.text().getBytes(StandardCharsets.UTF_8)));
        var warnings = body.putArray("warnings");
        policy.warning(current.json()).ifPresent(warning -> warning.details().forEach(warnings::add));
        body.putNull("errors");
        return Answer.json(body).withHeader("ETag", current.etag());
    }

    /** Refuses as a whole or replaces as a whole. An empty body brings the default policy back. */
    Answer set(Call call) {
        checkPrecondition(call.header("If-Match"));
        var text = new String(call.body(), StandardCharsets.UTF_8);
        if (text.isBlank()) {
            policy.reset();
            return stored(call);
        }
        var rejection = policy.rejection(HuJson.parse(text), profile);
        if (rejection.isPresent()) {
            return Answer.json(400, complaint(rejection.get(), "errors"));
        }
        policy.set(profile == Profile.SAAS ? HuJson.stored(text) : text);
        return stored(call);
    }

    private void checkPrecondition(String ifMatch) {
        var current = policy.current();
        // Clients send the word with and without quotes; the service takes both.
        var holds = ifMatch.isEmpty()
                || (ifMatch.replace("\"", "").equals(TS_DEFAULT) && current.isDefault())
                || ifMatch.equals(current.etag());
        if (!holds) {
            throw new ApiError(412, "precondition failed, invalid old hash");
        }
    }

    /** Answers 200 to whatever it can read: the verdict is in the body. */
    Answer validate(Call call) {
        var text = new String(call.body(), StandardCharsets.UTF_8);
        if (call.header("Content-Type").startsWith(Answer.JSON)
                && text.stripLeading().startsWith("/")) {
            throw ApiError.badRequest("invalid character '/' looking for beginning of value");
        }
        var parsed = HuJson.parse(text);
        // An array holds tests to run against the policy in force; only hooks can make these fail.
        var candidate = parsed.isArray() ? policy.json() : parsed;
        return policy.rejection(candidate, profile)
                .map(complaint -> complaint(complaint, "errors"))
                .or(() -> policy.warning(candidate).map(complaint -> complaint(complaint, "warnings")))
                .map(Answer::json)
                .orElseGet(() -> Answer.json(Json.object()));
    }

    /** Looks at the policy that is sent, not at the one in force. */
    Answer preview(Call call) {
        var type = call.query("type");
        var previewFor = call.query("previewFor");
        if (previewFor.isEmpty()) {
            throw ApiError.badRequest("previewFor must be given");
        }
        var preview = new PolicyPreview(new String(call.body(), StandardCharsets.UTF_8));
        var body = switch (type) {
            case "user" -> preview.forUser(previewFor);
            case "ipport" -> preview.forAddress(previewFor);
            default -> throw ApiError.badRequest("type must be user or ipport");
        };
        return Answer.json(body.put("type", type).put("previewFor", previewFor));
    }

    private static ObjectNode complaint(Complaint complaint, String kind) {
        var body = Json.object().put("message", complaint.message());
        if (!complaint.details().isEmpty()) {
            var data = body.putArray("data").addObject().put("user", complaint.user());
            complaint.details().forEach(data.putArray(kind)::add);
        }
        return body;
    }

    private Answer stored(Call call) {
        var current = policy.current();
        var answer = call.header("Accept").contains(Answer.JSON)
                ? Answer.json(current.json())
                : Answer.text(200, Answer.HUJSON, current.text());
        return answer.withHeader("ETag", current.etag());
    }
}
