package com.xonetwork.tailnet.simulator;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Runs a simulator by itself, for trying things by hand and for load. */
public final class SimulatorMain {

    private static final String USAGE = """
            Usage: simulator [--port N] [--devices N] [--oauth ID:SECRET]... [--api-key KEY]... [--profile saas|minimal]

            Simulates the Tailscale API v2 on 127.0.0.1 until it is stopped.

              --port N           listen on this port (default: any free one)
              --devices N        start with so many devices (default: 0)
              --oauth ID:SECRET  accept this OAuth client, with all scopes
              --api-key KEY      accept this API access token, with all scopes
              --profile NAME     saas: Tailscale's own service (default); minimal: Headscale's subset
              --help             show this
            """;

    private SimulatorMain() {}

    public static void main(String[] args) {
        try {
            run(List.of(args), System.out)
                    .ifPresent(simulator -> Runtime.getRuntime().addShutdownHook(new Thread(simulator::close)));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println();
            System.err.println(USAGE);
            System.exit(2);
        }
    }

    /** Starts what the arguments ask for; nothing when they only ask for help. Its own threads keep it running. */
    static Optional<TailnetSimulator> run(List<String> args, PrintStream out) {
        var options = SimulatorOptions.defaults();
        var devices = 0;
        var clients = new ArrayDeque<String[]>();
        var apiKeys = new ArrayDeque<String>();
        var rest = new ArrayDeque<>(args);
        while (!rest.isEmpty()) {
            var option = rest.poll();
            switch (option) {
                case "--help" -> {
                    out.println(USAGE);
                    return Optional.empty();
                }
                case "--port" -> options = options.withPort(number(option, value(option, rest)));
                case "--devices" -> devices = number(option, value(option, rest));
                case "--oauth" -> clients.add(client(value(option, rest)));
                case "--api-key" -> apiKeys.add(value(option, rest));
                case "--profile" -> options = options.withProfile(profile(value(option, rest)));
                default -> throw new IllegalArgumentException("unknown option: " + option);
            }
        }
        var simulator = new TailnetSimulator(options);
        clients.forEach(client -> simulator.addOAuthClient(client[0], client[1], "all"));
        apiKeys.forEach(key -> simulator.addApiKey(key, "all"));
        simulator.addDevices(devices);
        out.println(simulator.start().url());
        return Optional.of(simulator);
    }

    private static String value(String option, ArrayDeque<String> rest) {
        var value = rest.poll();
        if (value == null) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return value;
    }

    private static int number(String option, String value) {
        if (!value.matches("\\d{1,7}")) {
            throw new IllegalArgumentException(option + " needs a number, not '" + value + "'");
        }
        return Integer.parseInt(value);
    }

    private static String[] client(String value) {
        var parts = value.split(":", 2);
        if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            throw new IllegalArgumentException("--oauth needs ID:SECRET");
        }
        return parts;
    }

    private static Profile profile(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "saas" -> Profile.SAAS;
            case "minimal" -> Profile.MINIMAL;
            default -> throw new IllegalArgumentException("--profile is saas or minimal, not '" + value + "'");
        };
    }
}
