/** What users are given, as they install it. */
package com.xonetwork.tailnet.ship;
