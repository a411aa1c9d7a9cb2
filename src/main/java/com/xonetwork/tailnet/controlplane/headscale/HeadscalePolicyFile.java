package com.xonetwork.tailnet.controlplane.headscale;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.PolicyDocument;
import com.xonetwork.tailnet.controlplane.PolicyFile;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition;
import com.xonetwork.tailnet.controlplane.headscale.HeadscaleMessages.MessageJson;
import com.xonetwork.tailnet.controlplane.headscale.HeadscaleMessages.PolicyJson;
import com.xonetwork.tailnet.controlplane.http.Answer;
import com.xonetwork.tailnet.controlplane.http.HttpCall;
import com.xonetwork.tailnet.controlplane.http.PolicyBodyCheck;
import com.xonetwork.tailnet.controlplane.http.RequestPath;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The policy of a Headscale. It has no ETags: ours is the text's digest, and publishing reads, compares and writes. In
 * the moment between somebody else's write is lost, which is why {@code POLICY_ATOMIC_WRITE} is not declared.
 */
final class HeadscalePolicyFile implements PolicyFile {

    /** More would not be read. */
    private static final int MOST_FINDINGS = 50;

    private final HeadscaleSession session;
    private final boolean canValidate;
    private final PolicyBodyCheck policyText = new PolicyBodyCheck();

    /** @param canValidate whether the server has {@link Capability#POLICY_VALIDATE} */
    HeadscalePolicyFile(HeadscaleSession session, boolean canValidate) {
        this.session = session;
        this.canValidate = canValidate;
    }

    /** Empty when none was ever written, and when an empty one was: both allow everything, and there is nothing to keep. */
    @Override
    public Optional<PolicyDocument> read() {
        try {
            var answer =
                    session.send(HttpCall.of(HeadscaleOperations.GET_POLICY, RequestPath.of("api", "v1", "policy")));
            var text = session.read(answer, PolicyJson.class).policy();
            if (text == null) {
                throw answer.unusable("it holds no policy");
            }
            return text.isBlank() ? Optional.empty() : Optional.of(document(text));
        } catch (ControlPlaneException.NotFound e) {
            return Optional.empty();
        }
    }

    @Override
    public List<String> validate(String hujson) {
        if (!canValidate) {
            throw new ControlPlaneException.NotSupported(Capability.POLICY_VALIDATE);
        }
        return check(hujson);
    }

    private List<String> check(String hujson) {
        var answer = session.send(
                HttpCall.of(HeadscaleOperations.CHECK_POLICY, RequestPath.of("api", "v1", "policy", "check"))
                        .accepting(400),
                new PolicyJson(hujson));
        return answer.status() == 400 ? refusal(answer) : List.of();
    }

    private List<String> refusal(Answer answer) {
        var message = session.read(answer, MessageJson.class).message();
        if (message == null || message.isBlank()) {
            return List.of("the policy is refused");
        }
        // "test(s) failed:" and then a line for each.
        return message.lines()
                .map(session::tidy)
                .filter(line -> !line.isEmpty())
                .limit(MOST_FINDINGS)
                .toList();
    }

    /**
     * Where the server can check a policy, it does so first. Its write refuses a bad policy as well, but it replaces the policy in
     * memory before all of its own checks are done.
     */
    @Override
    public PolicyDocument publish(String hujson, PolicyPrecondition precondition) {
        policyText.requireContent(hujson);
        requireInForce(precondition);
        if (canValidate) {
            var findings = check(hujson);
            if (!findings.isEmpty()) {
                throw new ControlPlaneException.Rejected(
                        400,
                        HeadscaleOperations.CHECK_POLICY.name() + ": "
                                + String.join("; ", findings).replace(":;", ":"));
            }
        }
        var answer = session.send(
                HttpCall.of(HeadscaleOperations.SET_POLICY, RequestPath.of("api", "v1", "policy")),
                new PolicyJson(hujson));
        var stored = session.read(answer, PolicyJson.class).policy();
        if (stored == null || stored.isBlank()) {
            throw answer.unusable("it does not show the policy that was stored");
        }
        return document(stored);
    }

    private void requireInForce(PolicyPrecondition precondition) {
        var inForce = read();
        boolean holds = switch (precondition) {
            case PolicyPrecondition.NeverSet never -> inForce.isEmpty();
            case PolicyPrecondition.Matches matches ->
                inForce.map(PolicyDocument::etag).filter(matches.etag()::equals).isPresent();
        };
        if (!holds) {
            throw new ControlPlaneException.Conflict(
                    0,
                    HeadscaleOperations.SET_POLICY.name()
                            + ": the policy in force is not the expected one, somebody else wrote it in between");
        }
    }

    private static PolicyDocument document(String text) {
        return new PolicyDocument(text, DigestUtils.sha256Hex(text));
    }
}
