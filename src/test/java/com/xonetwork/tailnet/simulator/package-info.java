/**
 * The Tailscale API v2 as a server on this machine, for tests: it answers over real HTTP as the live service does, down to
 * error texts and whole-list semantics, can be told to misbehave ({@link com.xonetwork.tailnet.simulator.Faults}) and
 * remembers every call ({@link com.xonetwork.tailnet.simulator.CallLedger}).
 *
 * <p>{@code hack/simulator} starts it alone. Tailscale's own Go client drives it in {@code OfficialClientIT} and
 * {@code OfficialClientCoverageIT}, so that it is not honest by our own lights only. Where the live service's behaviour is
 * not known, the code says that the choice is ours.
 *
 * <p>Layers, each knowing only those below: {@code TailnetSimulator} (what tests use), {@code HttpFront} (the wire: faults,
 * credentials, ledger), {@code *Endpoints} (one operation each), {@code TailnetState} and its {@code *Store}s (the tailnet),
 * {@link com.xonetwork.tailnet.simulator.Timetable} and {@link com.xonetwork.tailnet.simulator.Webhooks} (what happens by
 * itself, and who is told).
 */
@NullMarked
package com.xonetwork.tailnet.simulator;

import org.jspecify.annotations.NullMarked;
