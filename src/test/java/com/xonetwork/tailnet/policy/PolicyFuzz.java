package com.xonetwork.tailnet.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.policy.Captures.Capture;
import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import com.xonetwork.tailnet.policy.document.PolicySyntaxException;
import com.xonetwork.tailnet.policy.document.PolicyText;
import com.xonetwork.tailnet.policy.hujson.HuJsonDocument;
import com.xonetwork.tailnet.policy.hujson.HuJsonSyntaxException;
import com.xonetwork.tailnet.policy.hujson.HuValue;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuArray;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuObject;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.tests.PolicyJudgement;
import com.xonetwork.tailnet.policy.topology.Topology;
import com.xonetwork.tailnet.policy.topology.TopologyReader;
import com.xonetwork.tailnet.policy.validate.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Spoils captured policies and puts them through the whole engine: any text ends in an answer or in the one typed
 * exception. {@code PolicyFuzzTest} does a little of it in every build; {@code main} goes on for as many seconds as it is
 * told to and prints the seed of what it finds.
 */
public final class PolicyFuzz {

    private static final List<String> TOKENS = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "null",
            "true",
            "-1",
            "1e400",
            "0",
            "\"\"",
            "//",
            "/*",
            "*/",
            "\n",
            "\\",
            "\\u",
            "\\ud800",
            "\u0000",
            "\uFEFF",
            "é",
            "*",
            "\"*\"",
            "\"tag:\"",
            "\"tag:x\"",
            "\"group:\"",
            "\"autogroup:self\"",
            "\"autogroup:\"",
            "\"svc:a\"",
            "\"ipset:a\"",
            "\"user:*@\"",
            "\"@\"",
            "\"0.0.0.0/0\"",
            "\"::/0\"",
            "\"::/129\"",
            "\"1.2.3.4-1.2.3.3\"",
            "\"*:*\"",
            "\"tag:server:1-2-3\"",
            "\":\"",
            "\"[]:1\"",
            "\"a:99999999999999999999\"",
            "\"ipsets\"",
            "\"postures\"",
            "\"srcPosture\"",
            "\"ACLS\"",
            "\"via\"",
            "[]",
            "{}",
            "[[]]",
            "{\"a\":[{}]}",
            "\"node:os IN ['a',]\"",
            "\"9999999999h\"",
            "\"-0s\"");

    private final List<Capture> captures = Captures.all();
    private final List<Topology> topologies = captures.stream()
            .map(capture -> TopologyReader.read(capture.topology()))
            .toList();

    public static void main(String[] args) {
        long end =
                System.nanoTime() + Duration.ofSeconds(Long.parseLong(args[0])).toNanos();
        long seed = args.length > 1 ? Long.parseLong(args[1]) : new Random().nextLong();
        PolicyFuzz fuzz = new PolicyFuzz();
        long tries = 0;
        for (; System.nanoTime() < end; seed++, tries++) {
            fuzz.attempt(seed);
        }
        System.out.println(tries + " tries, nothing found");
    }

    /** One try. The same seed spoils the same policy in the same way. */
    public void attempt(long seed) {
        Random random = new Random(seed);
        int which = random.nextInt(captures.size());
        String text = spoil(captures.get(which).policy(), random);
        try {
            check(text, topologies.get(which), random);
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed + ": " + text, e);
        }
    }

    private static String spoil(String policy, Random random) {
        String text = policy;
        for (int i = random.nextInt(4); i >= 0; i--) {
            text = random.nextInt(3) > 0 ? replaceValue(text, random) : spoilText(text, random);
        }
        return text;
    }

    private static String spoilText(String text, Random random) {
        int from = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), from + random.nextInt(12));
        String piece = switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 -> text.substring(from, to).repeat(2);
            case 2 -> String.valueOf((char) random.nextInt(0x10000));
            default -> TOKENS.get(random.nextInt(TOKENS.size()));
        };
        return text.substring(0, from) + piece + text.substring(to);
    }

    /** Keeps the text in form, so that what is spoilt gets further than the parser. */
    private static String replaceValue(String text, Random random) {
        HuValue root;
        try {
            root = HuJsonDocument.parse(text).root();
        } catch (HuJsonSyntaxException e) {
            return spoilText(text, random);
        }
        List<HuValue> values = new ArrayList<>();
        collect(root, values);
        HuValue victim = values.get(random.nextInt(values.size()));
        HuValue other = values.get(random.nextInt(values.size()));
        String piece = random.nextBoolean()
                ? TOKENS.get(random.nextInt(TOKENS.size()))
                : text.substring(other.start(), other.end());
        return text.substring(0, victim.start()) + piece + text.substring(victim.end());
    }

    private static void collect(HuValue value, List<HuValue> values) {
        values.add(value);
        switch (value) {
            case HuObject object ->
                object.members().forEach(member -> {
                    values.add(member.name());
                    collect(member.value(), values);
                });
            case HuArray array -> array.elements().forEach(element -> collect(element.value(), values));
            default -> {}
        }
    }

    private static void check(String text, Topology topology, Random random) {
        HuJsonDocument document;
        try {
            document = HuJsonDocument.parse(text.getBytes(StandardCharsets.UTF_8));
        } catch (HuJsonSyntaxException e) {
            assertThat(e.line()).isPositive();
            assertThat(e.column()).isPositive();
            return;
        }
        Policy policy = Policy.read(document);
        CompiledPolicy compiled = new CompiledPolicy(policy, topology);
        Verdict verdict = PolicyJudgement.of(policy, compiled);
        assertThat(verdict.accepted()).isEqualTo(verdict.message().isEmpty());
        verdict.findings()
                .forEach(finding -> assertThat(policy.describe(finding.span())).startsWith("line "));
        for (int node = 0; node < topology.nodes().size(); node++) {
            assertThat(compiled.packetFilter(node)).isNotNull();
            assertThat(compiled.sshRules(node)).isNotNull();
        }
        try {
            PolicyText.parse(document.text());
        } catch (PolicySyntaxException e) {
            assertThat(e).hasMessageStartingWith("line ");
        }
    }
}
