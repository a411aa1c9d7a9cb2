/** SubnetRoute: what is wanted of the routes of a tailnet's devices, and how true it is. Writes nothing outside. */
@NullMarked
package com.xonetwork.tailnet.route;

import org.jspecify.annotations.NullMarked;
