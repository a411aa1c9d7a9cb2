package com.xonetwork.tailnet.runner;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import org.jspecify.annotations.Nullable;

/**
 * The directory of event files: this account's alone. A process that is no pod may have its directory below one in which everybody
 * may write, such as {@code /tmp}. Whoever made a link or a directory there before it would read the events, and choose the files
 * that they are written over.
 */
final class EventDirectory {

    private static final String SETTING =
            "set tailnet-operator.runs.directory to a directory in which only the" + " operator's account may write";
    private static final int STICKY = 01000;

    private final Path path;
    private volatile boolean isSafe;

    EventDirectory(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    Path file(String name) {
        return path.resolve(name);
    }

    /** Whether it is there; of one that is not, nothing needs to be read. */
    boolean exists() {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    Path path() {
        return path;
    }

    /**
     * Makes it, if it is not there.
     *
     * @throws IOException when somebody else can write in it, in words for a user
     */
    void ensure() throws IOException {
        if (isSafe) {
            return;
        }
        requireNoLinks();
        Files.createDirectories(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        requireNoLinks();
        var here = attributes(path);
        if (here.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
            throw refused(path, "may be written to by everybody: " + SETTING + ", or take that permission away");
        }
        var probe = Files.createTempFile(path, ".owner", "");
        UserPrincipal self;
        try {
            self = attributes(probe).owner();
        } finally {
            Files.deleteIfExists(probe);
        }
        // A volume belongs to root, and is writable for the pod's group.
        if (!here.owner().equals(self) && !isRoot(path)) {
            throw refused(path, "belongs to " + here.owner().getName() + ": " + SETTING);
        }
        requireOwnParents(self);
        if (here.owner().equals(self)) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        }
        isSafe = true;
    }

    /** A link counts only where nobody else could have put it, as systems have them for {@code /tmp} or {@code /var/run}. */
    private void requireNoLinks() throws IOException {
        for (Path at = path; at != null && at.getParent() != null; at = at.getParent()) {
            if (Files.isSymbolicLink(at) && (at.equals(path) || isForAll(at.getParent()))) {
                throw refused(at, "is a symbolic link, which somebody else may have made: " + SETTING);
            }
        }
    }

    private void requireOwnParents(UserPrincipal self) throws IOException {
        for (@Nullable Path at = path.getParent(); at != null; at = at.getParent()) {
            var owner = Files.getOwner(at);
            if (!owner.equals(self) && !isRoot(at)) {
                throw refused(at, "belongs to " + owner.getName() + ": " + SETTING);
            }
            if (isForAll(at) && !isRoot(at) && !isSticky(at)) {
                throw refused(at, "may be written to by everybody: " + SETTING);
            }
        }
    }

    private static boolean isForAll(Path directory) throws IOException {
        return Files.getPosixFilePermissions(directory).contains(PosixFilePermission.OTHERS_WRITE);
    }

    private static boolean isRoot(Path file) throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(file, "unix:uid"));
    }

    private static boolean isSticky(Path file) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:mode") / STICKY % 2 == 1;
    }

    private static PosixFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static FileSystemException refused(Path where, String why) {
        return new FileSystemException(where + " " + why);
    }
}
