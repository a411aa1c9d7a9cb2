package com.xonetwork.tailnet.tailnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.controlplane.StubServer;
import com.xonetwork.tailnet.controlplane.StubServer.Received;
import com.xonetwork.tailnet.controlplane.StubServer.Reply;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workload identity federation with tokens that a real API server made, under the operator's real rights. */
@RunningOperator
class WorkloadIdentityIT {

    private static final String EXCHANGE = "/api/v2/oauth/token-exchange";
    private static final String CLIENT_ID = "kWIF-0001CNTRL";
    private static final String AUDIENCE = "api.tailscale.com/" + CLIENT_ID;
    private static final String ACCOUNT = "tailscale-identity";
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    final StubServer service = new StubServer();

    private Reply answer(Received request) {
        if (request.path().equals(EXCHANGE)) {
            return form(request).get("client_id").equals(CLIENT_ID)
                    ? Reply.json("{\"access_token\":\"acc3ss-" + "t0ken\",\"expires_in\":3600}")
                    : Reply.json(401, "{\"message\":\"API token invalid\"}");
        }
        if (!"Bearer acc3ss-t0ken".equals(request.headers().get("authorization"))) {
            return Reply.json(401, "{\"message\":\"API token invalid\"}");
        }
        return Reply.json(request.path().endsWith("/devices") ? "{\"devices\":[]}" : "{}");
    }

    private void tailnet(Scene scene, String clientId, String account) {
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: Tailnet
                metadata:
                  name: home
                spec:
                  pollInterval: 1s
                  tailscale:
                    url: "%s"
                    credentials:
                      workloadIdentity:
                        clientId: %s
                        serviceAccountRef: {name: %s}
                """.formatted(service.url(), clientId, account));
    }

    private static void account(Scene scene, String name) {
        scene.client()
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .inNamespace(scene.cluster().namespace())
                .create();
    }

    @Test
    void aServiceAccountsTokenIsExchangedAndUsedForNothingElse(Scene scene) throws JsonProcessingException {
        service.behaves(this::answer);
        tailnet(scene, CLIENT_ID, ACCOUNT);
        var missing = scene.awaitCondition(Tailnet.class, "home", "CredentialsValid", "False", "Unauthorized");
        assertThat(missing.message()).contains("no ServiceAccount " + ACCOUNT);
        assertThat(service.received()).as("nothing is sent without a token").isEmpty();

        account(scene, ACCOUNT);
        scene.awaitReady(Tailnet.class, "home");
        scene.soon().until(() -> service.count("/api/v2/tailnet/-/devices") > 3);

        assertThat(service.count(EXCHANGE)).isEqualTo(1);
        var token = form(service.received().getFirst()).get("jwt");
        var subject = "system:serviceaccount:" + scene.cluster().namespace() + ":" + ACCOUNT;
        var claims = claims(token);
        assertThat(claims.path("sub").asText()).isEqualTo(subject);
        assertThat(claims.path("aud"))
                .hasSize(1)
                .first()
                .extracting(JsonNode::asText)
                .isEqualTo(AUDIENCE);
        assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(600);
        assertThat(review(scene, token, AUDIENCE)).as("a real token").isEqualTo(subject);
        assertThat(review(scene, token)).as("of no use at the API server").isEmpty();
        assertThat(scene.operator().logs())
                .doesNotContain(token.substring(0, 40))
                .doesNotContain("acc3ss-t0ken");
    }

    @Test
    void anAccountOfAnotherNameMayNotBeUsedAndTheConditionSaysWhatIsMissing(Scene scene) {
        service.behaves(this::answer);
        account(scene, "builder");
        tailnet(scene, CLIENT_ID, "builder");

        var refused = scene.awaitCondition(Tailnet.class, "home", "CredentialsValid", "False", "Unauthorized");

        assertThat(refused.message())
                .contains("may not make tokens of ServiceAccount builder")
                .contains("serviceaccounts/token");
        assertThat(service.received()).isEmpty();
    }

    @Test
    void aFederatedIdentityThatDoesNotTrustUsIsTold(Scene scene) {
        service.behaves(this::answer);
        account(scene, ACCOUNT);
        tailnet(scene, "kOther", ACCOUNT);

        var refused = scene.awaitCondition(Tailnet.class, "home", "CredentialsValid", "False", "Unauthorized");

        assertThat(refused.message())
                .contains("API token invalid")
                .contains("system:serviceaccount:" + scene.cluster().namespace() + ":" + ACCOUNT)
                .contains("api.tailscale.com/kOther")
                .contains("federated identity");
    }

    private static Map<String, String> form(Received request) {
        return Stream.of(request.body().split("&"))
                .map(field -> field.split("=", 2))
                .collect(Collectors.toMap(
                        field -> field[0], field -> URLDecoder.decode(field[1], StandardCharsets.UTF_8)));
    }

    private static JsonNode claims(String token) throws JsonProcessingException {
        var payload = new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
        return JSON.readTree(payload);
    }

    /** Whom the API server takes the token's bearer for; empty for nobody. */
    private static String review(Scene scene, String token, String... audiences) {
        var review = scene.client()
                .resource(new TokenReviewBuilder()
                        .withNewSpec()
                        .withToken(token)
                        .withAudiences(List.of(audiences))
                        .endSpec()
                        .build())
                .create();
        var user = review.getStatus().getUser();
        return user == null || user.getUsername() == null ? "" : user.getUsername();
    }
}
