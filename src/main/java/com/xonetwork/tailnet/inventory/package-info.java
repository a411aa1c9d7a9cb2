/** Which TailnetNode stands for which device: looked up by every room that speaks of nodes. Writes nothing. */
@NullMarked
package com.xonetwork.tailnet.inventory;

import org.jspecify.annotations.NullMarked;
