package io.smartdata.core.ingest;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The rows of one input in order; a fault of the whole input is an {@link InvalidInputException}. */
interface Rows {
    /** The next row, or null at the end of an input that is complete. */
    @Nullable
    Row next() throws IOException;
}
