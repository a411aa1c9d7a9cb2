/** What holds for every port that the operator opens, whoever serves it. */
@NullMarked
package com.xonetwork.tailnet.ports;

import org.jspecify.annotations.NullMarked;
