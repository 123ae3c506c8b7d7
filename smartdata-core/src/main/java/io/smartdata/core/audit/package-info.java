/**
 * Who did what in an org, for those who operate it.
 * What is written down is decided where it happens, in the same transaction.
 */
@NullMarked
package io.smartdata.core.audit;

import org.jspecify.annotations.NullMarked;
