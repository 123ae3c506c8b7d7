/**
 * Work that is nobody's request: what a host's scheduler starts now and then.
 * Every operation is bounded, safe on any node at any time, and may be left out without making an answer wrong.
 */
@NullMarked
package io.smartdata.core.jobs;

import org.jspecify.annotations.NullMarked;
