/**
 * What taking events back and replacing them must do to raw events and figures, on any storage.
 * An abstract kit; adapters extend it.
 */
@NullMarked
package io.smartdata.core.correction;

import org.jspecify.annotations.NullMarked;
