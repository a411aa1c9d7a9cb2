package com.xonetwork.tailnet.simulator;

import java.time.Clock;

/**
 * How a simulator is set up.
 *
 * @param tailnetId the name that {@code {tailnet}} accepts besides {@code -}
 * @param dnsSuffix the tailnet's MagicDNS domain
 * @param port to listen on; 0 for any that is free
 */
public record SimulatorOptions(Profile profile, Clock clock, String tailnetId, String dnsSuffix, int port) {

    /** Tailscale's own service, in real time, on a free port. */
    public static SimulatorOptions defaults() {
        return new SimulatorOptions(Profile.SAAS, Clock.systemUTC(), "T1234CNTRL", "tailfe8c.ts.net", 0);
    }

    public SimulatorOptions withProfile(Profile newProfile) {
        return new SimulatorOptions(newProfile, clock, tailnetId, dnsSuffix, port);
    }

    public SimulatorOptions withClock(Clock newClock) {
        return new SimulatorOptions(profile, newClock, tailnetId, dnsSuffix, port);
    }

    public SimulatorOptions withTailnetId(String newTailnetId) {
        return new SimulatorOptions(profile, clock, newTailnetId, dnsSuffix, port);
    }

    public SimulatorOptions withPort(int newPort) {
        return new SimulatorOptions(profile, clock, tailnetId, dnsSuffix, newPort);
    }
}
