/** Facts about subjects, conversions and paths. */
@NullMarked
package io.smartdata.core.subject;

import org.jspecify.annotations.NullMarked;
