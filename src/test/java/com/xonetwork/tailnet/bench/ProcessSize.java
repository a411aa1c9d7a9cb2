package com.xonetwork.tailnet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How big a JVM is.
 *
 * @param rssKib resident memory, KiB
 * @param liveBytes of the heap, after a full collection
 * @param managedFields live {@code ManagedFieldsEntry} objects: none where the caches drop them
 */
record ProcessSize(long rssKib, long liveBytes, long managedFields) {

    private static final Pattern ROW = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*");

    /** The resident memory is read before the collection that the rest needs. */
    static ProcessSize of(long pid) throws IOException, InterruptedException {
        var rss = rss(pid);
        var live = 0L;
        var entries = 0L;
        for (var line : histogram(pid)) {
            var row = ROW.matcher(line);
            if (row.matches()) {
                live += Long.parseLong(row.group(2));
                if (row.group(3).endsWith(".ManagedFieldsEntry")) {
                    entries = Long.parseLong(row.group(1));
                }
            }
        }
        return new ProcessSize(rss, live, entries);
    }

    private static List<String> histogram(long pid) throws IOException, InterruptedException {
        var java = Path.of(ProcessHandle.current().info().command().orElseThrow());
        var out = Files.createTempFile("histogram", ".txt");
        try {
            var process = new ProcessBuilder(
                            java.resolveSibling("jcmd").toString(), String.valueOf(pid), "GC.class_histogram")
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException("jcmd failed: " + Files.readString(out));
            }
            return Files.readAllLines(out);
        } finally {
            Files.delete(out);
        }
    }

    static long rss(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0L);
    }

    /** Processor time that it has used so far. */
    static long cpuMillis(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow()
                .toMillis();
    }
}
