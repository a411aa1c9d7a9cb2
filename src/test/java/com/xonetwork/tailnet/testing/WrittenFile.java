package com.xonetwork.tailnet.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A committed file that is made from the code. {@code hack/crds} writes it, by running the test that checks it. */
public final class WrittenFile {

    private WrittenFile() {}

    /** Whether files are to be written and not only checked. */
    public static boolean isToBeWritten() {
        return Boolean.getBoolean("crds.update");
    }

    /** Fails when the file says something else. @param text what the code makes of it */
    public static void assertSays(Path file, String text) {
        try {
            if (isToBeWritten()) {
                Files.writeString(file, text);
            }
            assertThat(Files.readString(file)).as("%s: run hack/crds", file).isEqualTo(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
