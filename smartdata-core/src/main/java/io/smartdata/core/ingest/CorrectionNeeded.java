package io.smartdata.core.ingest;

/** Ends an append that met events to be replaced: the same work runs again as a correction, which may replace them. */
final class CorrectionNeeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CorrectionNeeded() {
        super(null, null, false, false);
    }
}
