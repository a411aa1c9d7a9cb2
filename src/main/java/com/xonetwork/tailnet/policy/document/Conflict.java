package com.xonetwork.tailnet.policy.document;

import com.xonetwork.tailnet.policy.hujson.HuPath;

/**
 * Why a fragment was left out of the policy: it says something else than a fragment that comes first.
 *
 * @param with the name of that fragment
 * @param section the section in which they differ, for example {@code hosts}
 * @param key what they both define there, for example the host name; empty where the section is one single value
 * @param path of that, in the content of both
 * @param message for the owner of the fragment that was left out: both fragments, both values, what to do
 */
public record Conflict(String with, String section, String key, HuPath path, String message) {}
