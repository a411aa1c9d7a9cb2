package com.xonetwork.tailnet.policy.cli;

/** What was given cannot be read. The message is for who gave it. */
final class BadInputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BadInputException(String message) {
        super(message);
    }
}
