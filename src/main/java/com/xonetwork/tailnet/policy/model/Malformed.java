package com.xonetwork.tailnet.policy.model;

/**
 * Why a text of the right type means nothing.
 *
 * @param message in the words of the service
 * @param allPortsByNumber that it stumbles over {@code 0-65535}, which says plainly enough what {@code *} says; told apart
 *     because not every reader of policies refuses it
 */
public record Malformed(String message, boolean allPortsByNumber) {}
