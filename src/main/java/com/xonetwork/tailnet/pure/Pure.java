package com.xonetwork.tailnet.pure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The class, or each class of the package, only computes: the same input gives the same answer, and nothing else happens.
 *
 * <p>It reads no clock, file, network, environment or random number. It calls no client of Kubernetes, no port of a control
 * plane and no cache. It starts no thread and writes no log line. It keeps nothing between two calls. What it needs to know,
 * the time included, is an argument. The same holds for everything of ours that it calls.
 *
 * <p>So a decision can be tested with a table, and repeated from what was gathered. {@code PurityTest} holds the promise;
 * nothing is read from this annotation at run time.
 */
@Documented
@Target({ElementType.TYPE, ElementType.PACKAGE})
@Retention(RetentionPolicy.CLASS)
public @interface Pure {}
