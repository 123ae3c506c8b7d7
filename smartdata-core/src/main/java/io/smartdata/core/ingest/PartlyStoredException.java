package io.smartdata.core.ingest;

import io.smartdata.RetryLaterException;
import io.smartdata.SmartDataException;
import io.smartdata.event.IngestReceipt;
import io.smartdata.storage.UnknownOutcomeException;

/**
 * A lenient or validated input broke off after some of its pieces had committed. What was stored stays; after the input is
 * corrected, running it again adds the rest. The code is that of the failure.
 *
 * @since 0.1.0
 */
public final class PartlyStoredException extends SmartDataException {
    private static final long serialVersionUID = 1L;

    private final transient IngestReceipt receipt;

    PartlyStoredException(SmartDataException failure, IngestReceipt receipt) {
        super(
                failure.code(),
                "%s Before that, %d rows were read and %d events are stored (receipt %s). %s: what is stored is recognised."
                        .formatted(
                                failure.getMessage(),
                                receipt.received(),
                                receipt.accepted(),
                                receipt.id(),
                                remedy(failure)),
                failure);
        this.receipt = receipt;
    }

    private static String remedy(SmartDataException failure) {
        boolean inputIsFine = failure instanceof RetryLaterException || failure instanceof UnknownOutcomeException;
        return inputIsFine ? "Run it again" : "Correct the input and run it again";
    }

    /** What was committed before the failure. */
    public IngestReceipt receipt() {
        return receipt;
    }
}
