/**
 * The Tailscale API v2 as a server on this machine, for tests: it answers over real HTTP as the live service does, down to
 * error texts and whole-list semantics, can be told to misbehave ({@link com.xonetwork.tailnet.simulator.Faults}) and
 * remembers every call ({@link com.xonetwork.tailnet.simulator.CallLedger}).
 *
 * <p>Layers, each knowing only those below: {@code TailnetSimulator} (what tests use), {@code HttpFront} (the wire: faults,
 * credentials, ledger), {@code *Endpoints} (one operation each), {@code *Store} (the tailnet's state).
 */
@NullMarked
package com.xonetwork.tailnet.simulator;

import org.jspecify.annotations.NullMarked;
