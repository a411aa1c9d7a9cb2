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
import org.junit.jupiter.api.Test;

class CapturesValidationTest {

    @Test
    void judgesAsTheServiceDoes() {
        List<String> verdicts = new ArrayList<>();
        List<String> messages = new ArrayList<>();
        int all = 0;
        for (Capture capture : Captures.all()) {
            all++;
            Verdict verdict = judge(capture);
            String line = capture.id() + ": theirs " + capture.status() + " " + capture.message() + " | ours "
                    + verdict.status() + " " + verdict.message();
            if (capture.status() != verdict.status()) {
                verdicts.add(line);
            } else if (!capture.message().equals(verdict.message())) {
                messages.add(line);
            }
        }
        System.out.println("verdicts: " + (all - verdicts.size()) + " of " + all + ", messages: "
                + (all - verdicts.size() - messages.size()) + " of " + all);
        assertThat(verdicts).isEmpty();
        assertThat(messages).isEmpty();
    }

    private static Verdict judge(Capture capture) {
        Policy policy = Policy.parse(capture.policy());
        return PolicyJudgement.of(policy, new CompiledPolicy(policy, TopologyReader.read(capture.topology())));
    }
}
