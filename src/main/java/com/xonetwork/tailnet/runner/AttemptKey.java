package com.xonetwork.tailnet.runner;

/**
 * One attempt of one run: what events, the token and the Job belong to.
 *
 * @param namespace of the AutomationRun
 * @param runUid metadata.uid of the AutomationRun
 * @param attempt from 1
 */
public record AttemptKey(String namespace, String runUid, int attempt) {

    /** Name of the attempt's Job, Secret and NetworkPolicy: whoever creates one twice finds that it is there. */
    public String objectName() {
        return "xo-run-" + runUid + "-" + attempt;
    }
}
