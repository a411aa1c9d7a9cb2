package com.xonetwork.tailnet.inventory;

import com.xonetwork.tailnet.controlplane.Device;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The MagicDNS name of a device whose machine has become another device: {@code web-1-replaced-17} for device 17 of host name {@code
 * web-1}. It follows from the device alone, so nothing has to be remembered of a device that was renamed. A machine cannot give it to
 * itself: only who may rename devices in the tailnet can.
 */
public final class FormerName {

    private static final String REPLACED = "-replaced-";
    /** Characters of a DNS label. */
    private static final int LONGEST = 63;

    /** Longer than the IDs of the control planes that there are. */
    private static final int LONGEST_ID = 24;

    private static final Pattern ID = Pattern.compile("[a-z0-9]+");

    private FormerName() {}

    /** @return empty for an ID that cannot be part of a name */
    public static Optional<String> of(String hostname, String deviceId) {
        var id = deviceId.toLowerCase(Locale.ROOT);
        if (id.length() > LONGEST_ID || !ID.matcher(id).matches()) {
            return Optional.empty();
        }
        var room = LONGEST - REPLACED.length() - id.length();
        var name = hostname.toLowerCase(Locale.ROOT);
        return Optional.of(name.substring(0, Math.min(name.length(), room)) + REPLACED + id);
    }

    /** Whether the device has been renamed so, and still calls itself as before. */
    public static boolean isOn(Device device) {
        return device.name().contains(REPLACED)
                && !device.name().equalsIgnoreCase(device.hostname())
                && of(device.hostname(), device.id())
                        .filter(device.name()::equals)
                        .isPresent();
    }
}
