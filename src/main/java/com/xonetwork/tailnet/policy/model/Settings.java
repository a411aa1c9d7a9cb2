package com.xonetwork.tailnet.policy.model;

import com.xonetwork.tailnet.policy.hujson.HuValue;
import java.util.Optional;

/**
 * What holds for the whole tailnet and not for any rule.
 *
 * @param derpMap as written, opaque to us
 * @param oneCgnatRoute {@code mac-always}, {@code mac-never} or empty
 * @param attrConfig the types of custom posture attributes, as written
 */
public record Settings(
        Optional<HuValue> derpMap,
        boolean disableIpv4,
        String oneCgnatRoute,
        boolean randomizeClientPort,
        Optional<HuValue> attrConfig) {}
