/** TailnetNode: the only writer of a device. */
@NullMarked
package com.xonetwork.tailnet.node;

import org.jspecify.annotations.NullMarked;
