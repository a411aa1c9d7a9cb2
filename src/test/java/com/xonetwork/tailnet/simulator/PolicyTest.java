package com.xonetwork.tailnet.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTest {

    private static final String ACL = "/tailnet/-/acl";
    private static final String VALIDATE = "/tailnet/-/acl/validate";
    private static final String HUJSON = """
            // ours
            {
              "groups": {"group:x": ["b@example.com", /* first */ "a@example.com",], "group:y": ["z@example.com"]},
              "acls": [], // nobody
            }
            """;

    private final TailnetSimulator simulator = new TailnetSimulator();
    private Api api;

    @BeforeEach
    void start() {
        simulator.start();
        simulator.addApiKey("key", "all");
        api = new Api(simulator, "key");
    }

    @AfterEach
    void stop() {
        api.close();
        simulator.close();
    }

    @Test
    void aNewTailnetHasTheDefaultPolicy() throws Exception {
        var reply = api.get(ACL);
        assertThat(reply.body()).isEqualTo(simulator.policyText()).startsWith("// Example/default ACLs");
        assertThat(reply.header("content-type")).isEqualTo("application/hujson");
        assertThat(reply.header("etag")).matches("\"[0-9a-f]{64}\"");
        assertThat(simulator.isDefaultPolicy()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ts-default", "\"ts-default\""})
    void tsDefaultHoldsUntilSomebodyWrites(String ifMatch) throws Exception {
        assertThat(api.post(ACL, "{}", "If-Match", ifMatch).status()).isEqualTo(200);
        var refusal = api.post(ACL, "{\"acls\":[]}", "If-Match", ifMatch);
        assertThat(refusal.status()).isEqualTo(412);
        assertThat(refusal.body()).isEqualTo("{\"message\":\"precondition failed, invalid old hash\"}");
        assertThat(api.post(ACL, "").status()).isEqualTo(200);
        assertThat(api.post(ACL, "{}", "If-Match", ifMatch).status()).isEqualTo(200);
    }

    @Test
    void theEtagIsThatOfTheTextRead() throws Exception {
        var etag = api.get(ACL).header("etag");
        var written = api.post(ACL, "{\"acls\":[]}", "If-Match", etag);
        assertThat(written.status()).isEqualTo(200);
        assertThat(written.header("etag"))
                .isNotEqualTo(etag)
                .isEqualTo(api.get(ACL).header("etag"));
        assertThat(api.post(ACL, "{}", "If-Match", etag).status()).isEqualTo(412);
        simulator.setPolicyByHand("{\"grants\":[]}");
        assertThat(api.post(ACL, "{}", "If-Match", written.header("etag")).status())
                .isEqualTo(412);
        assertThat(api.post(ACL, "{}").status()).isEqualTo(200);
    }

    @Test
    void textIsStoredAsItIsButForSortedGroups() throws Exception {
        var reply = api.post(ACL, HUJSON, "Content-Type", "application/hujson");
        assertThat(reply.body()).isEqualTo("""
                // ours
                {
                  "groups": {"group:x": ["a@example.com", /* first */ "b@example.com",], "group:y": ["z@example.com"]},
                  "acls": [], // nobody
                }
                """);
        assertThat(simulator.policyText()).isEqualTo(reply.body());
        assertThat(simulator.isDefaultPolicy()).isFalse();
    }

    @Test
    void jsonIsGivenToWhoAsksForIt() throws Exception {
        simulator.setPolicyByHand("{\"acls\": [], /* why */}");
        var reply = api.send(api.request(ACL).header("Accept", "application/json"));
        assertThat(reply.body()).isEqualTo("{\"acls\":[]}");
        assertThat(reply.header("etag")).isEqualTo(api.get(ACL).header("etag"));
    }

    @Test
    void detailsCarryTheTextAndWarnings() throws Exception {
        simulator.warnPolicyWhen(policy -> policy.has("grants"), "group:x", "group is empty");
        var reply = api.get(ACL + "?details=true").json();
        assertThat(new String(Base64.getDecoder().decode(reply.path("acl").asText()), StandardCharsets.UTF_8))
                .isEqualTo(simulator.policyText());
        assertThat(reply.path("warnings").get(0).asText()).isEqualTo("group is empty");
        assertThat(reply.path("errors").isNull()).isTrue();
    }

    @Test
    void aSyntaxErrorSaysWhere() throws Exception {
        for (var path : new String[] {ACL, VALIDATE}) {
            var refusal = api.post(path, "{\n  \"acls\": [}\n", "Content-Type", "application/hujson");
            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal.message()).matches("line 2, column \\d+: .+");
        }
        assertThat(simulator.isDefaultPolicy()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"acls\":[{\"action\":\"accept\",\"src\":[\"tag:no\"],\"dst\":[\"*:*\"]}]} | src=tag not found: \"tag:no\"",
                "{\"acls\":[{\"action\":\"accept\",\"src\":[\"*\"],\"dst\":[\"tag:no:22\"]}]} | dst=\"tag:no:22\": tag not found: \"tag:no\"",
                "{\"acls\":[{\"action\":\"deny\",\"src\":[\"*\"],\"dst\":[\"*:*\"]}]} | action=\"deny\" is not supported",
                "{\"grants\":[{\"src\":[\"tag:no\"],\"dst\":[\"*\"],\"ip\":[\"*\"]}]} | src=tag not found: \"tag:no\"",
                "{\"grants\":[{\"src\":[\"*\"],\"dst\":[\"*\"],\"ip\":[\"*\"],\"via\":[\"tag:no\"]}]} | tag \"tag:no\" not found",
                "{\"grants\":[{\"src\":[\"*\"],\"dst\":[\"*\"]}]} | ip and app can not both be empty",
                "{\"nodeAttrs\":[{\"target\":[\"tag:no\"],\"attr\":[\"funnel\"]}]} | tag not found: \"tag:no\"",
                "{\"tagOwners\":{\"tag:1\":[]}} | tagOwners[\"tag:1\"]: tag names must start with a letter, after 'tag:'",
            })
    void aWrongPolicyIsRefusedWhenSetAndReportedWhenValidated(String policy, String message) throws Exception {
        var refusal = api.post(ACL, policy);
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.message()).isEqualTo(message);
        assertThat(simulator.isDefaultPolicy()).isTrue();
        var verdict = api.post(VALIDATE, policy);
        assertThat(verdict.status()).isEqualTo(200);
        assertThat(verdict.message()).isEqualTo(message);
    }

    @Test
    void aGoodPolicyValidatesToAnEmptyObjectAndIsNotStored() throws Exception {
        assertThat(api.post(VALIDATE, "{\"acls\":[]}").body()).isEqualTo("{}");
        assertThat(api.post(VALIDATE, "[{\"src\":\"a@example.com\",\"accept\":[\"x:22\"]}]")
                        .body())
                .isEqualTo("{}");
        assertThat(simulator.isDefaultPolicy()).isTrue();
    }

    @Test
    void aCommentIsNoJson() throws Exception {
        assertThat(api.post(VALIDATE, "// x\n{}", "Content-Type", "application/json")
                        .message())
                .isEqualTo("invalid character '/' looking for beginning of value");
        assertThat(api.post(VALIDATE, "// x\n{}", "Content-Type", "application/hujson")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aTestDecidesWhatElseIsRefused() throws Exception {
        simulator.rejectPolicyWhen(policy -> policy.has("ssh"), "no ssh here");
        simulator.failPolicyTestsWhen(policy -> policy.has("tests"), "u@example.com", "want: Drop, got: Accept");
        simulator.warnPolicyWhen(policy -> policy.has("groups"), "group:x", "unknown member");

        assertThat(api.post(ACL, "{\"ssh\":[]}").message()).isEqualTo("no ssh here");
        var failed = api.post(VALIDATE, "{\"tests\":[]}").json();
        assertThat(failed.path("message").asText()).isEqualTo("test(s) failed");
        assertThat(failed.at("/data/0/errors/0").asText()).isEqualTo("want: Drop, got: Accept");
        assertThat(api.post(ACL, "{\"tests\":[]}").status()).isEqualTo(400);
        var warned = api.post(VALIDATE, "{\"groups\":{}}").json();
        assertThat(warned.path("message").asText()).isEqualTo("warning(s) found");
        assertThat(warned.at("/data/0/warnings/0").asText()).isEqualTo("unknown member");
        assertThat(api.post(ACL, "{\"groups\":{}}").status()).isEqualTo(200);
    }

    private static final String RULES = """
            {
              "groups": {"group:ops": ["a@example.com"]},
              "hosts": {"db": "10.0.0.5"},
              "acls": [
                {"action": "accept", "src": ["group:ops"], "dst": ["db:5432"]},
                // anybody
                {"action": "accept", "src": ["*"], "dst": ["10.1.0.0/16:80-90,443"]},
              ],
              "grants": [{"src": ["b@example.com"], "dst": ["*"], "ip": ["tcp:22"]}],
            }
            """;

    @ParameterizedTest
    @CsvSource({
        "user, a@example.com, '5 7'",
        "user, b@example.com, '7 9'",
        "ipport, 10.0.0.5:5432, '5'",
        "ipport, 10.0.0.5:22, '9'",
        "ipport, 10.1.2.3:85, '7'",
        "ipport, 10.1.2.3:443, '7'",
        "ipport, 10.1.2.3:91, ''",
    })
    void aPreviewShowsTheRulesThatConcernIt(String type, String who, String lines) throws Exception {
        var reply = api.post("/tailnet/-/acl/preview?type=" + type + "&previewFor=" + who, RULES);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(String.join(" ", reply.json().path("matches").findValuesAsText("lineNumber")))
                .isEqualTo(lines);
        assertThat(reply.json().path("previewFor").asText()).isEqualTo(who);
        assertThat(simulator.isDefaultPolicy()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"type=user", "type=device&previewFor=x", "type=ipport&previewFor=10.0.0.1", ""})
    void aPreviewOfNothingIsRefused(String query) throws Exception {
        assertThat(api.post("/tailnet/-/acl/preview?" + query, RULES).status()).isEqualTo(400);
        assertThat(api.post("/tailnet/-/acl/preview?type=user&previewFor=a", "{")
                        .status())
                .isEqualTo(400);
    }
}
