package com.xonetwork.tailnet.policy.tests;

import com.xonetwork.tailnet.policy.hujson.HuValue;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuBoolean;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuNumber;
import com.xonetwork.tailnet.policy.hujson.HuValue.HuString;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a test supposes that the source's device reports ({@code srcPostureAttrs}). */
final class TestAttributes {

    private TestAttributes() {}

    static Map<String, String> of(Map<String, HuValue> written) {
        Map<String, String> attributes = new LinkedHashMap<>();
        written.forEach((name, value) -> {
            switch (value) {
                case HuString text -> attributes.put(name, text.value());
                case HuNumber number -> attributes.put(name, number.literal());
                case HuBoolean flag -> attributes.put(name, Boolean.toString(flag.value()));
                default -> {
                    // Not reported, as far as anybody can tell.
                }
            }
        });
        return attributes;
    }
}
