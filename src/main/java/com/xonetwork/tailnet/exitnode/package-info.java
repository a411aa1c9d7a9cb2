/** ExitNode: which nodes may be exits, and which one is the choice now. Writes nothing outside. */
@NullMarked
package com.xonetwork.tailnet.exitnode;

import org.jspecify.annotations.NullMarked;
