package com.xonetwork.tailnet.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.webhook.SignatureVerifier.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureVerifierTest {

    private static final String SECRET = "tskey-webhook-" + "kTest-0123456789";
    private static final String OTHER = "tskey-webhook-" + "kOther-0123456789";
    private static final String BODY = "[{\"type\":\"test\"}]";
    private static final Instant NOW = Instant.ofEpochSecond(1_764_000_000);

    private final SignatureVerifier verifier = new SignatureVerifier();

    private Verdict verify(String header, String body, WebhookSecrets secrets) {
        var signature = WebhookSignature.parse(header).orElseThrow();
        return verifier.verify(signature, body.getBytes(StandardCharsets.UTF_8), secrets, NOW);
    }

    private static WebhookSecrets secrets(String... values) {
        return new WebhookSecrets(List.of(values));
    }

    /** Made with {@code openssl dgst -sha256 -hmac}, not with the code under test. */
    @Test
    void aSignatureMadeElsewhereIsGood() {
        var header = "t=1764000000,v1=a6703497008d297d540d0d3b40f32129f9c62b29d9f59903c6cb42fca1442796";

        assertThat(verify(header, BODY, secrets(SECRET))).isEqualTo(Verdict.GENUINE);
        assertThat(verify(header.replace("a6703497", "A6703497"), BODY, secrets(SECRET)))
                .isEqualTo(Verdict.GENUINE);
        assertThat(verify(header, BODY + " ", secrets(SECRET))).isEqualTo(Verdict.FORGED);
        assertThat(verify(header.replace("t=1764000000", "t=1764000001"), BODY, secrets(SECRET)))
                .isEqualTo(Verdict.FORGED);
        assertThat(verify(header.replace("v1=a6", "v1=a7"), BODY, secrets(SECRET)))
                .isEqualTo(Verdict.FORGED);
    }

    @Test
    void anotherSecretOrNoneMakesItForged() {
        var delivery = Delivery.of(BODY, NOW, OTHER);

        assertThat(verify(delivery.header(), BODY, secrets(SECRET))).isEqualTo(Verdict.FORGED);
        assertThat(verify(delivery.header(), BODY, null)).isEqualTo(Verdict.FORGED);
    }

    @Test
    void anyOfTheSecretsAndAnyOfTheSignaturesWillDo() {
        var both = Delivery.of(BODY, NOW, OTHER, SECRET).header();
        var twice = Delivery.of(BODY, NOW, SECRET, SECRET).header();

        assertThat(verify(both, BODY, secrets(SECRET))).isEqualTo(Verdict.GENUINE);
        assertThat(verify(both, BODY, secrets(OTHER))).isEqualTo(Verdict.GENUINE);
        assertThat(verify(both, BODY, secrets("a", "b", "c"))).isEqualTo(Verdict.FORGED);
        assertThat(verify(twice, BODY, secrets("a", "b", "c", SECRET))).isEqualTo(Verdict.GENUINE);
        assertThat(verify(both + ",v2=beyond,v0=", BODY, secrets(SECRET))).isEqualTo(Verdict.GENUINE);
    }

    @ParameterizedTest
    @CsvSource({"-301, STALE", "-300, GENUINE", "0, GENUINE", "300, GENUINE", "301, STALE", "86400, STALE"})
    void theTimeMayBeOffByFiveMinutesEitherWay(long seconds, Verdict verdict) {
        var delivery = Delivery.of(BODY, NOW.plusSeconds(seconds), SECRET);

        assertThat(verify(delivery.header(), BODY, secrets(SECRET))).isEqualTo(verdict);
    }

    @ParameterizedTest
    @ValueSource(longs = {-301, 301})
    void onlyWhoKnowsTheSecretIsToldThatTheTimeIsOff(long seconds) {
        var delivery = Delivery.of(BODY, NOW.plusSeconds(seconds), OTHER);

        assertThat(verify(delivery.header(), BODY, secrets(SECRET))).isEqualTo(Verdict.FORGED);
        assertThat(verify(delivery.header(), BODY, null)).isEqualTo(Verdict.FORGED);
    }

    @Test
    void theFarthestTimesAreOnlyStale() {
        for (var timestamp : List.of("0", "99999999999")) {
            var delivery = new Delivery(timestamp, BODY.getBytes(StandardCharsets.UTF_8), List.of(SECRET));
            assertThat(verify(delivery.header(), BODY, secrets(SECRET))).isEqualTo(Verdict.STALE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                "t=1764000000",
                "v1=a6703497008d297d540d0d3b40f32129f9c62b29d9f59903c6cb42fca1442796",
                "t=,v1=a6703497008d297d540d0d3b40f32129f9c62b29d9f59903c6cb42fca1442796",
                "t=-1,v1=a6703497008d297d540d0d3b40f32129f9c62b29d9f59903c6cb42fca1442796",
                "t=1.5,v1=a6703497008d297d540d0d3b40f32129f9c62b29d9f59903c6cb42fca1442796",
                "t=176400000000,v1=a6703497008d297d540d0d3b40f32129f9c62b29d9f59903c6cb42fca1442796",
                "t=1,t=1,v1=a6703497008d297d540d0d3b40f32129f9c62b29d9f59903c6cb42fca1442796",
                "t=\u0661,v1=a6703497008d297d540d0d3b40f32129f9c62b29d9f59903c6cb42fca1442796",
                "t=1764000000,v1=",
                "t=1764000000,v1=a6",
                "t=1764000000,v1=g6703497008d297d540d0d3b40f32129f9c62b29d9f59903c6cb42fca1442796",
                "t=1764000000,v1=a6703497008d297d540d0d3b40f32129f9c62b29d9f59903c6cb42fca144279600",
                "t=1764000000;v1=a6703497008d297d540d0d3b40f32129f9c62b29d9f59903c6cb42fca1442796",
            })
    void aHeaderOfAnotherFormIsNone(String header) {
        assertThat(WebhookSignature.parse(header)).isEmpty();
    }

    @Test
    void aHeaderWithoutEndIsNone() {
        var one = ",v1=" + "ab".repeat(32);

        assertThat(WebhookSignature.parse(null)).isEmpty();
        assertThat(WebhookSignature.parse("t=1" + one.repeat(8))).isPresent();
        assertThat(WebhookSignature.parse("t=1" + one.repeat(9))).isEmpty();
        assertThat(WebhookSignature.parse("t=1" + one + ",".repeat(2000))).isEmpty();
    }

    @Test
    void secretsAreNotShown() {
        assertThat(secrets(SECRET)).hasToString("WebhookSecrets[***]");
        assertThat(WebhookSignature.parse(Delivery.of(BODY, NOW, SECRET).header())
                        .toString())
                .doesNotContain("a6703497");
        assertThatThrownBy(() -> secrets(SECRET, "")).hasMessageNotContaining(SECRET);
        assertThatThrownBy(SignatureVerifierTest::secrets).isInstanceOf(IllegalArgumentException.class);
    }
}
