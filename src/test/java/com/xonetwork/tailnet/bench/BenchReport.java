package com.xonetwork.tailnet.bench;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.xonetwork.tailnet.testbed.OperatorProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Makes one report of what the benches have measured.
 *
 * @param machine what it was measured on, by what it is called
 * @param rows in the order of their sections
 */
record BenchReport(Map<String, String> machine, List<Row> rows) {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    BenchReport {
        machine = new TreeMap<>(machine);
        rows = rows.stream()
                .sorted((one, other) -> one.section().compareTo(other.section()))
                .toList();
    }

    /**
     * @param arguments {@code write DIRECTORY KEY=VALUE...} writes {@code benchmarks.md} and {@code benchmarks.json} there, with what
     *     is said of the machine; {@code compare FILE} prints what has been measured beside such a JSON file
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 2) {
            throw new IllegalArgumentException("write DIRECTORY KEY=VALUE... | compare FILE");
        }
        var path = Path.of(arguments[1]);
        var machine = Arrays.stream(arguments)
                .skip(2)
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        var now = new BenchReport(machine, measured(Sheet.DIRECTORY));
        if (arguments[0].equals("compare")) {
            System.out.print(now.besides(JSON.readValue(path.toFile(), BenchReport.class)));
        } else {
            Files.writeString(path.resolve("benchmarks.md"), now.page());
            Files.writeString(path.resolve("benchmarks.json"), JSON.writeValueAsString(now) + "\n");
            System.out.print(now.page());
        }
    }

    private static List<Row> measured(Path directory) throws IOException {
        var rows = new ArrayList<Row>();
        try (var sheets = Files.list(directory)) {
            for (var sheet : sheets.filter(file -> file.toString().endsWith(Sheet.SUFFIX))
                    .sorted()
                    .toList()) {
                for (var line : Files.readAllLines(sheet)) {
                    rows.add(JSON.readValue(line, Row.class));
                }
            }
        }
        return rows;
    }

    String page() {
        var page = new StringBuilder("""
                # Benchmarks

                <!-- Written by hack/bench --report. -->

                `hack/bench` measures this on your machine; `hack/bench --compare docs/benchmarks.json` puts yours beside these. Every figure
                stands beside a reference of the same run: a slow machine slows both. A real API server, etcd and the operator share the machine,
                the control plane is the simulator on loopback, and both JVMs have the options and the memory limit that the chart gives a pod:
                `%s`.
                With 10,000 nodes the no-op reconciler runs out of that memory. It has 1 GiB there.

                """.formatted(String.join(" ", OperatorProcess.JVM_OPTIONS)));
        machine.forEach((name, value) ->
                page.append("- ").append(name).append(": ").append(value).append('\n'));
        bySection().forEach((section, figures) -> {
            page.append("\n## ").append(section.title()).append("\n\n");
            if (!section.reference().isEmpty()) {
                page.append("Reference: ").append(section.reference()).append(".\n\n");
            }
            page.append("| | operator | reference | ratio | goal | met |\n|---|---|---|---|---|---|\n");
            figures.forEach(row -> page.append(line(row)));
        });
        return page.toString();
    }

    private static String line(Row row) {
        var ratio = row.ratio();
        var met = row.met();
        var goal = row.goalRatio() != null
                ? "ratio " + Row.number(row.goalRatio())
                : row.goal() == null ? "" : row.amount(row.goal());
        return "| %s | %s | %s | %s | %s | %s |\n"
                .formatted(
                        row.what(),
                        row.amount(row.value()),
                        row.reference() == null ? "" : row.amount(row.reference()),
                        ratio == null ? "" : Row.number(ratio),
                        goal,
                        met == null ? "" : met ? "yes" : "**no**");
    }

    /** What both have, and how they compare: the operator's figures, and what is left when the machine is taken out. */
    String besides(BenchReport before) {
        var earlier = before.rows().stream().collect(Collectors.toMap(BenchReport::key, Function.identity()));
        var text = new StringBuilder(
                "| | before | now | now / before | the same of the ratios to the reference |\n|---|---|---|---|---|\n");
        for (var row : rows) {
            var then = earlier.get(key(row));
            if (then != null && then.value() != 0) {
                var ratio = row.ratio();
                var ratioThen = then.ratio();
                text.append("| %s | %s | %s | %s | %s |\n"
                        .formatted(
                                key(row),
                                then.amount(then.value()),
                                row.amount(row.value()),
                                Row.number(row.value() / then.value()),
                                ratio == null || ratioThen == null || ratioThen == 0
                                        ? ""
                                        : Row.number(ratio / ratioThen)));
            }
        }
        return text.toString();
    }

    private static String key(Row row) {
        return row.section().title() + ": " + row.what();
    }

    private Map<Section, List<Row>> bySection() {
        return rows.stream().collect(Collectors.groupingBy(Row::section, TreeMap::new, Collectors.toList()));
    }
}
