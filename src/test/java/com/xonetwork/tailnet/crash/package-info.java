/** What is left when the operator dies, or the control plane fails, in the middle of a story. */
package com.xonetwork.tailnet.crash;
