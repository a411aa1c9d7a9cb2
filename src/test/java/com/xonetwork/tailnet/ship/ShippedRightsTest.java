package com.xonetwork.tailnet.ship;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.testbed.ShippedManifests;
import com.xonetwork.tailnet.testing.Kinds;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What must not stand in the rights that are shipped. */
class ShippedRightsTest {

    @Test
    void nothingIsGrantedInGeneral() {
        assertThat(ShippedRights.rules()).isNotEmpty().allSatisfy(rule -> {
            assertThat(rule.getApiGroups()).doesNotContain("*");
            assertThat(rule.getResources()).doesNotContain("*").noneMatch(resource -> resource.contains("*"));
            assertThat(rule.getVerbs()).doesNotContain("*");
            assertThat(rule.getNonResourceURLs()).isEmpty();
        });
    }

    @Test
    void secretsAreNeverListedNorWatchedAndNobodyBecomesAnother() {
        assertThat(ShippedRights.granted())
                .doesNotContain("list /secrets", "watch /secrets", "list /configmaps", "watch /configmaps")
                .noneMatch(right -> right.startsWith("deletecollection "))
                .noneMatch(right ->
                        right.startsWith("escalate ") || right.startsWith("bind ") || right.startsWith("impersonate "))
                .noneMatch(right -> right.contains("rbac.authorization.k8s.io/"))
                .noneMatch(right -> right.contains("/pods/exec") || right.contains("/serviceaccounts/token"));
    }

    @Test
    void nothingIsGrantedTwice() {
        var all = ShippedRights.rules().stream()
                .filter(rule -> rule.getResourceNames().isEmpty())
                .flatMap(ShippedRights::grantedBy)
                .toList();
        assertThat(all).doesNotHaveDuplicates();
    }

    @Test
    void everyKindIsWatchedAndItsStatusWritten() {
        assertThat(ShippedRights.granted())
                .as("rights in %s: run hack/deploy", ShippedManifests.RIGHTS)
                .containsAll(Kinds.plurals().stream()
                        .flatMap(kind ->
                                Stream.of("list %s/" + kind, "watch %s/" + kind, "update %s/" + kind + "/status"))
                        .map(right -> right.formatted(ApiGroup.GROUP))
                        .toList());
    }

    @Test
    void whoeverMayReadReadsEveryKind() {
        assertThat(ShippedManifests.in(ShippedManifests.ROLES))
                .isNotEmpty()
                .allSatisfy(role -> assertThat(((ClusterRole) role)
                                .getRules().stream()
                                        .filter(rule -> rule.getVerbs().contains("watch"))
                                        .flatMap(rule -> rule.getResources().stream()))
                        .as(
                                "kinds that %s reads: run hack/deploy",
                                role.getMetadata().getName())
                        .containsExactlyInAnyOrderElementsOf(Kinds.plurals()));
    }

    @Test
    void onlyItsOwnRolesAreBound() {
        assertThat(ShippedManifests.in(ShippedManifests.RIGHTS))
                .filteredOn(ClusterRoleBinding.class::isInstance)
                .extracting(item -> ((ClusterRoleBinding) item).getRoleRef().getName())
                .containsExactlyInAnyOrderElementsOf(List.of("xo-tailnet-operator", "system:auth-delegator"));
    }
}
