/**
 * The custom resources, as users write them. Records only: no behaviour beyond defaults, and nothing of ours is imported.
 * The CRDs under {@code crds/} are generated from these types; a test fails when the two differ.
 *
 * <p>Defaults of single fields live in the CRD ({@code @Default}), so that {@code kubectl explain} shows them; the
 * accessors repeat them for a parent object that the user left out.
 */
@NullMarked
package com.xonetwork.tailnet.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
