package com.xonetwork.tailnet.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YamlDocumentTest {

    @TempDir
    Path directory;

    @Test
    void findsEachDocumentOfAMarkedBlockWithItsLine() throws IOException {
        var page = Files.writeString(directory.resolve("page.md"), """
                # Title

                ```
                ```yaml is only text here
                ```

                ```yaml
                kind: A
                ---
                kind: B
                ```

                  ```yaml
                  kind: C
                    nested: true
                  ```
                """);

        assertThat(YamlDocument.inMarkdown(page))
                .extracting(YamlDocument::line, YamlDocument::text)
                .containsExactly(tuple(8, "kind: A"), tuple(10, "kind: B"), tuple(14, "kind: C\n  nested: true"));
    }

    @Test
    void leavesOutCommentsBetweenDocumentsAndFilesWithoutResources() throws IOException {
        var resources = Files.writeString(directory.resolve("a.yaml"), "# first\n---\napiVersion: v1\nkind: Secret\n");
        var values = Files.writeString(directory.resolve("values.yaml"), "replicas: 1\n");

        assertThat(YamlDocument.inResources(resources))
                .extracting(YamlDocument::line)
                .containsExactly(3);
        assertThat(YamlDocument.inResources(values)).isEmpty();
    }

    @Test
    void theDocumentationHasSome() {
        assertThat(YamlDocument.all())
                .extracting(document -> document.file().toString())
                .contains("README.md", "docs/concepts/policy.md", "examples/tailscale/10-tailnet.yaml");
    }
}
