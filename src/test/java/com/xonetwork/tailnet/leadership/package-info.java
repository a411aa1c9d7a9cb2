@NullMarked
package com.xonetwork.tailnet.leadership;

import org.jspecify.annotations.NullMarked;
