package com.xonetwork.tailnet.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.testing.Failing;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailuresTest {

    @Test
    void eachKindHasItsReason() {
        assertThat(Failing.ofEachKind().map(Failures::reason))
                .containsExactly(
                        Reason.UNAUTHORIZED,
                        Reason.FORBIDDEN,
                        Reason.DEVICE_NOT_FOUND,
                        Reason.POLICY_CHANGED_MEANWHILE,
                        Reason.RATE_LIMITED,
                        Reason.REJECTED,
                        Reason.CONTROL_PLANE_UNAVAILABLE,
                        Reason.NOT_SUPPORTED_BY_CONTROL_PLANE,
                        Reason.DEVICE_LIST_TOO_LARGE,
                        Reason.CONTROL_PLANE_UNAVAILABLE);
    }

    /** Else a condition would say that a human is waited for while it goes on by itself, or the other way round. */
    @ParameterizedTest
    @MethodSource("com.xonetwork.tailnet.testing.Failing#ofEachKind")
    void whatIsTransientGoesOnByItself(ControlPlaneException failure) {
        assertThat(Failures.reason(failure).outcome() == Reason.Outcome.PROGRESSING)
                .isEqualTo(failure.isTransient());
    }

    @ParameterizedTest
    @MethodSource("com.xonetwork.tailnet.testing.Failing#ofEachKind")
    void theServicesOwnWordsComeFirst(ControlPlaneException failure) {
        assertThat(Failures.message(failure)).startsWith(failure.getMessage());
    }

    @Test
    void messagesSayWhatToDo() {
        assertThat(Failures.message(Failing.unauthorized())).contains("Secret");
        assertThat(Failures.message(Failing.forbidden())).contains("OAuth scope devices:core");
        assertThat(Failures.message(new ControlPlaneException.Forbidden(403, "no", null)))
                .isEqualTo(
                        "no. The credentials lack a permission, and the control plane does not say which. On Tailscale,"
                                + " compare their scopes with docs/how-to/connect-tailscale.md.");
        assertThat(Failures.message(ControlPlaneException.Forbidden.byPlan(402, "no")))
                .isEqualTo("no. The tailnet's plan does not include this: change the plan, or remove the field from the"
                        + " spec.");
        assertThat(Failures.message(Failing.rateLimited(Duration.ofSeconds(42))))
                .contains("after 42 s");
        assertThat(Failures.message(Failing.unavailable())).contains("The operator will retry");
    }

    @Test
    void everyKindIsAmongThoseTested() {
        assertThat(Failing.ofEachKind().map(Object::getClass).toList())
                .containsExactlyInAnyOrderElementsOf(List.of(ControlPlaneException.class.getPermittedSubclasses()));
    }
}
