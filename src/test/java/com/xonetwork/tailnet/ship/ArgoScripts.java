package com.xonetwork.tailnet.ship;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.xonetwork.tailnet.testing.Kinds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.jse.JsePlatform;

/** Runs the scripts that are shipped for Argo CD, as it does: the resource is the global {@code obj}. */
final class ArgoScripts {

    static final Path ROOT = Path.of("deploy/argocd/resource_customizations/tailnet.xo-network.com");
    /** Has no action and no state of its own. */
    private static final String PLAIN = "NodeClass";

    static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String CONFIG_MAP = """
            # Health and actions of all kinds, from resource_customizations/ beside it; hack/crds writes it. Merge it into yours:
            #   kubectl -n argocd patch configmap argocd-cm --patch-file deploy/argocd/argocd-cm.yaml
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: argocd-cm
              namespace: argocd
              labels:
                app.kubernetes.io/part-of: argocd
            data:
            """;

    /** What Argo CD shows. */
    record Health(String status, String message) {}

    private ArgoScripts() {}

    static List<Path> kinds() {
        try (Stream<Path> kinds = Files.list(ROOT)) {
            return kinds.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A kind that has no folder yet begins with what is the same for all. */
    static void writeMissing() throws IOException {
        for (var kind : Kinds.names()) {
            if (Files.exists(ROOT.resolve(kind))) {
                continue;
            }
            try (var files = Files.walk(ROOT.resolve(PLAIN))) {
                for (var file : files.filter(file -> !Files.isDirectory(file)).toList()) {
                    copy(file, ROOT.resolve(kind).resolve(ROOT.resolve(PLAIN).relativize(file)), kind);
                }
            }
        }
    }

    private static void copy(Path file, Path to, String kind) throws IOException {
        Files.createDirectories(Objects.requireNonNull(to.getParent()));
        if (Files.isSymbolicLink(file)) {
            Files.createSymbolicLink(to, Files.readSymbolicLink(file));
        } else {
            Files.writeString(to, Files.readString(file).replaceAll("(?m)^kind: " + PLAIN + "$", "kind: " + kind));
        }
    }

    static Health health(String kind, JsonNode resource) {
        var told = run(ROOT.resolve(kind).resolve("health.lua"), resource);
        return new Health(told.get("status").tojstring(), told.get("message").tojstring());
    }

    /** @return whether each action is offered, by its name */
    static LuaTable actions(String kind, JsonNode resource) {
        return run(ROOT.resolve(kind).resolve("actions/discovery.lua"), resource)
                .checktable();
    }

    /** What an action makes of the resource. */
    static JsonNode act(String kind, String action, JsonNode resource) {
        return json(run(ROOT.resolve(kind).resolve("actions/" + action + "/action.lua"), resource));
    }

    /** The same scripts as a patch of Argo CD's ConfigMap, in whose keys no wildcard can stand. */
    static String configMap() throws IOException {
        var text = new StringBuilder(CONFIG_MAP);
        for (var kind : kinds()) {
            var of = "tailnet.xo-network.com_" + kind.getFileName() + ": |\n";
            text.append("  resource.customizations.health.").append(of).append(script(kind.resolve("health.lua"), 4));
            text.append("  resource.customizations.actions.").append(of);
            text.append("    discovery.lua: |\n").append(script(kind.resolve("actions/discovery.lua"), 6));
            text.append("    definitions:\n");
            try (var actions = Files.list(kind.resolve("actions"))) {
                for (var action : actions.filter(Files::isDirectory).sorted().toList()) {
                    text.append("      - name: ").append(action.getFileName()).append('\n');
                    text.append("        action.lua: |\n").append(script(action.resolve("action.lua"), 10));
                }
            }
        }
        return text.toString();
    }

    private static String script(Path file, int indentation) throws IOException {
        return Files.readString(file).indent(indentation);
    }

    private static LuaValue run(Path script, JsonNode resource) {
        try {
            Globals globals = JsePlatform.standardGlobals();
            globals.set("obj", lua(resource));
            return globals.load(Files.readString(script), script.toString()).call();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As it comes from the API server. */
    static JsonNode json(Object resource) {
        return JSON.valueToTree(resource);
    }

    private static LuaValue lua(JsonNode json) {
        return switch (json.getNodeType()) {
            case OBJECT -> {
                var table = new LuaTable();
                json.properties().forEach(field -> table.set(field.getKey(), lua(field.getValue())));
                yield table;
            }
            case ARRAY -> {
                var table = new LuaTable();
                for (int i = 0; i < json.size(); i++) {
                    table.set(i + 1, lua(json.get(i)));
                }
                yield table;
            }
            case STRING -> LuaValue.valueOf(json.asText());
            case BOOLEAN -> LuaValue.valueOf(json.asBoolean());
            case NUMBER -> LuaValue.valueOf(json.asDouble());
            default -> LuaValue.NIL;
        };
    }

    private static JsonNode json(LuaValue value) {
        if (value.istable()) {
            var table = value.checktable();
            if (table.length() > 0) {
                var array = JSON.createArrayNode();
                for (int i = 1; i <= table.length(); i++) {
                    array.add(json(table.get(i)));
                }
                return array;
            }
            ObjectNode object = JSON.createObjectNode();
            for (var key : table.keys()) {
                object.set(key.tojstring(), json(table.get(key)));
            }
            return object;
        }
        if (value.isboolean()) {
            return JSON.getNodeFactory().booleanNode(value.toboolean());
        }
        // A string that looks like a number is one to isnumber().
        return value.type() == LuaValue.TNUMBER
                ? JSON.getNodeFactory().numberNode(value.tolong())
                : JSON.getNodeFactory().textNode(value.tojstring());
    }

    static JsonNode yaml(String text) {
        try {
            return YAML.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
