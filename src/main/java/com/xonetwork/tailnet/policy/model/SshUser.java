package com.xonetwork.tailnet.policy.model;

/** Who an SSH rule lets a source log in as. */
public sealed interface SshUser {

    /** As a policy writes it, without the blanks around it. */
    String text();

    /** A user of the machine; whatever is nothing else, {@code tag:x} and {@code localpart:x} too, is one to the service. */
    record Login(String name) implements SshUser {
        @Override
        public String text() {
            return name;
        }
    }

    /** {@code autogroup:nonroot}: every user of the machine but root. */
    record NonRoot() implements SshUser {
        @Override
        public String text() {
            return "autogroup:nonroot";
        }
    }

    /** {@code localpart:*@example.com}: for a user of that domain, what stands before the {@code @} in their login. */
    record Localpart(String domain) implements SshUser {
        @Override
        public String text() {
            return "localpart:*@" + domain;
        }
    }

    static SshUser parse(String written) {
        String text = written.strip();
        if (text.equals("autogroup:nonroot")) {
            return new NonRoot();
        }
        String localpart = "localpart:*@";
        // The local part ends at the last "@"; anything but "*" there makes it a plain name.
        boolean isLocalpart = text.startsWith(localpart)
                && text.length() > localpart.length()
                && text.indexOf('@', localpart.length()) < 0;
        return isLocalpart ? new Localpart(text.substring(localpart.length())) : new Login(text);
    }
}
