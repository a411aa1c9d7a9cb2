/**
 * The Service Manager API: what a user may do with kubectl on {@code AutomationRun}s, over HTTP. It orders runs and reads their
 * records and events; what a run does is decided by {@code automation}, as for any other AutomationRun. Who asks is whoever the
 * API server says the bearer token is, and may do what the API server says.
 */
@NullMarked
package com.xonetwork.tailnet.service;

import org.jspecify.annotations.NullMarked;
