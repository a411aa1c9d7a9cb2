/** The operator's own settings. Depends on nothing else of ours. */
@NullMarked
package com.xonetwork.tailnet.config;

import org.jspecify.annotations.NullMarked;
