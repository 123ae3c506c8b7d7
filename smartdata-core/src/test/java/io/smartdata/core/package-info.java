/**
 * The whole pipeline as tests that run on every storage, and the walls between packages.
 * An adapter extends {@link io.smartdata.core.PipelineContract} to see its store under the real engines.
 */
@NullMarked
package io.smartdata.core;

import org.jspecify.annotations.NullMarked;
