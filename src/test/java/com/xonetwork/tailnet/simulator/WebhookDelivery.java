package com.xonetwork.tailnet.simulator;

/**
 * One attempt of a webhook to deliver.
 *
 * @param body as sent
 * @param signature the header's value as sent
 * @param attempt from 1
 * @param status of the answer; 0 for none
 */
public record WebhookDelivery(String endpointId, String body, String signature, int attempt, int status) {}
