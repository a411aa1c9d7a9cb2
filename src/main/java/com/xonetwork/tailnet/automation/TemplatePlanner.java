package com.xonetwork.tailnet.automation;

import static com.xonetwork.tailnet.status.ConditionType.VALID;

import com.xonetwork.tailnet.api.v1alpha1.AutomationSecret;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.Conditions;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import java.util.ArrayList;
import java.util.List;

/** Decides whether runs of a template can start. */
@Pure
final class TemplatePlanner {

    private TemplatePlanner() {}

    /** Facts in the order of conditions. */
    static List<Fact> plan(AutomationTemplate template, RunSource source) {
        var complaints = complaints(template);
        var problem = source.problem();
        Fact valid;
        if (!complaints.isEmpty()) {
            valid = Fact.no(VALID, Reason.INVALID, String.join("; ", complaints));
        } else if (problem != null) {
            valid = Fact.no(VALID, Reason.SOURCE_NOT_FOUND, problem);
        } else {
            valid = Fact.yes(VALID, Reason.VALID, "the parameter schema is valid and the source exists");
        }
        return Conditions.summarize(List.of(valid), "runs of this template can start");
    }

    /** What is wrong with a template, in words for a user. */
    static List<String> complaints(AutomationTemplate template) {
        var spec = template.getSpec();
        var engine = RunEngine.of(spec.engine());
        var complaints = new ArrayList<String>();
        engine.refusal(spec.source()).ifPresent(complaints::add);
        complaints.addAll(Parameters.complaintsOfSchema(spec.parameters(), engine));
        spec.secrets().stream()
                .map(AutomationSecret::variable)
                .flatMap(variable -> engine.refusalOfParameter(variable).stream())
                .forEach(complaints::add);
        return complaints;
    }
}
