/**
 * The tailnet policy file as a value: reading it, checking one user's fragment of it, merging many fragments into one
 * document, comparing and writing documents. Text and trees go in and come out. It knows no Kubernetes, no HTTP
 * and no clock, so that everything about the file that decides who may reach whom can be tested with tables.
 */
@NullMarked
@Pure
package com.xonetwork.tailnet.policy.document;

import com.xonetwork.tailnet.pure.Pure;
import org.jspecify.annotations.NullMarked;
