package com.xonetwork.tailnet.automation;

import static com.xonetwork.tailnet.status.ConditionType.VALID;

import com.xonetwork.tailnet.api.v1alpha1.AutomationSecret;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides whether runs of a template can start, and which that have ended are removed. */
@Pure
final class TemplatePlanner {

    /** ConfigMaps are read by name, not watched. */
    private static final Duration SOURCE_CHECK = Duration.ofMinutes(1);

    private TemplatePlanner() {}

    static TemplatePlan plan(TemplateInput input) {
        var template = input.template();
        return new TemplatePlan(
                List.of(valid(template, input.source())),
                input.source().digest(),
                template.isMarkedForDeletion()
                        ? RetentionPlanner.Plan.NOTHING
                        : RetentionPlanner.plan(template.getSpec(), input.runs(), input.now()),
                template.getSpec().source().configMap() == null ? Optional.empty() : Optional.of(SOURCE_CHECK));
    }

    private static Fact valid(AutomationTemplate template, RunSource source) {
        var complaints = complaints(template);
        var problem = source.problem();
        if (!complaints.isEmpty()) {
            return Fact.no(VALID, Reason.INVALID, String.join("; ", complaints));
        }
        return problem != null
                ? Fact.no(VALID, Reason.SOURCE_NOT_FOUND, problem)
                : Fact.yes(VALID, Reason.VALID, "the parameter schema is valid and the source exists");
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
