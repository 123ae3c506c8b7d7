/**
 * What somebody may have to account for: who exported, replayed, retracted, changed a definition, read across orgs.
 * Entries are only ever added; they name things and count them and never hold a payload.
 */
@NullMarked
package io.smartdata.audit;

import org.jspecify.annotations.NullMarked;
