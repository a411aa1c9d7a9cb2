package com.xonetwork.tailnet.policy.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.policy.Captures;
import com.xonetwork.tailnet.policy.Captures.Capture;
import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.topology.TopologyReader;
import com.xonetwork.tailnet.policy.validate.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The answers to all captured policies: accepted or refused, and the message. */
class CapturesValidationTest {

    /** Names that stand for others in a one-to-one exchange: the answers must follow, as rules do and cases do not. */
    private static final Pattern EXCHANGED =
            Pattern.compile("odin|thor|freya|webserver|prodbox|nonexistent|phantom|tag:server|tag:client|mallory");

    @Test
    void judgesAsTheServiceDid() {
        List<String> verdicts = new ArrayList<>();
        List<String> messages = new ArrayList<>();
        int all = 0;
        for (Capture capture : Captures.all()) {
            all++;
            compare(capture, verdicts, messages);
        }
        System.out.println("accepted or refused alike: " + (all - verdicts.size()) + " of " + all
                + "; with the same message: " + (all - verdicts.size() - messages.size()) + " of " + all);
        assertThat(verdicts).as("accepted or refused otherwise").isEmpty();
        assertThat(messages).as("refused with another message").isEmpty();
    }

    @Test
    void judgesAlikeUnderOtherNames() {
        List<String> differences = new ArrayList<>();
        for (Capture capture : Captures.all()) {
            compare(renamed(capture), differences, differences);
        }

        assertThat(differences).isEmpty();
    }

    private static Capture renamed(Capture capture) {
        String topology = rename(capture.topology().toString());
        try {
            return new Capture(
                    capture.file(),
                    capture.id(),
                    rename(capture.policy()),
                    capture.status(),
                    rename(capture.message()),
                    new com.fasterxml.jackson.databind.ObjectMapper().readTree(topology),
                    capture.captures());
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static String rename(String text) {
        return EXCHANGED
                .matcher(text)
                .replaceAll(match -> match.group() + "-other")
                .replace("example.com", "example.net");
    }

    private static void compare(Capture capture, List<String> verdicts, List<String> messages) {
        Policy policy = Policy.parse(capture.policy());
        Verdict verdict =
                PolicyJudgement.of(policy, new CompiledPolicy(policy, TopologyReader.read(capture.topology())));
        String line = capture.id() + ": service " + capture.status() + " " + capture.message() + ", engine "
                + verdict.status() + " " + verdict.message();
        if (capture.status() != verdict.status()) {
            verdicts.add(line);
        } else if (!capture.message().equals(verdict.message())) {
            messages.add(line);
        }
    }
}
