package com.xonetwork.tailnet.policy.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/**
 * What there is to say about one policy.
 *
 * @param findings why it is not fine; the first is what the service would answer
 * @param warnings what is accepted and probably not meant
 */
record FileReport(Path file, List<Remark> findings, List<Remark> warnings) {

    FileReport {
        findings = List.copyOf(findings);
        warnings = List.copyOf(warnings);
    }

    /** @param place {@code line 3, column 7 (acls[0].dst[1])} */
    record Remark(String place, String message) {}

    /** Prints all and says how the command ends. */
    static int print(List<FileReport> reports, OutputFormat output, PrintWriter out) {
        if (output == OutputFormat.JSON) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            ArrayNode files = json.putArray("files");
            reports.forEach(report -> report.write(files.addObject()));
            out.println(json.toPrettyString());
        } else {
            reports.forEach(report -> report.write(out));
        }
        out.flush();
        return reports.stream().allMatch(report -> report.findings().isEmpty()) ? PolicyTool.FINE : PolicyTool.FINDING;
    }

    private void write(PrintWriter out) {
        findings.forEach(finding -> out.println(file + ": " + finding.place() + ": " + finding.message()));
        warnings.forEach(warning -> out.println(file + ": " + warning.place() + ": warning: " + warning.message()));
        if (findings.isEmpty()) {
            out.println(file + ": fine");
        }
    }

    private void write(ObjectNode json) {
        json.put("file", file.toString()).put("fine", findings.isEmpty());
        write(findings, json.putArray("findings"));
        write(warnings, json.putArray("warnings"));
    }

    private static void write(List<Remark> remarks, ArrayNode json) {
        remarks.forEach(remark -> json.addObject().put("place", remark.place()).put("message", remark.message()));
    }
}
