package com.xonetwork.tailnet.controlplane;

/**
 * One area of a tailnet's service: its devices, its policy file and so on. A control plane offers a port, or it does not have the
 * area. What every port keeps:
 *
 * <ul>
 *   <li>calls block the calling thread, never longer than the call timeout times the retries;
 *   <li>reads never change anything outside; every write is idempotent except {@link JoinKeys#create};
 *   <li>a write replaces the whole value (tags, routes), as the services do;
 *   <li>what cannot be known is an exception, never an empty answer;
 *   <li>a missing {@link Capability} is refused with {@link ControlPlaneException.NotSupported} before any call is made.
 * </ul>
 *
 * All methods throw {@link ControlPlaneException}. Implementations are safe for use by several threads.
 */
public sealed interface Port permits AuditLog, Devices, JoinKeys, PolicyFile {}
