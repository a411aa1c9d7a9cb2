package com.xonetwork.tailnet.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One YAML document of a page or of an example.
 *
 * @param line where it begins, counted from 1
 */
record YamlDocument(Path file, int line, String text) {

    private static final String FENCE = "```";

    /** All documents in the blocks of a Markdown file that are marked {@code yaml}. */
    static List<YamlDocument> inMarkdown(Path file) {
        var documents = new ArrayList<YamlDocument>();
        List<String> block = null;
        var blockLine = 0;
        var inOtherBlock = false;
        var lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            if (block != null && line.strip().equals(FENCE)) {
                documents.addAll(split(file, blockLine, block));
                block = null;
            } else if (block != null) {
                block.add(line);
            } else if (inOtherBlock) {
                inOtherBlock = !line.strip().equals(FENCE);
            } else if (line.strip().equals(FENCE + "yaml")) {
                block = new ArrayList<>();
                blockLine = i + 2;
            } else {
                inOtherBlock = line.strip().startsWith(FENCE);
            }
        }
        if (block != null) {
            throw new IllegalStateException(file + ":" + blockLine + ": the block does not end");
        }
        return documents;
    }

    /** All documents of a file of resources; none of a YAML file that is something else. */
    static List<YamlDocument> inResources(Path file) {
        var documents = split(file, 1, lines(file));
        return documents.stream().anyMatch(YamlDocument::hasApiVersion) ? documents : List.of();
    }

    private static List<YamlDocument> split(Path file, int firstLine, List<String> lines) {
        var documents = new ArrayList<YamlDocument>();
        var begin = 0;
        for (int i = 0; i <= lines.size(); i++) {
            if (i == lines.size() || lines.get(i).strip().equals("---")) {
                var text = String.join("\n", lines.subList(begin, i)).stripIndent();
                if (text.lines().anyMatch(line -> !line.isBlank() && !line.startsWith("#"))) {
                    documents.add(new YamlDocument(file, firstLine + begin, text));
                }
                begin = i + 1;
            }
        }
        return documents;
    }

    private boolean hasApiVersion() {
        return text.lines().anyMatch(line -> line.startsWith("apiVersion:"));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    /** Every document of the README, of {@code docs/} and of {@code examples/}. */
    static List<YamlDocument> all() {
        var markdown = Stream.concat(Stream.of(Path.of("README.md")), files("docs", ".md"));
        return Stream.of(
                        markdown.flatMap(file -> inMarkdown(file).stream()),
                        files("examples", ".md").flatMap(file -> inMarkdown(file).stream()),
                        Stream.of(".yaml", ".yml")
                                .flatMap(ending -> files("examples", ending))
                                .flatMap(file -> inResources(file).stream()))
                .flatMap(documents -> documents)
                .toList();
    }

    private static Stream<Path> files(String directory, String ending) {
        try (var files = Files.walk(Path.of(directory))) {
            return files.filter(file -> file.toString().endsWith(ending)).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(directory, e);
        }
    }

    @Override
    public String toString() {
        return file + ":" + line;
    }
}
