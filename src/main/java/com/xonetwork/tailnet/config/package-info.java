/** The operator's own configuration, and the beans made from it. */
@NullMarked
package com.xonetwork.tailnet.config;

import org.jspecify.annotations.NullMarked;
