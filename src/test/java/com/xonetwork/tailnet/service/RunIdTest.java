package com.xonetwork.tailnet.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkiverse.resteasy.problem.HttpProblem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in URLs, and comes from anybody. */
class RunIdTest {

    @ParameterizedTest
    @CsvSource({"infra.ping-x7k2p, infra, ping-x7k2p", "infra.ping.v1.2-abc, infra, ping.v1.2-abc", "a.b, a, b"})
    void aNamespaceEndsWithTheFirstDot(String text, String namespace, String name) {
        var id = RunId.parse(text);
        assertThat(id).isEqualTo(new RunId(namespace, name));
        assertThat(id).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "infra",
                "infra.",
                ".ping",
                "Infra.ping",
                "infra.ping/log",
                "infra..ping",
                "../x",
                "a.b\n",
                "-a.b"
            })
    void whatIsNoIdIsNotFound(String text) {
        assertThatThrownBy(() -> RunId.parse(text))
                .isInstanceOf(HttpProblem.class)
                .extracting("statusCode")
                .isEqualTo(404);
    }

    @Test
    void aPositionIsTheIdOfAnEvent() {
        assertThat(StreamPosition.parse(null)).isEqualTo(new StreamPosition(1, 0));
        assertThat(StreamPosition.parse("")).isEqualTo(new StreamPosition(1, 0));
        assertThat(StreamPosition.parse("3-42"))
                .isEqualTo(new StreamPosition(3, 42))
                .hasToString("3-42");
    }

    @ParameterizedTest
    @ValueSource(strings = {"42", "0-1", "1-", "-1", "1--1", "1-9999999999999", "99999-1", "a-b"})
    void whatIsNoPositionIsABadRequest(String text) {
        assertThatThrownBy(() -> StreamPosition.parse(text))
                .isInstanceOf(HttpProblem.class)
                .extracting("statusCode")
                .isEqualTo(400);
    }
}
