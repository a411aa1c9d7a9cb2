package com.xonetwork.tailnet.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventRulesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final Set<String> HOSTS = Set.of("web-1", "web-2");

    private static Optional<RunEvent> kept(String json) {
        try {
            return EventRules.kept(JSON.readValue(json, RunEvent.class), HOSTS, NOW);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatTheContractHasIsKeptAsItIs() throws JsonProcessingException {
        var json = "{\"counter\":7,\"time\":\"2026-11-24T09:59:59.123Z\",\"type\":\"host_ok\",\"host\":\"web-1\","
                + "\"task\":\"Ping\",\"changed\":true,\"message\":\"m\",\"text\":\"t\"}";
        assertThat(kept(json)).contains(JSON.readValue(json, RunEvent.class));
        assertThat(JSON.writeValueAsString(kept(json).orElseThrow())).isEqualTo(json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"counter\":1,\"type\":\"invented\"}",
                "{\"counter\":1,\"type\":\"\"}",
                "{\"counter\":1,\"type\":\"run_finished\"}",
                "{\"counter\":1,\"type\":\"run_finished\",\"data\":{\"v\":0,\"x\":\"much\"}}",
                "{\"counter\":1,\"type\":\"host_keys\",\"data\":null}",
            })
    void whatItHasNotIsNot(String json) {
        assertThat(kept(json)).isEmpty();
    }

    @Test
    void eachTextHasAnEnd() {
        var long1 = "x".repeat(100_000);
        var event = kept("{\"counter\":1,\"time\":\"" + long1
                        + "\",\"type\":\"host_failed\",\"host\":\"web-1\",\"task\":\""
                        + long1 + "\",\"message\":\"" + long1 + "\",\"text\":\"" + long1 + "\",\"data\":{\"x\":\""
                        + long1
                        + "\"},\"unheardOf\":\"" + long1 + "\"}")
                .orElseThrow();
        assertThat(event.time()).isEqualTo(NOW.toString());
        assertThat(event.task()).hasSize(EventRules.LONGEST_TASK).endsWith("…");
        assertThat(event.message()).hasSize(EventRules.LONGEST_MESSAGE);
        assertThat(event.text()).hasSize(EventRules.LONGEST_TEXT);
        assertThat(event.data()).isNull();
        assertThat(event.truncated()).isTrue();
    }

    /** A playbook may do something on the runner itself, or name machines as it likes. */
    @Test
    void whatIsOfNoMachineOfTheOrderIsOutput() {
        var event = kept("{\"counter\":1,\"type\":\"host_failed\",\"host\":\"localhost\",\"text\":\"worth reading\"}")
                .orElseThrow();
        assertThat(event.type()).isEqualTo("output");
        assertThat(event.host()).isNull();
        assertThat(event.text()).isEqualTo("worth reading");
    }

    @Test
    void aSummaryIsOfTheOrdersMachinesAndItsTextsAreShort() {
        var long1 = "x".repeat(10_000);
        var event =
                kept("{\"counter\":1,\"type\":\"run_finished\",\"data\":{\"v\":1,\"attempt\":1,\"status\":\"finished\",\"lastCounter\":1,"
                                + "\"redactions\":0,\"reason\":\"" + long1 + "\",\"message\":\"" + long1
                                + "\",\"totals\":{\"total\":1,\"ok\":0,\"changed\":0,\"failed\":1,\"unreachable\":0,\"skipped\":0},\"hosts\":["
                                + "{\"n\":\"web-1\",\"s\":\"failed\",\"t\":\"" + long1 + "\",\"e\":\"" + long1
                                + "\"},{\"n\":\"" + long1
                                + "\",\"s\":\"ok\"},{\"n\":\"db-1\",\"s\":\"ok\"}],\"more\":0,\"x\":\""
                                + long1 + "\"}}")
                        .orElseThrow();
        var summary = RunSummary.of(event.data()).orElseThrow();
        assertThat(summary.hosts()).singleElement().satisfies(host -> {
            assertThat(host.name()).isEqualTo("web-1");
            assertThat(host.firstError()).hasSize(512);
        });
        assertThat(String.valueOf(event.data())).hasSizeLessThan(2_000);
    }

    @Test
    void aSummaryOfTheLargestOrderStaysWithinALine() {
        var names = IntStream.range(0, 2_000)
                .mapToObj(i -> "web-%04d".formatted(i) + "-x".repeat(120))
                .collect(Collectors.toSet());
        var hosts = names.stream()
                .map(name -> "{\"n\":\"" + name + "\",\"s\":\"failed\",\"t\":\"" + "ä".repeat(300) + "\",\"e\":\""
                        + "ö".repeat(600) + "\"}")
                .collect(Collectors.joining(","));
        var summary = RunSummary.parse(
                        "{\"v\":1,\"attempt\":1,\"status\":\"finished\",\"totals\":{},\"hosts\":[" + hosts + "]}")
                .orElseThrow()
                .of(names);
        assertThat(summary.hosts()).hasSize(2_000);
        assertThat(summary.toJson().toString().getBytes(StandardCharsets.UTF_8))
                .hasSizeLessThan(EventFile.LONGEST_LINE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "100.64.0.7 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==",
                "[web-1.example.com]:2222 ecdsa-sha2-nistp256 AAAAE2VjZHNh",
                "web-1,100.64.0.7 ssh-rsa AAAAB3NzaC1yc2E= comment",
                "|1|JfKTdBh7rNbXkVAQCRp4OQoPfmI=|USECr3SWf1JUPsms5AqfD5QfxkM= ssh-rsa AAAAB3Nza",
            })
    void hostKeysAreOfHosts(String line) {
        assertThat(lines(line)).containsExactly(line);
    }

    /** Each of them would be believed for machines that this run has never seen. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "* ssh-ed25519 AAAAevil",
                "web-? ssh-ed25519 AAAAevil",
                "!web-1,* ssh-ed25519 AAAAevil",
                "@cert-authority * ssh-ed25519 AAAAca",
                "@revoked web-1 ssh-ed25519 AAAA",
                "# ssh-ed25519 AAAA",
                "web-1 ssh-ed25519 AAAA\\n* ssh-ed25519 AAAA",
                "",
            })
    void whatIsNoKeyOfOneHostIsLeftOut(String line) {
        assertThat(lines(line)).isEmpty();
    }

    private static List<String> lines(String line) {
        var found = new ArrayList<String>();
        kept("{\"counter\":1,\"type\":\"host_keys\",\"data\":{\"lines\":[\"" + line + "\"]}}")
                .orElseThrow()
                .data()
                .path("lines")
                .forEach(text -> found.add(text.asText()));
        return found;
    }
}
