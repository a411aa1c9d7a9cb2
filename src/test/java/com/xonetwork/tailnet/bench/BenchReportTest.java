package com.xonetwork.tailnet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BenchReportTest {

    private static final Row START = Row.of(Section.START, "to the first status", "s", 3);
    private static final Row CHANGE = Row.of(Section.CHANGE, "p99", "ms", 42);

    private static BenchReport report(Row... rows) {
        return new BenchReport(Map.of("Processor", "2 of some make"), List.of(rows));
    }

    @Test
    void everyFigureStandsBesideItsReferenceAndGoal() {
        assertThat(report(CHANGE.beside(20).goal(50), START.beside(2).goalRatio(1.3))
                        .page()
                        .lines()
                        .filter(line -> line.startsWith("##") || line.startsWith("| ") && !line.startsWith("| |")))
                .containsExactly(
                        "## Start",
                        "| to the first status | 3 s | 2 s | 1.5 | ratio 1.3 | **no** |",
                        "## From a changed spec to Ready",
                        "| p99 | 42 ms | 20 ms | 2.1 | 50 ms | yes |");
    }

    @Test
    void withoutAReferenceThereIsNoRatioAndNothingIsDividedByZero() {
        assertThat(report(CHANGE, START.beside(0)).page())
                .contains("| p99 | 42 ms |  |  |  |  |", "| to the first status | 3 s | 0 s |  |  |  |");
    }

    @Test
    void itIsComparedWithAnEarlierOneThroughTheFileThatItIsWrittenTo() throws Exception {
        var json = new JsonMapper();
        var before = json.readValue(
                json.writeValueAsString(
                        report(START.beside(2), CHANGE, Row.of(Section.POLL, "measured no more", "ms", 1))),
                BenchReport.class);
        assertThat(report(
                                Row.of(Section.START, START.what(), "s", 6).beside(4),
                                CHANGE,
                                Row.of(Section.POLL, "new", "ms", 1))
                        .besides(before)
                        .lines()
                        .skip(2))
                .containsExactly(
                        "| Start: to the first status | 3 s | 6 s | 2 | 1 |",
                        "| From a changed spec to Ready: p99 | 42 ms | 42 ms | 1 |  |");
    }

    @Test
    void numbersHaveThreeDigitsOrAllOfThoseBeforeThePoint() {
        assertThat(List.of(0.0, 0.123, 1.0, 12.34, 123.4, 12_345.0))
                .extracting(Row::number)
                .containsExactly("0", "0.12", "1", "12.3", "123", "12,345");
    }
}
