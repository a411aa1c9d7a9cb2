package com.xonetwork.tailnet.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReasonTest {

    @ParameterizedTest
    @EnumSource(Reason.class)
    void isOneWordAsKubernetesWantsIt(Reason reason) {
        assertThat(reason.toString()).matches("([A-Z][a-z]+)+").hasSizeLessThanOrEqualTo(64);
    }

    @Test
    void noTwoShareAWord() {
        assertThat(Stream.of(Reason.values()).map(Reason::toString)).doesNotHaveDuplicates();
    }

    /** Part of the API: scripts compare with them. */
    @ParameterizedTest
    @CsvSource({
        "TAG_NOT_OWNED, TagNotOwned",
        "READY, Ready",
        "NOT_SUPPORTED_BY_CONTROL_PLANE, NotSupportedByControlPlane"
    })
    void words(Reason reason, String word) {
        assertThat(reason).hasToString(word);
    }
}
