package com.xonetwork.tailnet.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the documentation calls an object of the operator's own is what the documented installation calls it. {@code deploy/kustomize}
 * is the chart rendered for a release whose full name is {@code xo-tailnet-operator}; that of the documented release begins with its
 * name.
 */
class DocumentedNamesTest {

    private static final String NAMESPACE = "xo-tailnet-operator";
    private static final String OF_KUSTOMIZE = "xo-tailnet-operator";
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private static final Pattern INSTALL = Pattern.compile("helm install (\\S+) helm/xo-tailnet-operator");

    /** Kinds as people write them in front of a name, to kinds of manifests. */
    private static final Map<String, String> KINDS = Map.ofEntries(
            Map.entry("deploy", "Deployment"),
            Map.entry("deployment", "Deployment"),
            Map.entry("svc", "Service"),
            Map.entry("service", "Service"),
            Map.entry("sa", "ServiceAccount"),
            Map.entry("serviceaccount", "ServiceAccount"),
            Map.entry("lease", "Lease"),
            Map.entry("networkpolicy", "NetworkPolicy"),
            Map.entry("clusterrole", "ClusterRole"),
            Map.entry("clusterrolebinding", "ClusterRoleBinding"));

    /** {@code deploy/NAME}, {@code delete lease NAME}, {@code --clusterrole=NAME}, ClusterRole `NAME`. */
    private static final Pattern NAMED = Pattern.compile(
            "\\b(" + String.join("|", KINDS.keySet())
                    + ")[/= ]`?([a-z0-9<>.-]*(?:tailnet-operator|<release>)[a-z0-9.-]*)",
            Pattern.CASE_INSENSITIVE);

    /** These say how to install without Helm, where the names are those of deploy/kustomize. */
    private static final Set<Path> WITHOUT_HELM = Set.of(Path.of("docs/how-to/run-the-operator.md"));

    private static final String SECTION_WITHOUT_HELM = "## Without Helm";

    /** @param kind as in a manifest */
    private record Named(String kind, String name) {}

    @Test
    void everyNameIsOneThatTheDocumentedReleaseHas() throws IOException {
        var prefix = releaseName() + "-" + OF_KUSTOMIZE;
        var wrong = new ArrayList<String>();
        for (var page : pages()) {
            var ofHelm = ofHelm(page);
            NAMED.matcher(ofHelm).results().forEach(found -> {
                var kind = KINDS.get(found.group(1).toLowerCase(Locale.ROOT));
                if (!names(prefix).contains(new Named(kind, found.group(2)))) {
                    wrong.add(page + ": " + found.group());
                }
            });
        }
        assertThat(wrong)
                .as("names that %s does not have; it has %s", prefix, names(prefix))
                .isEmpty();
    }

    @Test
    void rightsAreGivenToTheAccountOfTheDocumentedRelease() throws IOException {
        var account = new Named("ServiceAccount", releaseName() + "-" + OF_KUSTOMIZE);
        for (var document : YamlDocument.all()) {
            var subjects = YAML.readTree(document.text()).path("subjects");
            for (var subject : subjects) {
                if (subject.path("namespace").asText().equals(NAMESPACE)) {
                    assertThat(new Named(
                                    subject.path("kind").asText(),
                                    subject.path("name").asText()))
                            .as("%s", document)
                            .isEqualTo(account);
                }
            }
        }
    }

    /** With the values of the last release alone, an upgrade to a chart that has a new value fails. */
    @Test
    void anUpgradeKeepsValuesAndTakesTheNewDefaults() throws IOException {
        for (var page : pages()) {
            assertThat(commands(Files.readString(page)))
                    .as("%s", page)
                    .filteredOn(command -> command.contains("helm upgrade"))
                    .noneMatch(command -> command.contains("--reuse-values"));
        }
    }

    private static String releaseName() throws IOException {
        var page = Files.readString(Path.of("docs/how-to/install-with-helm.md"));
        var install = INSTALL.matcher(page);
        assertThat(install.find()).as("the command that installs").isTrue();
        return install.group(1);
    }

    private static Set<Named> names(String prefix) {
        var names = new LinkedHashSet<Named>();
        try (var files = Files.list(Path.of("deploy/kustomize"))) {
            for (var file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                for (var document : YamlDocument.inResources(file)) {
                    JsonNode manifest = YAML.readTree(document.text());
                    var name = manifest.at("/metadata/name").asText();
                    names.add(new Named(
                            manifest.path("kind").asText(),
                            name.startsWith(OF_KUSTOMIZE) ? prefix + name.substring(OF_KUSTOMIZE.length()) : name));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // The operator makes it, by the name that the Deployment says.
        names.add(new Named("Lease", prefix));
        return names;
    }

    private static String ofHelm(Path page) throws IOException {
        if (WITHOUT_HELM.contains(page)) {
            return "";
        }
        var text = Files.readString(page);
        var end = text.indexOf(SECTION_WITHOUT_HELM);
        return end < 0 ? text : text.substring(0, end);
    }

    /** Blocks, with their continued lines joined, and what stands between backticks in a sentence. */
    private static List<String> commands(String page) {
        var joined = page.replaceAll("\\\\\\n\\s*", "");
        return Stream.concat(
                        joined.lines().filter(line -> line.strip().startsWith("helm ")),
                        Pattern.compile("`([^`\\n]+)`")
                                .matcher(joined)
                                .results()
                                .map(found -> found.group(1)))
                .collect(Collectors.toList());
    }

    private static Set<Path> pages() throws IOException {
        var pages = new TreeSet<>(Set.of(Path.of("README.md"), Path.of("SECURITY.md")));
        for (var root : List.of("docs", "examples", "helm")) {
            try (var files = Files.walk(Path.of(root))) {
                files.filter(file -> file.toString().endsWith(".md"))
                        .filter(file -> !file.startsWith("docs/adr"))
                        .forEach(pages::add);
            }
        }
        return pages;
    }
}
