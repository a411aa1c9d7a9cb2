/** The operator's own configuration, and settings that all reconcilers share. Depends on nothing else of ours but the API. */
@NullMarked
package com.xonetwork.tailnet.config;

import org.jspecify.annotations.NullMarked;
