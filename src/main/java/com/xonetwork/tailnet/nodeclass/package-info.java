/** NodeClass: which nodes a class matches, and its status. Writes nothing outside. */
@NullMarked
package com.xonetwork.tailnet.nodeclass;

import org.jspecify.annotations.NullMarked;
