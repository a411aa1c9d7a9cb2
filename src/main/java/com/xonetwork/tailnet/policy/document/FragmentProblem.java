package com.xonetwork.tailnet.policy.document;

import com.xonetwork.tailnet.policy.hujson.HuPath;

/**
 * What is wrong with a fragment by itself.
 *
 * @param path where, in its content
 * @param message with the path and what to do
 */
public record FragmentProblem(HuPath path, String message) {

    @Override
    public String toString() {
        return message;
    }
}
