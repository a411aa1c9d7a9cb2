/** The operator as a whole: where its parts are put together. Everything else is in a package per concern. */
@NullMarked
package com.xonetwork.tailnet;

import org.jspecify.annotations.NullMarked;
