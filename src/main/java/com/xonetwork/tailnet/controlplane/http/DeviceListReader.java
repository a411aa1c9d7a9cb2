package com.xonetwork.tailnet.controlplane.http;

import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.ListIntake;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes devices of a list while it arrives. Of the answer nothing is kept but the devices; each is counted as soon as it is whole,
 * and what arrives of one that is not whole yet is counted as well.
 *
 * @param <J> an entry of the list as the service writes it
 */
public final class DeviceListReader<J> implements BodyReader {

    private final WireFormat wire;
    private final String member;
    private final Class<J> type;
    private final Function<J, Optional<Device>> mapping;
    private final ListIntake intake;
    private List<Device> devices = new ArrayList<>();

    /**
     * @param member of the answer's object that holds the list
     * @param mapping empty for an entry that has no id
     */
    public DeviceListReader(
            WireFormat wire, String member, Class<J> type, Function<J, Optional<Device>> mapping, ListIntake intake) {
        this.wire = wire;
        this.member = member;
        this.type = type;
        this.mapping = mapping;
        this.intake = intake;
    }

    @Override
    public void read(Answer answer, InputStream body) throws IOException {
        // A try before may have read some of it.
        devices = new ArrayList<>();
        intake.restart();
        var found = wire.readEach(answer, new Counted(body), member, type, json -> {
            // One unreadable entry spoils the list: without it the device would seem to be gone.
            var device = Optional.ofNullable(json)
                    .flatMap(mapping)
                    .orElseThrow(() -> answer.unusable("an entry of its list \"" + member + "\" has no id"));
            intake.device(device);
            devices.add(device);
        });
        if (!found) {
            // An empty list is written out, so an object without one is something else's answer.
            throw answer.unusable("it holds no list \"" + member + '"');
        }
    }

    /** All of them, when the call has succeeded. */
    public List<Device> devices() {
        return Collections.unmodifiableList(devices);
    }

    /** Tells the intake what arrives. */
    private final class Counted extends FilterInputStream {
        Counted(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            if (one >= 0) {
                intake.arrived(1);
            }
            return one;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int taken = super.read(to, offset, length);
            if (taken > 0) {
                intake.arrived(taken);
            }
            return taken;
        }
    }
}
