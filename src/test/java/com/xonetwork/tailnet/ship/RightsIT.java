package com.xonetwork.tailnet.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.xonetwork.tailnet.scene.AuditLog;
import com.xonetwork.tailnet.scene.Quiet;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.scene.UsedRights;
import com.xonetwork.tailnet.testbed.ShippedManifests;
import com.xonetwork.tailnet.testbed.TestFiles;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The rights that are shipped, against what the whole suite, which runs under them, has used of them. Runs last. */
@RunningOperator
@Quiet
@Order(Integer.MAX_VALUE)
class RightsIT {

    /** Granted to the account by the cluster's own role system:auth-delegator. */
    private static final String[] DELEGATED = {
        "create authentication.k8s.io/tokenreviews", "create authorization.k8s.io/subjectaccessreviews"
    };

    /** Granted, and not to be seen in the audit log of this level, each with its reason. */
    private static final Map<String, String> WAIVED = Map.of(
            "create tailnet.xo-network.com/automationtemplates",
            "a server-side apply that makes an object needs it, and is logged as a patch",
            "delete tailnet.xo-network.com/automationruns",
            "runs of machines and HealPolicies that are over are removed after more of them than a test here makes");

    @Test
    void whatIsGrantedIsWhatIsUsed(Scene scene) {
        assumeTrue(System.getProperty("it.test") == null, "skipped: only some tests were asked for");
        var used = new AuditLog(scene.cluster(), scene.operator()).rightsUsed();
        if (!TestFiles.part().isEmpty()) {
            used.addAll(UsedRights.of("main"));
            used.addAll(UsedRights.of("alone"));
        }
        var unused = new TreeSet<>(ShippedRights.granted());
        unused.removeAll(used);
        assertThat(unused).as("granted and never used").isSubsetOf(WAIVED.keySet());
        var more = new TreeSet<>(used);
        more.removeAll(ShippedRights.granted());
        more.removeAll(List.of(DELEGATED));
        more.remove("create /serviceaccounts/token");
        assertThat(more).as("used by some other grant").isEmpty();
        System.out.printf(
                "rights: %d granted, %d of them used, waived %s%n",
                ShippedRights.granted().size(), ShippedRights.granted().size() - unused.size(), unused);
    }

    @Test
    void theOperatorRunsWhereOnlyRestrictedPodsMay(Scene scene) {
        var namespace = scene.cluster().namespace();
        scene.client()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .withLabels(Map.of("pod-security.kubernetes.io/enforce", "restricted"))
                        .endMetadata()
                        .build())
                .forceConflicts()
                .serverSideApply();
        var pod = new PodBuilder()
                .withNewMetadata()
                .withName("operator")
                .endMetadata()
                .withSpec(ShippedManifests.operator().getSpec().getTemplate().getSpec())
                .build();
        assertThat(scene.client().resource(pod).inNamespace(namespace).dryRun().create())
                .isNotNull();

        var loose = new PodBuilder(pod)
                .editSpec()
                .editFirstContainer()
                .editSecurityContext()
                .withAllowPrivilegeEscalation(true)
                .endSecurityContext()
                .endContainer()
                .endSpec()
                .build();
        assertThatThrownBy(() -> scene.client()
                        .resource(loose)
                        .inNamespace(namespace)
                        .dryRun()
                        .create())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("violates PodSecurity");
    }
}
