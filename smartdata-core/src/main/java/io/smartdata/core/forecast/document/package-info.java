/** Fitted models as JSON text, as the store keeps them. */
@NullMarked
package io.smartdata.core.forecast.document;

import org.jspecify.annotations.NullMarked;
