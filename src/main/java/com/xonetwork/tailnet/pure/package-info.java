/** The annotation for classes that only compute. It has a package of its own because every package may use it. */
@NullMarked
package com.xonetwork.tailnet.pure;

import org.jspecify.annotations.NullMarked;
