package com.xonetwork.tailnet.policy.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.policy.Captures;
import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.topology.Topology;
import com.xonetwork.tailnet.policy.topology.TopologyReader;
import com.xonetwork.tailnet.policy.validate.Verdict;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers of the service to policies whose captures we do not have whole. */
class FragmentAnswersTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Topology TAILNET =
            TopologyReader.read(Captures.of("policytest").getFirst().topology());

    private static final String FRAME = """
            {"groups": {"group:admins": ["odin@example.com"], "group:developers": ["thor@example.org", "odin@example.com"],
              "group:monitors": ["freya@example.com"], "group:empty": []},
             "hosts": {"internal": "10.0.0.0/8", "prodbox": "100.103.8.15", "subnet24": "192.168.1.0/24",
              "webserver": "100.64.0.16"},
             "tagOwners": {"tag:client": [], "tag:exit": [], "tag:prod": [], "tag:router": [], "tag:server": [],
              "tag:group-a": [], "tag:group-b": []}}
            """;

    /** Names were replaced in the policies after the answers were taken, and in this answer they were not. */
    private static final Map<String, String> NAMES = Map.of("PASSKEY", "EXAMPLE.COM");

    record Answer(String id, int status, String message, String policy) {
        @Override
        public String toString() {
            return id;
        }
    }

    static Stream<Answer> answers() throws Exception {
        var stream = FragmentAnswersTest.class.getResourceAsStream("/policy-fragments/answers.jsonl");
        try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            List<String> lines = reader.lines().toList();
            return lines.stream().map(FragmentAnswersTest::answer);
        }
    }

    private static Answer answer(String line) {
        try {
            JsonNode answer = JSON.readTree(line);
            ObjectNode policy = (ObjectNode) JSON.readTree(FRAME);
            answer.get("policy").properties().forEach(section -> {
                if (policy.get(section.getKey()) instanceof ObjectNode frame) {
                    frame.setAll((ObjectNode) section.getValue());
                } else {
                    policy.set(section.getKey(), section.getValue());
                }
            });
            String message = answer.get("message").asText();
            for (Map.Entry<String, String> name : NAMES.entrySet()) {
                message = message.replace(name.getKey(), name.getValue());
            }
            return new Answer(answer.get("id").asText(), answer.get("status").asInt(), message, policy.toString());
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answersAsTheServiceDid(Answer answer) {
        Policy policy = Policy.parse(answer.policy());
        Verdict verdict = PolicyJudgement.of(policy, new CompiledPolicy(policy, TAILNET));

        assertThat(verdict.status() + " " + verdict.message()).isEqualTo(answer.status() + " " + answer.message());
    }
}
