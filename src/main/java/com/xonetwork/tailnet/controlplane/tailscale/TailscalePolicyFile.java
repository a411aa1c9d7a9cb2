package com.xonetwork.tailnet.controlplane.tailscale;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.PolicyDocument;
import com.xonetwork.tailnet.controlplane.PolicyFile;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition;
import com.xonetwork.tailnet.controlplane.http.Answer;
import com.xonetwork.tailnet.controlplane.http.HttpCall;
import com.xonetwork.tailnet.controlplane.http.PolicyBodyCheck;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/** The policy file of the Tailscale API v2. */
final class TailscalePolicyFile implements PolicyFile {

    private static final String HUJSON = "application/hujson";

    /** Tailscale's name for "the policy that nobody ever wrote", in place of an ETag. */
    private static final String NEVER_WRITTEN = "ts-default";

    private final TailscaleSession session;
    private final TailnetPath tailnet;
    private final boolean canValidate;
    private final PolicyBodyCheck policyText = new PolicyBodyCheck();

    /** @param canValidate whether the service has {@link Capability#POLICY_VALIDATE} */
    TailscalePolicyFile(TailscaleSession session, TailnetPath tailnet, boolean canValidate) {
        this.session = session;
        this.tailnet = tailnet;
        this.canValidate = canValidate;
    }

    /** Never empty: these services show their default policy until somebody writes one. */
    @Override
    public Optional<PolicyDocument> read() {
        return Optional.of(document(session.send(
                HttpCall.of(TailscaleOperations.GET_POLICY, tailnet.of("acl")).withHeader("Accept", HUJSON))));
    }

    @Override
    public List<String> validate(String hujson) {
        if (!canValidate) {
            throw new ControlPlaneException.NotSupported(Capability.POLICY_VALIDATE);
        }
        // A text that does not parse may come back as 400 or as 200: the body has the reason either way.
        var answer = session.send(HttpCall.of(TailscaleOperations.VALIDATE_POLICY, tailnet.of("acl", "validate"))
                .withHeader("Accept", "application/json")
                .withBody(HUJSON, Buffer.buffer(hujson))
                .accepting(400));
        return new ValidationReader(session).findings(answer);
    }

    /**
     * Sends the policy with {@code If-Match}. The service compares and writes in one step; an answer that got lost shows
     * as a {@link ControlPlaneException.Conflict} on the next attempt, and reading the policy again settles it.
     */
    @Override
    public PolicyDocument publish(String hujson, PolicyPrecondition precondition) {
        policyText.requireContent(hujson);
        var etag = switch (precondition) {
            case PolicyPrecondition.Matches matches -> matches.etag();
            case PolicyPrecondition.NeverSet never -> NEVER_WRITTEN;
        };
        // As hujson even if it is plain JSON: sent as application/json, a comment in the first line is an error.
        return document(session.send(HttpCall.of(TailscaleOperations.SET_POLICY, tailnet.of("acl"))
                .withHeader("Accept", HUJSON)
                .withHeader("If-Match", '"' + etag + '"')
                .withBody(HUJSON, Buffer.buffer(hujson))));
    }

    private PolicyDocument document(Answer answer) {
        if (!policyText.isObject(answer.text())) {
            throw answer.unusable("it is not a policy, or only a part of one");
        }
        // Without it nothing could ever be published safely; a proxy that strips it has to be found now.
        var etag = answer.etag().orElseThrow(() -> answer.unusable("it has no ETag"));
        return new PolicyDocument(answer.text(), etag);
    }
}
