package com.xonetwork.tailnet.service;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks with TokenReview and SubjectAccessReview, each time. Needs the rights of {@code system:auth-delegator}. */
public final class KubernetesReviews implements Reviews {

    private final KubernetesClient kubernetes;
    private final List<String> audiences;

    /** @param audiences of which a token must be for one; empty for those of the API server */
    public KubernetesReviews(KubernetesClient kubernetes, List<String> audiences) {
        this.kubernetes = kubernetes;
        this.audiences = List.copyOf(audiences);
    }

    @Override
    public Optional<Caller> who(String token) {
        var status = kubernetes
                .tokenReviews()
                .create(new TokenReviewBuilder()
                        .withNewSpec()
                        .withToken(token)
                        .withAudiences(audiences)
                        .endSpec()
                        .build())
                .getStatus();
        if (status == null || !Boolean.TRUE.equals(status.getAuthenticated()) || status.getUser() == null) {
            return Optional.empty();
        }
        // An authenticator that knows nothing of audiences names none of them.
        if (!audiences.isEmpty() && Collections.disjoint(audiences, list(status.getAudiences()))) {
            return Optional.empty();
        }
        var user = status.getUser();
        return Optional.of(
                new Caller(user.getUsername(), text(user.getUid()), list(user.getGroups()), map(user.getExtra())));
    }

    @Override
    public boolean may(Caller caller, RunAction action) {
        var status = kubernetes
                .authorization()
                .v1()
                .subjectAccessReview()
                .create(new SubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withUser(caller.name())
                        .withUid(caller.uid())
                        .withGroups(caller.groups())
                        .withExtra(caller.extra())
                        .withNewResourceAttributes()
                        .withGroup(ApiGroup.GROUP)
                        .withVersion(ApiGroup.VERSION)
                        .withResource("automationruns")
                        .withSubresource(action.subresource().isEmpty() ? null : action.subresource())
                        .withVerb(action.verb())
                        .withNamespace(action.namespace())
                        .withName(action.run())
                        .endResourceAttributes()
                        .endSpec()
                        .build())
                .getStatus();
        return status != null && Boolean.TRUE.equals(status.getAllowed());
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static List<String> list(@Nullable List<String> values) {
        return values == null ? List.of() : values;
    }

    private static Map<String, List<String>> map(@Nullable Map<String, List<String>> values) {
        return values == null ? Map.of() : values;
    }
}
