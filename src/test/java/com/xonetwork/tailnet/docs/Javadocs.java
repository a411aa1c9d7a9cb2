package com.xonetwork.tailnet.docs;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Reads Javadoc from sources. Class files do not have it. */
final class Javadocs {

    private Javadocs() {}

    /** The Javadoc of each method that has one, as one line of Markdown, by {@code Type.method}. */
    static Map<String, String> ofMethods(Path source) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            var task = (JavacTask)
                    compiler.getTask(null, files, null, List.of("-proc:none"), null, files.getJavaFileObjects(source));
            var trees = DocTrees.instance(task);
            var found = new TreeMap<String, String>();
            for (var unit : task.parse()) {
                new TreePathScanner<@Nullable Void, String>() {
                    @Override
                    public @Nullable Void visitClass(ClassTree type, String outer) {
                        return super.visitClass(type, type.getSimpleName().toString());
                    }

                    @Override
                    public @Nullable Void visitMethod(MethodTree method, String type) {
                        var text = trees.getDocComment(getCurrentPath());
                        if (text != null) {
                            found.put(type + "." + method.getName(), markdown(text));
                        }
                        return super.visitMethod(method, type);
                    }
                }.scan(unit, "");
            }
            return found;
        }
    }

    private static String markdown(String javadoc) {
        return javadoc.replaceAll("\\{@code ([^}]*)}", "`$1`")
                .replaceAll("\\s+", " ")
                .replace("|", "\\|")
                .strip();
    }
}
