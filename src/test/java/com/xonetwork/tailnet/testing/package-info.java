/** Builders of what unit tests are about: devices, views and resources, each valid and dull until told otherwise. */
package com.xonetwork.tailnet.testing;
