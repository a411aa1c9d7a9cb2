package com.xonetwork.tailnet.simulator;

import java.time.Instant;

/**
 * One call that reached the simulator.
 *
 * @param number position in the ledger, from 0
 * @param at arrival by the simulator's clock
 * @param nanos arrival by {@link System#nanoTime}, for measuring rates whatever the clock says
 * @param path as sent, without the query
 * @param query as sent, empty for none
 * @param operation the API document's name, {@link CallLedger#UNKNOWN} where the path or method is none
 * @param credential who called; nothing secret
 * @param status of the answer; 0 while there is none, and for ever where the connection was cut or hangs
 * @param bodyHash SHA-256 of the request's body; empty for no body and for token requests, which hold secrets
 */
public record SimCall(
        int number,
        Instant at,
        long nanos,
        String method,
        String path,
        String query,
        String operation,
        String credential,
        int status,
        String bodyHash) {

    /** Whether the call was meant to change something. A token request changes nothing in the tailnet. */
    public boolean isWrite() {
        return !method.equals("GET") && !Operation.changesNothing(operation);
    }

    SimCall answered(int newStatus) {
        return new SimCall(number, at, nanos, method, path, query, operation, credential, newStatus, bodyHash);
    }
}
