package com.xonetwork.tailnet.ship;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.testbed.BuiltProgram;
import com.xonetwork.tailnet.testbed.CommandResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the chart refuses to render, and what it leaves out. */
class ChartIT {

    private static final List<String> IMAGES = List.of(
            "--set=image.repository=registry.example.com/xo-tailnet-operator",
            "--set=runner.image=registry.example.com/xo-runner:0.1.0");

    private static CommandResult rendered(List<String> images, String... values) {
        var line = new ArrayList<>(List.of("template", "xo", "helm/xo-tailnet-operator", "--namespace", "vpn"));
        line.addAll(images);
        line.addAll(List.of(values));
        return BuiltProgram.named("helm").run(Map.of(), "", line.toArray(String[]::new));
    }

    @Test
    void noImageOfAnUnknownOwnerIsRun() {
        assertThat(rendered(List.of()).stderr())
                .contains("image.repository is not set. No image of the operator is published.");
        assertThat(rendered(List.of("--set=image.repository=registry.example.com/xo"))
                        .stderr())
                .contains("runner.image is not set. No image of the runner is published.");
        assertThat(rendered(IMAGES).orFail().stdout()).doesNotContain("ghcr.io");
    }

    @Test
    void whatIsServedNobodyReachesUnlessNamed() {
        assertThat(rendered(IMAGES, "--show-only=templates/networkpolicy.yaml")
                        .orFail()
                        .stdout())
                .contains("port: runners")
                .doesNotContain("- ports:", "port: management");
        assertThat(rendered(IMAGES, "--set=metrics.serviceMonitor.enabled=true").stderr())
                .contains("Set networkPolicy.metricsFrom");
        assertThat(rendered(IMAGES, "--set=bootstrap.url=https://xo.example.com")
                        .stderr())
                .contains("Set networkPolicy.apiFrom");
    }

    @Test
    void withoutAdmissionPoliciesToPatchWouldBeToApprove() {
        var roles = rendered(IMAGES, "--set=admissionPolicies.enabled=false")
                .orFail()
                .stdout();
        var orderer = roles.substring(roles.indexOf("name: xo-xo-tailnet-operator-orderer"));
        assertThat(orderer.substring(0, orderer.indexOf("---")))
                .contains("verbs: [create]")
                .doesNotContain("create, patch");
        assertThat(roles).doesNotContain("ValidatingAdmissionPolicy");
    }

    @Test
    void eachReleaseJudgesInItsOwnNamespacesByItsOwnAccount() {
        var policies = rendered(IMAGES, "--set=watchNamespaces={home,lab}", "--show-only=templates/admission.yaml")
                .orFail()
                .stdout();
        assertThat(policies.split("namespaceSelector:", -1)).hasSize(5);
        assertThat(policies)
                .contains("operator: In, values: [\"home\",\"lab\"]")
                .contains("system:serviceaccount:vpn:xo-xo-tailnet-operator");
    }

    @Test
    void whereNamespacesAreNamedNothingIsGrantedElsewhere() {
        var rights = rendered(IMAGES, "--set=watchNamespaces={home,lab}", "--show-only=templates/rbac.yaml")
                .orFail()
                .stdout();
        assertThat(rights)
                .doesNotContain("kind: ClusterRole\nmetadata")
                .contains("namespace: home", "namespace: lab", "name: system:auth-delegator");
        assertThat(rights.split("kind: ClusterRoleBinding", -1)).hasSize(2);
    }

    /** What stands in a value stands in the Deployment, for everybody who may read that. */
    @Test
    void aProxysPasswordIsNoValue() {
        var refused = rendered(IMAGES, "--set=controlPlaneProxy.url=http://me:s3cret@proxy:3128");
        assertThat(refused.succeeded()).isFalse();
        assertThat(refused.stderr()).contains("url");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--set=service.tlsSecret=api | QUARKUS_HTTP_INSECURE_REQUESTS",
                "--set=service.trustedProxies={10.0.0.0/8,fd00::1} | value: \"10.0.0.0/8,fd00::1\"",
                "--set=controlPlaneProxy.url=http://proxy:3128,controlPlaneProxy.noProxy={a.test,10.0.0.0/8} | value: \"a.test,10.0.0.0/8\"",
                "--set=controlPlaneProxy.url=http://proxy:3128,controlPlaneProxy.credentialsSecret=login | secret: {secretName: login}",
                "--set=runner.imagePullSecrets={pull,mirror} | value: \"pull,mirror\"",
                "--set=serviceAccount.create=false,serviceAccount.name=mine | system:serviceaccount:vpn:mine",
            })
    void aValueIsPassedOn(String value, String text) {
        assertThat(rendered(IMAGES, value).orFail().stdout()).contains(text);
    }
}
