package com.xonetwork.tailnet.policy.hujson;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HuPathTest {

    private static final HuJsonDocument DOCUMENT = HuJsonDocument.parse("""
            {
              // comment
              "groups": {"group:a": ["x@y",
                "z@y"]},
              "ACLs": [
                {"src": ["*"],
                 "dst": ["a:1", "b:2"]},
              ],
            }""");

    @ParameterizedTest
    @ValueSource(strings = {"", "acls", "acls[2].src[0]", "groups[\"group:a\"][1]", "a[\"x\\\"y\\\\z\"].b", "a[0][1]"})
    void isReadAsItIsWritten(String path) {
        assertThat(HuPath.parse(path)).hasToString(path);
    }

    @Test
    void whatFollowsAPathIsLeft() {
        assertThat(HuPath.parse("acls[1].dst: must be a list")).hasToString("acls[1].dst");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "groups[\"group:a\"][1] | 4",
                "acls[0].dst[1] | 7",
                "acls[0] | 6",
                // The last that is there.
                "acls[0].proto | 6",
                "acls[5].src | 5",
                "ssh | 1",
            })
    void hasALine(String path, int line) {
        assertThat(DOCUMENT.place(HuPath.parse(path)).line()).isEqualTo(line);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4 | 1 | groups[\"group:a\"][1]",
                "7 | 1 | ACLs[0].dst",
                "7 | 20 | ACLs[0].dst[1]",
                "99 | 99 | ''",
                "0 | 0 | ''"
            })
    void isFoundByALine(int line, int column, String path) {
        assertThat(DOCUMENT.wayTo(DOCUMENT.offsetOf(new LineColumn(line, column))))
                .hasToString(path);
    }
}
