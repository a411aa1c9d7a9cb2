package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;

class ServerWordsTest {

    private static KubernetesClientException answer(int code, String message) {
        return new KubernetesClientException(
                new StatusBuilder().withCode(code).withMessage(message).build());
    }

    @Test
    void theServersWordsAreOneLineThatHidesNothing() {
        assertThat(ServerWords.of(answer(403, "jobs.batch is forbidden:\n exceeded\u202e quota")))
                .isEqualTo("the API server answered HTTP 403: jobs.batch is forbidden: exceeded quota");
        assertThat(ServerWords.of(answer(422, "x".repeat(5_000))))
                .hasSizeLessThan(500)
                .endsWith("…");
    }

    @Test
    void ofASecretNoWordIsQuotedButAQuotas() {
        assertThat(ServerWords.withoutContent(answer(400, "admission webhook denied: token s3cr3t is weak")))
                .contains("HTTP 400", "a quota, an admission rule")
                .doesNotContain("s3cr3t");
        assertThat(ServerWords.withoutContent(answer(
                        403,
                        "secrets \"xo\" is forbidden: exceeded quota: small, requested: count/secrets=1, used: count/secrets=5,"
                                + " limited: count/secrets=5")))
                .contains(
                        "exceeded quota: small, requested: count/secrets=1, used: count/secrets=5, limited: count/secrets=5");
    }

    @Test
    void whatWasNotAnsweredMayHaveBeenDone() {
        assertThat(ServerWords.isRefusal(answer(403, ""))).isTrue();
        assertThat(ServerWords.isRefusal(answer(500, "failed calling webhook"))).isTrue();
        assertThat(ServerWords.isRefusal(answer(504, "timeout"))).isFalse();
        assertThat(ServerWords.isRefusal(new KubernetesClientException("no answer")))
                .isFalse();
    }
}
