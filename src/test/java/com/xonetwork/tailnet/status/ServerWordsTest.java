package com.xonetwork.tailnet.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import org.junit.jupiter.api.Test;

class ServerWordsTest {

    private static Status said(String message) {
        return new StatusBuilder().withMessage(message).build();
    }

    @Test
    void theServersWordsAreOneLineThatHidesNothing() {
        assertThat(ServerWords.of(403, said("jobs.batch is forbidden:\n exceeded\u202e quota")))
                .isEqualTo("the API server answered HTTP 403: jobs.batch is forbidden: exceeded quota");
        assertThat(ServerWords.of(422, said("x".repeat(5_000))))
                .hasSizeLessThan(500)
                .endsWith("…");
    }

    @Test
    void ofASecretNoWordIsQuotedButAQuotas() {
        assertThat(ServerWords.withoutContent(400, said("admission webhook denied: token s3cr3t is weak")))
                .contains("HTTP 400", "a quota, an admission rule")
                .doesNotContain("s3cr3t");
        assertThat(ServerWords.withoutContent(
                        403,
                        said(
                                "secrets \"xo\" is forbidden: exceeded quota: small, requested: count/secrets=1, used: count/secrets=5,"
                                        + " limited: count/secrets=5")))
                .contains(
                        "exceeded quota: small, requested: count/secrets=1, used: count/secrets=5, limited: count/secrets=5");
    }

    @Test
    void whatWasNotAnsweredMayHaveBeenDone() {
        assertThat(ServerWords.isRefusal(403)).isTrue();
        assertThat(ServerWords.isRefusal(500)).isTrue();
        assertThat(ServerWords.isRefusal(504)).isFalse();
        assertThat(ServerWords.isRefusal(0)).isFalse();
    }
}
