/** Which TailnetNode stands for which device: looked up by every package that is about nodes. Writes nothing. */
@NullMarked
package com.xonetwork.tailnet.inventory;

import org.jspecify.annotations.NullMarked;
