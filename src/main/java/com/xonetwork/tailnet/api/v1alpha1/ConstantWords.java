package com.xonetwork.tailnet.api.v1alpha1;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How specs, statuses and conditions write what the code calls a constant. */
public final class ConstantWords {

    private ConstantWords() {}

    /** {@code PARTIALLY_FAILED} as {@code PartiallyFailed}. */
    public static String camelCase(Enum<?> constant) {
        return Stream.of(constant.name().split("_", -1))
                .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }
}
