/**
 * The tailnet policy file as a value: reading it, checking one user's fragment of it, merging many fragments into one
 * document, comparing and writing documents. Pure: text and trees in, text and trees out. It knows no Kubernetes, no HTTP
 * and no clock, so that everything about the file that decides who may reach whom can be tested with tables.
 */
@NullMarked
package com.xonetwork.tailnet.policy.document;

import org.jspecify.annotations.NullMarked;
