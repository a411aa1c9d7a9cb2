package com.xonetwork.tailnet.controlplane.tailscale;

import com.xonetwork.tailnet.controlplane.http.Answer;
import com.xonetwork.tailnet.controlplane.tailscale.TailscaleMessages.FindingJson;
import com.xonetwork.tailnet.controlplane.tailscale.TailscaleMessages.ValidationJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a policy check found. The status is 200 whatever it found: nothing (no body, or an empty object), errors, or
 * warnings only. Warnings do not keep a policy from being stored, so they are no findings here.
 */
final class ValidationReader {

    /** More would not be read. */
    private static final int MOST_FINDINGS = 50;

    private final TailscaleSession session;

    ValidationReader(TailscaleSession session) {
        this.session = session;
    }

    /** What is wrong with the policy; empty when the service would store it. */
    List<String> findings(Answer answer) {
        if (answer.status() == 200 && answer.text().isBlank()) {
            return List.of();
        }
        var json = session.read(answer, ValidationJson.class);
        var message = json.message() == null ? "" : json.message();
        List<@Nullable FindingJson> data = json.data() == null ? List.of() : json.data();
        var errors = new ArrayList<String>();
        boolean warnings = false;
        for (var finding : data) {
            if (finding == null) {
                continue;
            }
            warnings |= finding.warnings() != null && !finding.warnings().isEmpty();
            if (finding.errors() != null) {
                var user = finding.user() == null || finding.user().isBlank() ? "" : finding.user() + ": ";
                finding.errors().forEach(error -> errors.add(user + error));
            }
        }
        boolean onlyWarned = answer.status() == 200 && errors.isEmpty() && (warnings || message.startsWith("warning"));
        if (onlyWarned || (answer.status() == 200 && message.isBlank() && errors.isEmpty())) {
            return List.of();
        }
        var findings = new ArrayList<String>();
        findings.add(message.isBlank() ? "the policy is refused" : message);
        findings.addAll(errors);
        return findings.stream().limit(MOST_FINDINGS).map(session::tidy).toList();
    }
}
