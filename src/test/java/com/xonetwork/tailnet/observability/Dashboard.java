package com.xonetwork.tailnet.observability;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The Grafana dashboard that the chart ships: panels in rows, each one query or a few. */
final class Dashboard {

    static final Path FILE = Path.of("helm/xo-tailnet-operator/files/dashboard.json");

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final int WIDTH = 24;
    private static final int HEIGHT = 8;

    /** @param legend Grafana's template of a series' name */
    record Query(String expression, String legend) {}

    /** @param kind Grafana's word: {@code stat} or {@code timeseries} */
    record Panel(String title, String kind, String unit, List<Query> queries) {}

    private static final List<List<Panel>> ROWS = List.of(
            List.of(
                    stat("Replicas that reconcile", "short", "sum(xo_tailnet_leader)"),
                    stat("Devices online", "short", "sum(xo_tailnet_devices{state=\"online\"})"),
                    stat("Devices offline", "short", "sum(xo_tailnet_devices{state=\"offline\"})"),
                    stat("Resources that are not Ready", "short", "sum(xo_tailnet_resources{ready=\"False\"})"),
                    stat("Next node key expires in", "s", "min(xo_tailnet_device_key_expires_next_seconds)"),
                    stat("Runs that have not ended", "short", "sum(xo_tailnet_runs_live)")),
            List.of(
                    series(
                            "Devices",
                            "short",
                            "sum by (namespace, tailnet, state) (xo_tailnet_devices)",
                            "{{namespace}}/{{tailnet}} {{state}}"),
                    series(
                            "Devices without a TailnetNode, routes without approval",
                            "short",
                            new Query("xo_tailnet_devices_unmanaged", "{{namespace}}/{{tailnet}} unmanaged"),
                            new Query("xo_tailnet_routes_unapproved", "{{namespace}}/{{tailnet}} unapproved routes")),
                    series(
                            "Node keys that expire",
                            "short",
                            "sum by (within) (xo_tailnet_device_keys_expiring)",
                            "within {{within}}")),
            List.of(
                    series(
                            "Resources by Ready",
                            "short",
                            "sum by (kind, ready) (xo_tailnet_resources) > 0",
                            "{{kind}} {{ready}}"),
                    series(
                            "Longest wait for a reconciliation",
                            "s",
                            "max by (kind) (xo_tailnet_resources_oldest_unreconciled_seconds)",
                            "{{kind}}"),
                    series("Age of the device list", "s", "xo_tailnet_poll_age_seconds", "{{namespace}}/{{tailnet}}"),
                    series(
                            "Operator's clock ahead of the control plane's",
                            "s",
                            "xo_tailnet_clock_skew_seconds",
                            "{{namespace}}/{{tailnet}}")),
            List.of(
                    series(
                            "Calls to control planes",
                            "reqps",
                            "sum by (operation, code) (rate(xo_tailnet_control_plane_calls_seconds_count[5m]))",
                            "{{operation}} {{code}}"),
                    series(
                            "Time of a call",
                            "s",
                            "sum by (operation) (rate(xo_tailnet_control_plane_calls_seconds_sum[5m]))"
                                    + " / sum by (operation) (rate(xo_tailnet_control_plane_calls_seconds_count[5m]))",
                            "{{operation}}"),
                    series(
                            "Waiting for the call budget",
                            "s",
                            "sum(rate(xo_tailnet_control_plane_throttle_seconds_sum[5m]))",
                            "seconds in a second"),
                    series(
                            "Call budget left",
                            "percentunit",
                            "min(xo_tailnet_control_plane_budget_left_ratio)",
                            "of the burst")),
            List.of(
                    series("Policy in sync", "short", "xo_tailnet_policy_in_sync", "{{namespace}}/{{tailnet}}"),
                    series(
                            "Policies sent",
                            "short",
                            "sum by (result) (increase(xo_tailnet_policy_publications_total[1h]))",
                            "{{result}}"),
                    series(
                            "Deliveries of webhooks",
                            "short",
                            "sum by (outcome) (increase(xo_tailnet_webhook_deliveries_total[1h]))",
                            "{{outcome}}")),
            List.of(
                    series(
                            "Runs that ended",
                            "short",
                            "sum by (engine, phase) (increase(xo_tailnet_runs_seconds_count[1h]))",
                            "{{engine}} {{phase}}"),
                    series(
                            "Unhealthy nodes, storms",
                            "short",
                            new Query("xo_tailnet_heal_unhealthy", "{{namespace}}/{{policy}} unhealthy"),
                            new Query("xo_tailnet_heal_storm", "{{namespace}}/{{policy}} storm")),
                    series(
                            "Remedies started, by rung",
                            "short",
                            "sum by (namespace, policy, rung) (increase(xo_tailnet_heal_remediations_total[1h]))",
                            "{{namespace}}/{{policy}} {{rung}}")));

    private Dashboard() {}

    private static Panel stat(String title, String unit, String expression) {
        return new Panel(title, "stat", unit, List.of(new Query(expression, "")));
    }

    private static Panel series(String title, String unit, String expression, String legend) {
        return series(title, unit, new Query(expression, legend));
    }

    private static Panel series(String title, String unit, Query... queries) {
        return new Panel(title, "timeseries", unit, List.of(queries));
    }

    static Stream<String> expressions() {
        return ROWS.stream()
                .flatMap(List::stream)
                .flatMap(panel -> panel.queries().stream())
                .map(Query::expression);
    }

    static String json() throws JsonProcessingException {
        var root = JSON.createObjectNode()
                .put("uid", "xo-tailnet-operator")
                .put("title", "XO Tailnet Operator")
                .put("schemaVersion", 39)
                .put("refresh", "30s")
                .put("editable", true);
        root.putArray("tags").add("tailscale").add("headscale");
        root.putObject("time").put("from", "now-6h").put("to", "now");
        root.putObject("templating")
                .putArray("list")
                .addObject()
                .put("name", "datasource")
                .put("label", "Data source")
                .put("type", "datasource")
                .put("query", "prometheus");
        var panels = root.putArray("panels");
        int id = 1;
        for (int row = 0; row < ROWS.size(); row++) {
            var inRow = ROWS.get(row);
            int width = WIDTH / inRow.size();
            for (int column = 0; column < inRow.size(); column++) {
                var panel = panels.addObject();
                panel.putObject("gridPos")
                        .put("h", HEIGHT)
                        .put("w", width)
                        .put("x", column * width)
                        .put("y", row * HEIGHT);
                fill(panel.put("id", id++), inRow.get(column));
            }
        }
        return JSON.writeValueAsString(root) + "\n";
    }

    private static void fill(ObjectNode json, Panel panel) {
        json.put("title", panel.title()).put("type", panel.kind());
        json.putObject("datasource").put("type", "prometheus").put("uid", "${datasource}");
        json.putObject("fieldConfig").putObject("defaults").put("unit", panel.unit());
        var targets = json.putArray("targets");
        char ref = 'A';
        for (var query : panel.queries()) {
            targets.addObject()
                    .put("refId", String.valueOf(ref++))
                    .put("expr", query.expression())
                    .put("legendFormat", query.legend());
        }
    }
}
